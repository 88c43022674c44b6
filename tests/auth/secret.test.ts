import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { keptSecret } from '../../src/auth/secret.ts'
import { temporaryFolder } from '../support/databases.ts'

const modeOf = (path: string) => statSync(path).mode & 0o777

describe('the secret of a server that was given none', () => {
  test('is made once and stays the same', () => {
    using folder = temporaryFolder()
    const made = keptSecret(folder.path)
    expect(keptSecret(folder.path)).toBe(made)
    expect(readFileSync(join(folder.path, 'auth-secret'), 'utf8')).toBe(made)
  })

  test('has 32 random bytes, others in each folder', () => {
    using one = temporaryFolder()
    using another = temporaryFolder()
    const secret = keptSecret(one.path)
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    expect(secret).not.toBe(keptSecret(another.path))
  })

  test('can be read by its owner only, and so can the folder that is made for it', () => {
    using folder = temporaryFolder()
    const made = join(folder.path, 'deep', 'data')
    keptSecret(made)
    expect(modeOf(join(made, 'auth-secret'))).toBe(0o600)
    expect(modeOf(made)).toBe(0o700)
  })

  test('that is damaged is not signed with', () => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, 'auth-secret'), '')
    expect(() => keptSecret(folder.path)).toThrow('damaged')
  })

  test('leaves no draft behind', () => {
    using folder = temporaryFolder()
    keptSecret(folder.path)
    keptSecret(folder.path)
    expect(readdirSync(folder.path)).toEqual(['auth-secret'])
  })

  test('is not made up in silence when the folder cannot be written to', () => {
    using folder = temporaryFolder()
    keptSecret(folder.path)
    expect(() => keptSecret(join(folder.path, 'auth-secret'))).toThrow(/EEXIST|ENOTDIR/)
  })
})
