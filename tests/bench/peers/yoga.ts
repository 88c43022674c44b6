import { createServer } from 'node:http'
import { createRedisCache } from '@envelop/response-cache-redis'
import { createInMemoryCache, useResponseCache } from '@graphql-yoga/plugin-response-cache'
import { createSchema, createYoga } from 'graphql-yoga'
import { Redis } from 'ioredis'
import { createLoaders } from './data.ts'
import { type Context, resolvers, typeDefs } from './schema.ts'
import { HOST, MAX_ENTRIES, sayReady, settings, TTL_S } from './settings.ts'
import { sessionOf, viewerOf } from './viewer.ts'

/*
 * GraphQL Yoga on plain HTTP; with `PEER_CACHE` also its response cache, in memory or in Redis. Answers that showed an
 * entity are forgotten when a mutation returns it, which the plugin does by itself.
 */

const viewerIn = (request: Request) => viewerOf(request.headers.get('authorization'))

function responseCache() {
  const cache =
    settings.cache === 'redis'
      ? createRedisCache({ redis: new Redis(settings.redisUrl, { enableAutoPipelining: true }) })
      : createInMemoryCache({ max: MAX_ENTRIES })
  return useResponseCache({
    session: (request) => sessionOf(viewerIn(request)),
    ttl: TTL_S * 1000,
    invalidateViaMutation: true,
    cache,
  })
}

const yoga = createYoga({
  schema: createSchema<Context>({ typeDefs, resolvers }),
  context: ({ request }): Context => ({ viewer: viewerIn(request), loaders: createLoaders() }),
  plugins: settings.cache === 'none' ? [] : [responseCache()],
  logging: false,
  graphiql: false,
  landingPage: false,
})

createServer(yoga).listen(settings.port, HOST, sayReady)
