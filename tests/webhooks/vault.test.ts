import { createDecipheriv, hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createVault, VaultError } from '../../src/webhooks/vault.ts'

const AUTH_SECRET = 'a secret for tests of at least 32 bytes'
const vault = createVault(AUTH_SECRET)
const sealed = vault.seal('whsec_plainly', '7')

const coded = (code: string) => expect.objectContaining({ name: 'VaultError', code })

describe('a sealed secret', () => {
  test('opens for the row that it was sealed for, whatever both are', () => {
    const unit = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(unit, unit, (secret, id) => {
        expect(vault.open(vault.seal(secret, id), id)).toBe(secret)
      }),
    )
  })

  test('opens in another process that has the same secret', () => {
    expect(createVault(AUTH_SECRET).open(sealed, '7')).toBe('whsec_plainly')
  })

  test('shows nothing of what it holds, and is another each time', () => {
    expect(sealed).toMatch(/^v1\.[\w-]{16}\.[\w-]{39}$/)
    expect(sealed).not.toContain('whsec')
    expect(new Set(Array.from({ length: 100 }, () => vault.seal('whsec_plainly', '7'))).size).toBe(100)
  })

  test('is what the published algorithms make of it', () => {
    const [, nonce = '', text = ''] = sealed.split('.')
    const bytes = Buffer.from(text, 'base64url')
    const key = hkdfSync('sha256', AUTH_SECRET, 'honzik', 'webhook secrets, AES-256-GCM, v1', 32)
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key), Buffer.from(nonce, 'base64url'))
    decipher.setAAD(Buffer.from('7')).setAuthTag(bytes.subarray(-16))
    expect(decipher.update(bytes.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8')).toBe('whsec_plainly')
  })
})

describe('a sealed secret that cannot be trusted', () => {
  test('does not open in another row', () => {
    expect(() => vault.open(sealed, '8')).toThrow(coded('UNREADABLE'))
  })

  test('does not open with another key, and its error tells nothing of it', () => {
    const other = createVault('another secret of at least 32 bytes')
    expect(() => other.open(sealed, '7')).toThrow(coded('UNREADABLE'))
    expect(() => other.open(sealed, '7')).toThrow(
      /^A kept secret cannot be read with the secret that this server has\.$/,
    )
  })

  test('does not open once any character of it is another', () => {
    const at = fc.integer({ min: 0, max: sealed.length - 1 })
    const character = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n')
    fc.assert(
      fc.property(at, character, (index, other) => {
        fc.pre(sealed[index] !== other)
        const touched = sealed.slice(0, index) + other + sealed.slice(index + 1)
        expect(() => vault.open(touched, '7')).toThrow(VaultError)
      }),
      { numRuns: 2_000 },
    )
  })

  test('does not open with another last digit either, which can differ in bits that are in no byte', () => {
    const others = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.replace(sealed.at(-1) ?? '', '')
    for (const other of others) expect(() => vault.open(sealed.slice(0, -1) + other, '7')).toThrow(VaultError)
  })

  test.each([
    '',
    'v1',
    'v1..',
    'whsec_plainly',
    sealed.replace('v1', 'v2'),
    `${sealed}\n`,
    `${sealed}=`,
    `${sealed}.`,
    sealed.slice(0, 36),
    `v1.AAAA.${'A'.repeat(36)}`,
  ])('is known as none when it has another form: %j', (text) => {
    expect(() => vault.open(text, '7')).toThrow(coded('MALFORMED'))
  })

  test('does not open when it was cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: sealed.length - 1 }), (length) => {
        expect(() => vault.open(sealed.slice(0, length), '7')).toThrow(VaultError)
      }),
    )
  })
})
