import { join } from 'node:path'
import { freePort } from '../../support/free-port.ts'
import { SECRET } from '../world/servers.ts'
import { type Server, startServer } from './server.ts'

/** A server that takes part, in one of its configurations. */
export interface Contender {
  /** What `--contenders` calls it. */
  readonly key: string
  readonly name: string
  readonly kind: 'ours' | 'bare' | 'peer'
  start(place: Place): Promise<Server>
}

/** What a contender is given. */
export interface Place {
  readonly databaseUrl: string
  readonly redisUrl: string
  /** A file with an answer, for the one that always gives the same. */
  readonly answerFile: string
}

const MAIN = join(import.meta.dirname, '../../../src/main.ts')
export const PEERS = join(import.meta.dirname, '../peers')

/** As operators run it, but that nothing is written: the peers do not write either. */
const ours = (key: string, name: string, env: Readonly<Record<string, string>>): Contender => ({
  key,
  name,
  kind: 'ours',
  start: ({ databaseUrl, redisUrl }) =>
    startServer(MAIN, {
      PORT: '0',
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      AUTH_SECRET: SECRET,
      LOG_LEVEL: 'silent',
      RATE_LIMIT_PER_MINUTE: '0',
      // What is read before anybody asks would be measured with the rest.
      WARM: 'off',
      ...env,
    }),
})

const peer = (key: string, name: string, module: string, cache: 'none' | 'memory' | 'redis'): Contender => ({
  key,
  name,
  kind: 'peer',
  start: async ({ databaseUrl, redisUrl }) =>
    startServer(join(PEERS, module), {
      PORT: String(await freePort()),
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      AUTH_SECRET: SECRET,
      PEER_CACHE: cache,
    }),
})

export const bare: Contender = {
  key: 'bare',
  name: 'bare node:http, always the same bytes',
  kind: 'bare',
  start: async ({ answerFile }) =>
    startServer(join(PEERS, 'bare.ts'), { PORT: String(await freePort()), ANSWER_FILE: answerFile }),
}

/** What the cache may keep in memory by its own account. */
export const L1_MB = 64

export const oursBounded = ours('ours-bounded', 'ours, bounded', {
  CACHE_L1_CONSISTENCY: 'bounded',
  CACHE_L1_MAX_MB: String(L1_MB),
})
export const oursStrict = ours('ours-strict', 'ours, strict with Redis', { CACHE_L1_CONSISTENCY: 'strict' })
export const oursEntities = ours('ours-entities', 'ours, strict with Redis, no whole responses', {
  CACHE_L1_CONSISTENCY: 'strict',
  CACHE_RESPONSES: 'false',
})
export const oursUncached = ours('ours-uncached', 'ours, cache off', { CACHE_ENABLED: 'false' })

export const apollo = peer('apollo', 'Apollo Server', 'apollo.ts', 'none')
export const apolloMemory = peer('apollo-memory', 'Apollo Server, response cache in memory', 'apollo.ts', 'memory')
export const apolloRedis = peer('apollo-redis', 'Apollo Server, response cache in Redis', 'apollo.ts', 'redis')
export const yogaMemory = peer('yoga-memory', 'GraphQL Yoga, response cache in memory', 'yoga.ts', 'memory')
export const yogaRedis = peer('yoga-redis', 'GraphQL Yoga, response cache in Redis', 'yoga.ts', 'redis')
export const mercurius = peer('mercurius', 'Mercurius with JIT', 'mercurius.ts', 'none')
export const mercuriusMemory = peer('mercurius-memory', 'Mercurius with JIT, cache in memory', 'mercurius.ts', 'memory')
export const mercuriusRedis = peer('mercurius-redis', 'Mercurius with JIT, cache in Redis', 'mercurius.ts', 'redis')
