import type { FastifyInstance } from 'fastify'
import { recordingOf } from './audio/recording.ts'
import { type AudioLinks, createAudioLinks } from './auth/audio-links.ts'
import type { Tokens } from './auth/tokens.ts'
import type { Config } from './config.ts'
import { appSecret, type Core, createWarming, openCore, startWork, whenWatched } from './core.ts'
import { gaugesOf } from './gauges.ts'
import { createContext, type GraphQLDeps } from './graphql/context.ts'
import { createPersistedTexts } from './graphql/persisted-texts.ts'
import { PreparedQueries } from './graphql/prepared-queries.ts'
import { createQueryErrors } from './graphql/query-errors.ts'
import { schema } from './graphql/schema.ts'
import { createGraphQLServer } from './graphql/server.ts'
import { createSocketServer } from './graphql/socket.ts'
import { createStreamHandler } from './graphql/stream.ts'
import { openEndpoint } from './http/endpoint.ts'
import { createLifecycle, type Lifecycle } from './http/lifecycle.ts'
import { createHttpServer } from './http/server.ts'
import type { Whole } from './http/whole.ts'
import type { World } from './open.ts'
import { urlOf } from './urls.ts'
import { JobFeed } from './work/job-feed.ts'

/** A running server. Disposing of it answers what was accepted and lets go of everything. */
export interface App extends AsyncDisposable {
  /** Where it listens, such as `http://127.0.0.1:4000`. */
  readonly url: string
  readonly tokens: Tokens
  /** Readiness says no from now on, and clients are asked to reconnect elsewhere; requests are still answered. */
  drain(): void
}

/** Wires everything together and listens. @throws when the database cannot be opened or the port is taken */
export async function startApp(config: Config, world: World): Promise<App> {
  const { log } = world
  await using started = new AsyncDisposableStack()
  const core = started.use(await openCore(config, world))
  const { tokens, tracing } = core
  const followed = { ...config, traceId: tracing?.traceId, traces: tracing?.requests ?? null }
  const feed = started.use(new JobFeed(core.database))
  const work = config.workers > 0 ? started.use(await startWork(config, world, core)) : null
  const warming = createWarming(config, world, core)
  const { health, metrics } = gaugesOf(config, core)
  const persisted = createPersistedTexts()
  const apollo = createGraphQLServer({ ...followed, persisted })
  await apollo.start()
  started.defer(() => apollo.stop())

  const lifecycle = createLifecycle()
  const timeoutMs = timeoutOf(config)
  const server = await createHttpServer({ ...followed, log, lifecycle, health, timeoutMs })
  started.defer(() => closeServer(server, lifecycle, [work, warming]))
  const links = createAudioLinks(appSecret(config))
  const deps = contextDeps(config, core, { health, feed, links })
  await openEndpoint(server, {
    ...{ ...followed, ...partsOf(config, core, world), apollo, timeoutMs, lifecycle, log },
    metrics,
    lastCall: lifecycle.lastCall,
    stream: createStreamHandler(followed),
    sockets: createSocketServer(config),
    persisted: persisted.textOf,
    queries: new PreparedQueries({ schema, ...config }),
    queryErrors: createQueryErrors(followed),
    createContext: (scope) => createContext(deps, scope),
    isGoodLink: links.isGood,
  })
  await server.listen({ port: config.port, host: config.host })
  warming?.start()
  return running(started.move(), { url: urlOf(server.server.address(), config.host), tokens, drain: lifecycle.drain })
}

/** What the endpoint takes from what every process has. */
function partsOf(config: Config, core: Core, world: World) {
  const { cache, clock, tokens, statements, database, counts, watch } = core
  return {
    ...{ cache, clock },
    responses: cache.responses<Whole>({ kept: config.cacheResponses }),
    countStatements: statements.run,
    prove: (authorization: string | undefined) => tokens.prove(authorization, clock()),
    speechOf: database.readers.speech,
    answered: whenWatched(world, counts.requests.report),
    dashboard: world.dashboard ?? watch,
    now: world.clock ? () => clock().epochMilliseconds : Date.now,
  }
}

/** What each request's context is made from. */
const contextDeps = (
  config: Config,
  { sessionDeps, webhookMeans, clock, watch }: Core,
  { links, ...parts }: Pick<GraphQLDeps, 'health' | 'feed'> & { readonly links: AudioLinks },
): GraphQLDeps => ({
  ...{ ...sessionDeps, ...parts, roomLimits: config, webhookMeans, recordingOf },
  cacheStats: () => watch.stats(),
  dailyLimit: config.openai?.dailyLimit ?? null,
  audioLink: (id) => links.linkTo(id, clock()),
})

const running = (parts: AsyncDisposableStack, app: Omit<App, typeof Symbol.asyncDispose>): App => ({
  ...app,
  async [Symbol.asyncDispose]() {
    app.drain()
    await parts.disposeAsync()
  },
})

/** Milliseconds that requests get to end by themselves, and then to be told that they were given up. */
const PATIENCE_MS = 6_000
const FAREWELL_MS = 1_000

/**
 * Waits for every accepted request; at last gives up those that take too long and connections that send nothing.
 * @param others end at the same time: one after the other would take longer than a process is given to stop
 */
async function closeServer(
  server: FastifyInstance,
  lifecycle: Lifecycle,
  others: readonly (AsyncDisposable | null)[],
): Promise<void> {
  const lastCall = setTimeout(lifecycle.callLast, PATIENCE_MS)
  const end = setTimeout(() => server.server.closeAllConnections(), PATIENCE_MS + FAREWELL_MS)
  await Promise.all([server.close(), ...others.map((other) => other?.[Symbol.asyncDispose]())])
  clearTimeout(lastCall)
  clearTimeout(end)
}

/** Milliseconds that a request may take; one that asks a model, as long as the model and this besides. */
const REQUEST_TIMEOUT_MS = 10_000
const ANSWERING_MS = 2_000

export const timeoutOf = ({ openai }: Pick<Config, 'openai'>): number =>
  Math.max(REQUEST_TIMEOUT_MS, (openai?.timeoutMs ?? 0) + ANSWERING_MS)
