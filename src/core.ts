import { randomUUID } from 'node:crypto'
import { keptSecret } from './auth/secret.ts'
import { verifyInitData } from './auth/telegram.ts'
import { createTokens, type Tokens } from './auth/tokens.ts'
import { sleep } from './cache/sleep.ts'
import type { Identity } from './commands/command.ts'
import type { WebhookMeans } from './commands/webhook-means.ts'
import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import { createStatementCounter, type StatementCounter } from './db/statements.ts'
import type { Clock } from './domain/calendar.ts'
import { createCacheEntries } from './loaders/cache-entries.ts'
import { createSources } from './loaders/sources.ts'
import { POLICY_NAMES, policiesOf } from './loaders/tags.ts'
import {
  type OpenCache,
  openAnswers,
  openConfiguredDatabase,
  openConfiguredTracing,
  openConfiguredTutor,
  openConfiguredVoice,
  stageMsOf,
  type World,
} from './open.ts'
import { openCache } from './open-cache.ts'
import type { Tutor } from './replies/tutor.ts'
import type { Voices } from './replies/voices.ts'
import { createSession, type SessionDeps } from './session/session.ts'
import { createCounts, type OpenWatch, openWatch } from './telemetry/open-watch.ts'
import type { Counts } from './telemetry/tally.ts'
import type { Tracing } from './telemetry/tracing.ts'
import { tracedWorld } from './traced-world.ts'
import { version } from './version.ts'
import { isGlobal } from './webhooks/addresses.ts'
import { createWebhookSender } from './webhooks/sender.ts'
import { newWebhookSecret } from './webhooks/signature.ts'
import { createVault, type Vault } from './webhooks/vault.ts'
import { type Warmed, type WarmerOptions, warm } from './work/warmer.ts'
import { Warming } from './work/warming.ts'
import { openWorkforce } from './work/workforce.ts'

/** What every process is made of, whether it answers requests, works on jobs or does both. */
export interface Core extends AsyncDisposable, OpenWatch {
  readonly database: Database
  readonly cache: OpenCache
  readonly tutor: Tutor
  readonly tokens: Tokens
  readonly clock: Clock
  readonly statements: StatementCounter
  readonly counts: Counts
  readonly sessionDeps: SessionDeps
  /** Null where there is nobody who hears and speaks. */
  readonly voices: Voices | null
  readonly vault: Vault
  /** What webhooks are made with. */
  readonly webhookMeans: WebhookMeans
  /** Null where nothing is traced; then none of the others has anything around it. */
  readonly tracing: Tracing | null
}

/** What tokens and links are signed with. */
export const appSecret = ({ authSecret, dataDir }: Config): string => authSecret ?? keptSecret(dataDir)

export const createAppTokens = (config: Config): Tokens => createTokens(appSecret(config))

/** Opens it all. @throws when the database cannot be opened */
export async function openCore(config: Config, given: World): Promise<Core> {
  const { log, clock = () => Temporal.Now.instant() } = given
  const now = () => clock().epochMilliseconds
  const counts = createCounts({ policiesOf, now, monotonic: () => performance.now() })
  await using opened = new AsyncDisposableStack()
  // Before all others, so that it sees how they end.
  const { tracing, world } = await followedWorld(config, given)
  if (tracing) opened.use(tracing)
  const statements = createStatementCounter()
  const database = opened.use(await (world.openDatabase ?? openConfiguredDatabase)(config, statements, log))
  const tokens = createAppTokens(config)
  const vault = createVault(appSecret(config))
  const cache = opened.use(await openCache(config, database, world, whenWatched(world, counts.cache.report)))
  const tutor = opened.use(await (world.openTutor ?? openConfiguredTutor)(config, log, counts.upstream.report))
  const voice = await (world.openVoice ?? openConfiguredVoice)(config, log, counts.upstream.report)
  if (voice) opened.use(voice)
  const { ledger, unitOfWork, readers } = database
  const { upstream } = counts
  const answers = opened.use(openAnswers(config, { tutor, voice, cache, clock, ledger, log, upstream }))
  const sources = createSources(cache, readers, config.cacheTtls)
  const sessionDeps = {
    ...{ cache, unitOfWork, clock, replies: answers.replies },
    sources: tracing?.sources(sources) ?? sources,
    identity: createIdentity(config, tokens),
    inspectCache: createCacheEntries({ cache, sources, memos: answers.memos }),
  }
  const watching = watchingOf({ counts, cache, tutor, database, now, watched: world.watched })
  opened.use(watching.watch)
  watching.watch.start()
  const parts = opened.move()
  return {
    ...{ database, cache, tutor, tokens, clock, statements, sessionDeps, voices: answers.voices, vault },
    ...{ counts, tracing, ...watching },
    webhookMeans: createWebhookMeans(config, vault),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

/** The world, and whoever follows what is opened in it. */
async function followedWorld(config: Config, world: World) {
  const tracing = await (world.openTracing ?? openConfiguredTracing)(config, world.log)
  return { tracing, world: tracing ? await tracedWorld(world, tracing, config) : world }
}

/** Tells only while somebody watches, where that may change. */
export const whenWatched = <Event>({ watched }: World, tell: (event: Event) => void): ((event: Event) => void) =>
  watched ? (event) => watched() && tell(event) : tell

type Watched = Pick<Core, 'counts' | 'cache' | 'tutor' | 'database'> & {
  readonly now: () => number
  readonly watched: World['watched']
}

const watchingOf = ({ cache, tutor, database, ...given }: Watched): OpenWatch =>
  openWatch({
    ...{ ...given, id: randomUUID(), version, cache, policies: POLICY_NAMES },
    shared: cache.pingShared !== null,
    board: cache.board,
    ai: tutor.status,
    backlog: database.outbox.backlog,
  })

const createIdentity = ({ telegramBotToken }: Config, tokens: Tokens): Identity => ({
  issueToken: tokens.issue,
  verifyTelegram: (initData, now) => verifyInitData(telegramBotToken, initData, now),
})

const createWebhookMeans = ({ webhookAllowPrivate: allowPrivate }: Config, { seal }: Vault): WebhookMeans => ({
  // By name alone: where a name leads is known when it is called.
  urlRules: { allowPrivate, isPermitted: allowPrivate ? undefined : isGlobal },
  newSecret: newWebhookSecret,
  seal,
})

/** Works on jobs in this process. Disposing of it ends or gives back what it has begun. */
export function startWork(config: Config, { log, ...world }: World, core: Core): Promise<AsyncDisposable> {
  const { database, sessionDeps, clock, vault, voices, tracing } = core
  const { webhookAllowPrivate: allowPrivate, messageRetentionDays } = config
  return openWorkforce({
    sender: (world.openSender ?? createWebhookSender)({ allowPrivate, now: () => clock().epochMilliseconds }),
    ...{ vault, clock, messageRetentionDays },
    queues: database.queues,
    notices: database.notices,
    readers: database.readers,
    voices,
    slots: config.workers,
    timeoutMs: stageMsOf(config),
    session: (viewer, signal, cacheNotes) =>
      createSession(sessionDeps, { viewer, signal, tutorSignal: signal, cacheNotes, cacheMode: 'USE', view: null }),
    chance: Math.random,
    ...(tracing && { follow: tracing.task }),
    trouble: (error) => log.warn({ err: error }, 'work'),
    fault: (error) => log.error({ err: error }, 'fault'),
  })
}

/** Learners that a server warms its caches for in a second, at most: a small part of what it could do in that time. */
const WARMED_PER_SECOND = 1_000

/** The part of memory that is filled ahead of requests; the rest is for what nobody could foresee. */
const FORESEEN = 3 / 4

/** Warms this process's caches once it is started, if it is to and has any. */
export function createWarming(config: Config, { log }: Pick<World, 'log'>, core: Core): Warming | null {
  const { l1 } = core.cache
  if (!config.warm || !hasCache(config) || config.cacheL1MaxBytes === 0) return null
  return new Warming({
    ...warmerOf(config, core, WARMED_PER_SECOND),
    hasRoom: () => l1.bytes < l1.maxBytes * FORESEEN,
    over({ end, learners }, ms) {
      if (end === 'AWAY') log.warn({ learners }, 'cache not warmed: it cannot be reached')
      else log.info({ learners, end, ms: Math.round(ms) }, 'cache warmed')
    },
    failed: (error) => log.warn({ err: error }, 'cache not warmed'),
  })
}

/** Whether what is read of entities is kept anywhere. */
const hasCache = ({ cacheEnabled, redisUrl, databaseUrl }: Config): boolean =>
  cacheEnabled && (redisUrl !== null || databaseUrl === null)

/** Warms what processes share, to the end. */
export const warmShared = (
  config: Config,
  core: Core,
  { perSecond, progress }: Required<Pick<WarmerOptions, 'perSecond' | 'progress'>>,
): Promise<Warmed> =>
  warm({ ...warmerOf(config, core, perSecond), hasRoom: () => true, progress }, new AbortController().signal)

/** By what the event loop has done since it was looked at last. */
function createBusy(): () => number {
  let last = performance.eventLoopUtilization()
  return () => {
    const before = last
    last = performance.eventLoopUtilization()
    return performance.eventLoopUtilization(last, before).utilization
  }
}

const warmerOf = (
  { warmLearners: learners }: Config,
  { cache, database, sessionDeps: { sources } }: Core,
  perSecond: number,
) => ({
  ...{ learners, perSecond, sources, sleep },
  lastActive: database.readers.lastActive,
  now: () => performance.now(),
  busy: createBusy(),
  async open() {
    const view = await cache.open('USE', { quiet: true })
    return cache.keeps(view) ? view : null
  },
})
