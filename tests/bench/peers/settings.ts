/** What a peer is told from outside; which cache it is to use is none, memory or Redis. */
export const settings = {
  port: Number(required('PORT')),
  databaseUrl: required('DATABASE_URL'),
  redisUrl: required('REDIS_URL'),
  secret: required('AUTH_SECRET'),
  cache: process.env['PEER_CACHE'] ?? 'none',
}

export const HOST = '127.0.0.1'

/** Seconds that answers are cached, longer than any run: nobody pays for an expiry. */
export const TTL_S = 3600

/** More than anyone keeps in memory in any run, where entries are counted. */
export const MAX_ENTRIES = 20_000

/** The line that the bench waits for. */
export const sayReady = () => process.stdout.write(`answers at http://${HOST}:${settings.port}/graphql\n`)

function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set.`)
  return value
}
