import Fastify from 'fastify'
import { Redis } from 'ioredis'
import mercurius from 'mercurius'
import mercuriusCache from 'mercurius-cache'
import { createLoaders, type User } from './data.ts'
import { type Context, resolvers, typeDefs } from './schema.ts'
import { HOST, MAX_ENTRIES, sayReady, settings, TTL_S } from './settings.ts'
import { sessionOf, viewerOf } from './viewer.ts'

/* Mercurius with its JIT; with `PEER_CACHE` also mercurius-cache in front of every resolver, in memory or in Redis. */

declare module 'mercurius' {
  interface MercuriusContext extends Context {}
}

/** The ends of keys: what its own default makes of whole objects costs more, so its page recommends a function. */
interface Keyed<Self, Arg> {
  readonly self: Self
  readonly arg: Arg
  readonly ctx: Context
}

const ofLearner = { key: ({ self }: Keyed<User, unknown>) => self.id }

const policy = {
  Query: {
    // Who may see a learner is asked before the resolver's answer is remembered, so it is remembered for each viewer.
    user: { key: ({ arg, ctx }: Keyed<unknown, { id: string }>) => `${arg.id}~${sessionOf(ctx.viewer)}` },
  },
  User: {
    settings: ofLearner,
    stars: ofLearner,
    statsRange: { key: ({ self, arg }: Keyed<User, { days: number }>) => `${self.id}~${arg.days}` },
  },
}

const storage =
  settings.cache === 'redis'
    ? {
        type: 'redis' as const,
        options: { client: new Redis(settings.redisUrl, { enableAutoPipelining: true }), invalidation: false },
      }
    : { type: 'memory' as const, options: { size: MAX_ENTRIES, invalidation: false } }

const fastify = Fastify()
await fastify.register(mercurius, {
  schema: typeDefs,
  resolvers,
  jit: 1,
  context: ({ headers }): Context => ({ viewer: viewerOf(headers.authorization), loaders: createLoaders() }),
})
if (settings.cache !== 'none') await fastify.register(mercuriusCache.default, { ttl: TTL_S, storage, policy })
await fastify.listen({ port: settings.port, host: HOST })
sayReady()
