import { randomBytes, randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OperatorError } from '../domain/error.ts'

/**
 * The secret of a server that was given none: made once, kept in the data folder, readable by its owner only.
 * Processes that start together agree on one.
 * @throws OperatorError when the kept secret is too short to be one
 */
export function keptSecret(folder: string): string {
  const path = join(folder, 'auth-secret')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  offer(path, randomBytes(32).toString('base64url'))
  const secret = readFileSync(path, 'utf8')
  if (Buffer.byteLength(secret) >= 32) return secret
  throw new OperatorError(`The secret kept in ${path} is damaged. Delete the file; tokens made with it end with it.`)
}

/** Puts a whole file in place, or leaves the one that is there: nobody ever reads half a secret. */
function offer(path: string, secret: string): void {
  const draft = `${path}.${randomUUID()}`
  writeFileSync(draft, secret, { mode: 0o600 })
  try {
    linkSync(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    rmSync(draft)
  }
}
