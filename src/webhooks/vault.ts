import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Keeps secrets where others may read along, such as in the database and its backups. */
export interface Vault {
  /** @param id of the row that the secret is kept in: in another row it opens no more */
  seal(secret: string, id: string): string
  /** @throws VaultError when it was not sealed like this: by this server's secret, for this row */
  open(sealed: string, id: string): string
}

/**
 * - `MALFORMED`: the text was never a sealed secret
 * - `UNREADABLE`: sealed with another key or for another row, or touched since
 */
export type VaultErrorCode = 'MALFORMED' | 'UNREADABLE'

export class VaultError extends Error {
  override readonly name: string = 'VaultError'
  readonly code: VaultErrorCode

  constructor(code: VaultErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

const ALGORITHM = 'aes-256-gcm'
/** 96 bits, for which GCM is made: NIST SP 800-38D, 5.2.1.1. At random they do for 2^32 secrets (8.3). */
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Other keys that may come to be made from the same secret must be none of these: RFC 5869, 3.1 and 3.2. */
const SALT = 'honzik'
const INFO = 'webhook secrets, AES-256-GCM, v1'

/** @param authSecret the server's own, at least 32 bytes: whoever changes it has to register all webhooks anew */
export function createVault(authSecret: string): Vault {
  const key = new Uint8Array(hkdfSync('sha256', authSecret, SALT, INFO, 32))
  return {
    seal(secret, id) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(id))
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `v1.${nonce.toString('base64url')}.${sealed.toString('base64url')}`
    },

    open(sealed, id) {
      const { nonce, text, tag } = partsOf(sealed)
      const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(id)).setAuthTag(tag)
      try {
        return Buffer.concat([decipher.update(text), decipher.final()]).toString()
      } catch (error) {
        throw new VaultError('UNREADABLE', 'A kept secret cannot be read with the secret that this server has.', error)
      }
    },
  }
}

function partsOf(sealed: string): { nonce: Buffer; text: Buffer; tag: Buffer } {
  const match = /^v1\.([\w-]+)\.([\w-]+)$/.exec(sealed)
  const [nonce, rest] = [bytesOf(match?.[1] ?? ''), bytesOf(match?.[2] ?? '')]
  if (nonce?.length !== NONCE_BYTES || rest === null || rest.length < TAG_BYTES)
    throw new VaultError('MALFORMED', 'A kept secret is not of the form v1.<nonce>.<text>.')
  return { nonce, text: rest.subarray(0, -TAG_BYTES), tag: rest.subarray(-TAG_BYTES) }
}

/** Null unless written as we write it: the last digit can have bits that are in no byte, and could be touched unseen. */
function bytesOf(base64url: string): Buffer | null {
  const bytes = Buffer.from(base64url, 'base64url')
  return bytes.toString('base64url') === base64url ? bytes : null
}
