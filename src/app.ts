import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { keptSecret } from './auth/secret.ts'
import { verifyInitData } from './auth/telegram.ts'
import { createTokens, type Tokens } from './auth/tokens.ts'
import { type Cache, openLocalCache, openNoCache, openSharedCache } from './cache/cache.ts'
import type { SharedStore } from './cache/shared-store.ts'
import type { Identity } from './commands/command.ts'
import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import { createStatementCounter, type StatementCounter } from './db/statements.ts'
import type { Clock } from './domain/calendar.ts'
import { createContext } from './graphql/context.ts'
import { createGraphQLServer } from './graphql/server.ts'
import { registerExplorer } from './http/explorer.ts'
import { registerGraphQL } from './http/graphql-route.ts'
import { createHealth } from './http/health.ts'
import { createLifecycle, type Lifecycle } from './http/lifecycle.ts'
import { createHttpServer } from './http/server.ts'
import { createSources } from './loaders/sources.ts'
import { createCacheLog } from './telemetry/cache-log.ts'

/** A running server. Disposing of it answers what was accepted and lets go of everything. */
export interface App extends AsyncDisposable {
  /** Where it listens, such as `http://127.0.0.1:4000`. */
  readonly url: string
  readonly tokens: Tokens
  /** Readiness says no from now on, and clients are asked to reconnect elsewhere; requests are still answered. */
  drain(): void
}

interface OpenCache extends Cache {
  /** Null where nothing is shared. */
  readonly pingShared: (() => Promise<void>) | null
}

interface StoreOptions {
  readonly url: string
  readonly namespace: string
  readonly maxConnections: number
  readonly trouble: (error: Error) => void
}

/** What tests put in the place of the world. */
export interface World {
  readonly log: FastifyBaseLogger
  readonly clock?: Clock
  /** Opens the database; by default the one that the configuration names. */
  readonly openDatabase?: (config: Config, statements: StatementCounter) => Promise<Database>
  /** Opens the store that processes share; by default Redis at the address that the configuration names. */
  readonly openStore?: (options: StoreOptions) => SharedStore & AsyncDisposable
}

const { version }: { readonly version: string } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'),
)

export const createAppTokens = (config: Config): Tokens => createTokens(config.authSecret ?? keptSecret(config.dataDir))

/** Wires everything together and listens. @throws when the database cannot be opened or the port is taken */
export async function startApp(config: Config, world: World): Promise<App> {
  const { log, clock = () => Temporal.Now.instant(), openDatabase = openConfigured } = world
  await using started = new AsyncDisposableStack()
  const statements = createStatementCounter()
  const database = started.use(await openDatabase(config, statements))
  const tokens = createAppTokens(config)
  const cache = started.use(await openCache(config, database, world))
  const health = createHealth({ version, pingDatabase: database.ping, pingCache: cache.pingShared })

  const apollo = createGraphQLServer(config)
  await apollo.start()
  started.defer(() => apollo.stop())

  const lifecycle = createLifecycle()
  const server = await createHttpServer({ ...config, log, lifecycle, health })
  started.defer(() => closeServer(server, lifecycle))
  const sources = createSources(cache, database.readers, config.cacheTtls)
  const deps = { ...database, sources, cache, clock, health, identity: createIdentity(config, tokens) }
  await registerGraphQL(server, {
    apollo,
    createContext: (scope) => createContext(deps, scope),
    readViewer: (authorization) => tokens.read(authorization, clock()),
    countStatements: statements.run,
    rateLimitPerMinute: config.rateLimitPerMinute,
    lastCall: lifecycle.lastCall,
    sendExplorer: config.production ? null : registerExplorer(server),
  })
  await server.listen({ port: config.port, host: config.host })

  const stack = started.move()
  return {
    url: urlOf(server.server.address(), config.host),
    tokens,
    drain: lifecycle.drain,
    async [Symbol.asyncDispose]() {
      lifecycle.drain()
      await stack.disposeAsync()
    },
  }
}

/** Milliseconds that requests get to end by themselves, and then to be told that they were given up. */
const PATIENCE_MS = 6_000
const FAREWELL_MS = 500

/** Waits for every accepted request; at last gives up those that take too long and connections that send nothing. */
async function closeServer(server: FastifyInstance, lifecycle: Lifecycle): Promise<void> {
  const lastCall = setTimeout(lifecycle.callLast, PATIENCE_MS)
  const end = setTimeout(() => server.server.closeAllConnections(), PATIENCE_MS + FAREWELL_MS)
  await server.close()
  clearTimeout(lastCall)
  clearTimeout(end)
}

const createIdentity = ({ telegramBotToken }: Config, tokens: Tokens): Identity => ({
  issueToken: tokens.issue,
  verifyTelegram: (initData, now) => verifyInitData(telegramBotToken, initData, now),
})

/** Loads only the driver in use: each costs a noticeable part of the start. */
async function openConfigured(config: Config, statements: StatementCounter): Promise<Database> {
  const { databaseUrl: url, databasePoolMax: poolMax, dataDir: folder, production } = config
  if (url !== null) {
    const { openServer } = await import('./db/server.ts')
    return openServer({ url, poolMax, statements })
  }
  const { openEmbedded } = await import('./db/embedded.ts')
  const { seedDemo } = await import('./db/demo.ts')
  return openEmbedded({ folder, statements, ...(!production && { prepare: seedDemo }) })
}

/** Stands before everything of ours in a shared store. */
const NAMESPACE = 'honzik'

/** What processes share in Redis; else what this process keeps to itself, where it alone has the database; else nothing. */
async function openCache(
  config: Config,
  { id, outbox }: Database,
  { log, clock, openStore }: World,
): Promise<OpenCache> {
  const { redisUrl: url, redisMaxConnections: maxConnections, cacheTtls } = config
  const options = {
    outbox,
    namespace: NAMESPACE,
    // Long enough to tell it from every other, and short enough to stand before every value.
    origin: id.slice(0, 13),
    report: createCacheLog(log),
    l1MaxBytes: config.cacheL1MaxBytes,
    longestTtlMs: Math.max(...Object.values(cacheTtls)) * 1000,
    consistency: config.cacheL1Consistency,
    now: clock ? () => clock().epochMilliseconds : Date.now,
  }
  if (!config.cacheEnabled || (url === null && config.databaseUrl !== null))
    return { ...openNoCache(options), pingShared: null }
  if (url === null) return { ...openLocalCache(options), pingShared: null }
  const open = openStore ?? (await import('./redis/redis-store.ts')).openRedisStore
  const trouble = (error: Error) => log.warn({ err: error }, 'redis')
  const store = open({ url, namespace: NAMESPACE, maxConnections, trouble })
  const cache = openSharedCache({ ...options, store })
  // Failing opens the breaker, and then it is done before anything is read.
  await cache.catchUp().catch((error) => log.warn({ err: error }, 'redis'))
  return {
    ...cache,
    pingShared: cache.ping,
    async [Symbol.asyncDispose]() {
      await cache[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

function urlOf(address: AddressInfo | string | null, host: string): string {
  const port = typeof address === 'object' && address !== null ? address.port : ''
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
