import { createTokens } from '../../../src/auth/tokens.ts'
import { type ServerProcess, startProcess } from '../../support/server-process.ts'

/** What signs the tokens of benches. */
export const SECRET = 'a secret for benches, at least 32 bytes long'

/** A server in a process of its own that listens, with a token that may do everything. */
export interface Served extends AsyncDisposable {
  readonly url: string
  readonly output: ServerProcess['output']
}

/** As operators run it. Tests are more patient with Redis. */
export const AS_DELIVERED = { NODE_ENV: 'production', REDIS_TIMEOUT_MS: '100' } as const

/**
 * As operators run it, but for the log, as what they read would be written by us, and for what it reads before it is asked,
 * which would be measured with the rest.
 */
export async function serve(env: Record<string, string>): Promise<Served> {
  const server = startProcess({ ...AS_DELIVERED, LOG_LEVEL: 'warn', WARM: 'off', AUTH_SECRET: SECRET, ...env })
  let disposed = false
  // Whoever measures it would only see a connection that broke.
  void server.exited.then(
    (code) => disposed || process.stderr.write(`A server ended with ${code}:\n${server.output()}\n`),
  )
  return {
    url: await server.listening,
    output: server.output,
    async [Symbol.asyncDispose]() {
      disposed = true
      await server[Symbol.asyncDispose]()
    },
  }
}

export async function adminToken(): Promise<string> {
  return (await createTokens(SECRET).issue({ role: 'admin', id: null }, Temporal.Now.instant())).token
}
