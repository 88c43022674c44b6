import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl'
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled'
import { default as responseCache } from '@apollo/server-plugin-response-cache'
import { KeyvAdapter } from '@apollo/utils.keyvadapter'
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify'
import KeyvRedis from '@keyv/redis'
import Fastify from 'fastify'
import { Keyv } from 'keyv'
import { createLoaders } from './data.ts'
import { type Context, resolvers, typeDefs } from './schema.ts'
import { HOST, sayReady, settings, TTL_S } from './settings.ts'
import { sessionOf, viewerOf } from './viewer.ts'

/* Apollo Server on Fastify; with `PEER_CACHE` also its response cache, in memory (its own default store) or in Redis. */

/** Every answer may be kept for as long, but by nobody else. */
const HINTS = /* GraphQL */ `
  enum CacheControlScope { PUBLIC PRIVATE }
  directive @cacheControl(
    maxAge: Int
    scope: CacheControlScope
    inheritMaxAge: Boolean
  ) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION

  extend type User @cacheControl(maxAge: ${TTL_S}, scope: PRIVATE)
  extend type UserSettings @cacheControl(maxAge: ${TTL_S}, scope: PRIVATE)
  extend type Stars @cacheControl(maxAge: ${TTL_S}, scope: PRIVATE)
  extend type DailyStats @cacheControl(maxAge: ${TTL_S}, scope: PRIVATE)
`

const caching: ApolloServerPlugin<Context>[] = [
  ApolloServerPluginCacheControl(),
  responseCache<Context>({ sessionId: async ({ contextValue }) => sessionOf(contextValue.viewer) }),
]

/** The adapter was compiled against the CommonJS declarations of the same class. */
type AdaptersKeyv = ConstructorParameters<typeof KeyvAdapter<string>>[0]

const redis = () =>
  new KeyvAdapter<string>(
    new Keyv(new KeyvRedis(settings.redisUrl), { useKeyPrefix: false }) as unknown as AdaptersKeyv,
  )

const fastify = Fastify()
const cached = settings.cache !== 'none'
const apollo = new ApolloServer<Context>({
  typeDefs: cached ? [typeDefs, HINTS] : typeDefs,
  resolvers,
  ...(settings.cache === 'redis' && { cache: redis() }),
  plugins: [fastifyApolloDrainPlugin(fastify), ApolloServerPluginLandingPageDisabled(), ...(cached ? caching : [])],
})
await apollo.start()
await fastify.register(fastifyApollo(apollo), {
  context: async ({ headers }) => ({ viewer: viewerOf(headers.authorization), loaders: createLoaders() }),
})
await fastify.listen({ port: settings.port, host: HOST })
sayReady()
