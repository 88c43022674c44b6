import type { FastifyBaseLogger } from 'fastify'
import type { Board } from './cache/board.ts'
import type { Cache } from './cache/cache.ts'
import type { MemoStore } from './cache/memo-store.ts'
import type { SharedStore } from './cache/shared-store.ts'
import type { Config, OpenAIConfig } from './config.ts'
import type { Database } from './db/database.ts'
import type { StatementCounter } from './db/statements.ts'
import type { Snapshot } from './domain/cache-report.ts'
import type { Clock } from './domain/calendar.ts'
import type { Boss, BossOptions } from './jobs/boss.ts'
import type { Memos } from './loaders/cache-entries.ts'
import { replyPolicyFor, speechPolicy, transcriptPolicyFor } from './loaders/policies.ts'
import { createBudget } from './replies/budget.ts'
import type { Ledger } from './replies/ledger.ts'
import { createReplies, type Replies } from './replies/replies.ts'
import { createSavings } from './replies/savings.ts'
import type { Tutor, TutorReporter } from './replies/tutor.ts'
import type { Voice } from './replies/voice.ts'
import { createVoices, type Voices } from './replies/voices.ts'
import { both } from './telemetry/both.ts'
import type { SharedState } from './telemetry/metrics.ts'
import type { UpstreamCounts } from './telemetry/model-counts.ts'
import type { Tracing } from './telemetry/tracing.ts'
import { createTutorLog } from './telemetry/tutor-log.ts'
import type { WebhookSender } from './webhooks/delivery.ts'
import type { WebhookSenderOptions } from './webhooks/sender.ts'

export interface OpenCache extends Cache {
  /** Null where nothing is shared. */
  readonly pingShared: (() => Promise<void>) | null
  /** How it stands with the store that is shared; null where there is none. */
  readonly sharedState: (() => SharedState) | null
  /** Where processes tell each other how they are; null where they have no place for that. */
  readonly board: Board | null
}

export interface StoreOptions {
  readonly url: string
  readonly namespace: string
  readonly maxConnections: number
  /** Milliseconds that a caller waits at most. */
  readonly budgetMs: number
  readonly trouble: (error: Error) => void
}

/** What a store may have besides. */
export interface StoreParts {
  /** The same store for memoised values that are bytes; left out where any text is kept as it is. */
  readonly bytes?: MemoStore
  readonly board?: Board
  readonly state?: () => SharedState
}

/** What tests put in the place of the world. */
export interface World {
  readonly log: FastifyBaseLogger
  readonly clock?: Clock
  /** Opens the database; by default the one that the configuration names. */
  readonly openDatabase?: (config: Config, statements: StatementCounter, log: FastifyBaseLogger) => Promise<Database>
  /** Opens whoever answers learners; by default the model that the configuration names, or the embedded engine. */
  readonly openTutor?: (config: Config, log: FastifyBaseLogger, count: TutorReporter) => Promise<Tutor>
  /** Opens whoever hears and speaks; by default the models that the configuration names. */
  readonly openVoice?: (config: Config, log: FastifyBaseLogger, count: TutorReporter) => Promise<Voice | null>
  /** Opens the store that processes share; by default Redis at the address that the configuration names. */
  readonly openStore?: (options: StoreOptions) => SharedStore & MemoStore & AsyncDisposable & StoreParts
  /** Opens whoever follows requests and jobs; by default what the configuration names, and nobody where it names none. */
  readonly openTracing?: (config: Config, log: FastifyBaseLogger) => Promise<Tracing | null>
  /** Opens whoever sends webhooks; by default the one that calls their receivers. */
  readonly openSender?: (options: WebhookSenderOptions) => WebhookSender
  /** Asked each time whether something is to be counted or told, so that it can be measured what that costs; always, when left out. */
  readonly watched?: () => boolean
  /** Knows everything that the dashboard shows; by default what watches this process and its cache. */
  readonly dashboard?: { snapshot(): Promise<Snapshot> }
}

/** Milliseconds that a stage of a job may take: as long as a model, and keeping what it says. */
export const stageMsOf = ({ openai }: Pick<Config, 'openai'>): number => (openai?.timeoutMs ?? 0) + 10_000

/** Opens queues in a database, for those who work and those who only queue. */
export const queuesOf =
  (config: Config, log: FastifyBaseLogger) =>
  async (database: BossOptions['database']): Promise<Boss> => {
    const { openBoss } = await import('./jobs/boss.ts')
    const trouble = (error: Error) => log.warn({ err: error }, 'queues')
    // Whoever holds a stage for so much longer than it may take does not end it any more.
    return openBoss({ database, supervises: config.workers > 0, longestTaskMs: stageMsOf(config) + 30_000, trouble })
  }

/** Loads only the driver in use: each costs a noticeable part of the start. */
export async function openConfiguredDatabase(
  config: Config,
  statements: StatementCounter,
  log: FastifyBaseLogger,
): Promise<Database> {
  const openQueues = queuesOf(config, log)
  const { databaseUrl: url, databasePoolMax: poolMax, dataDir: folder, production } = config
  if (url !== null) {
    const { openServer } = await import('./db/server.ts')
    return openServer({ url, poolMax, statements, openQueues })
  }
  const { openEmbedded } = await import('./db/embedded.ts')
  const { seedDemo } = await import('./db/demo.ts')
  return openEmbedded({ folder, statements, openQueues, ...(!production && { prepare: seedDemo }) })
}

/** Stands before everything of ours in a shared store. */
export const NAMESPACE = 'honzik'

/** The model that is configured; else the engine inside this process. */
export async function openConfiguredTutor(
  { openai }: Config,
  log: FastifyBaseLogger,
  count: TutorReporter,
): Promise<Tutor> {
  if (openai === null) {
    const { openEmbeddedTutor } = await import('./tutor/embedded/embedded-tutor.ts')
    return openEmbeddedTutor()
  }
  const { openModelTutor } = await import('./tutor/openai/openai-tutor.ts')
  const { prompts } = await import('./tutor/prompts/prompt.ts')
  return openModelTutor({
    ...openai,
    namespace: namespaceOf(openai),
    prompts,
    report: both(count, createTutorLog(log)),
  })
}

/** The models that are configured; nobody without. */
export async function openConfiguredVoice(
  { openai }: Config,
  log: FastifyBaseLogger,
  count: TutorReporter,
): Promise<Voice | null> {
  if (openai === null) return null
  const { openModelVoice } = await import('./tutor/openai/openai-voice.ts')
  return openModelVoice({ ...openai, namespace: namespaceOf(openai), report: both(count, createTutorLog(log)) })
}

/** Where nothing is traced, not even the library is loaded. */
export async function openConfiguredTracing({ tracing }: Config, log: FastifyBaseLogger): Promise<Tracing | null> {
  if (tracing === null) return null
  const { openTracing } = await import('./telemetry/tracing.ts')
  return openTracing({ ...tracing, log })
}

/** Another server may call another model by the same name. */
const namespaceOf = ({ baseUrl }: OpenAIConfig): string => `${NAMESPACE} ${baseUrl ?? 'openai'}`

/** What answers are made with. */
export interface Answering {
  readonly tutor: Tutor
  readonly voice: Voice | null
  readonly cache: Pick<Cache, 'memo'>
  readonly clock: Clock
  readonly ledger: Ledger
  readonly log: FastifyBaseLogger
  readonly upstream: UpstreamCounts
}

/** What models are asked for: remembered, counted and paid for. */
export interface Answers extends AsyncDisposable {
  readonly memos: Memos
  readonly replies: Replies
  /** Null where there is nobody who hears and speaks. */
  readonly voices: Voices | null
}

export function openAnswers(config: Config, { cache, log, voice, upstream, ...deps }: Answering): Answers {
  const lost = (error: unknown) => log.error({ err: error }, 'bill not written')
  const ledger = upstream.counting(deps.ledger)
  const savings = upstream.countingSavings(createSavings({ ledger, lost }))
  const budget = createBudget({ ...deps, ledger, lost, dailyLimit: config.openai?.dailyLimit ?? null })
  const memos = {
    reply: cache.memo(replyPolicyFor(config.cacheTtls.openai)),
    transcript: cache.memo(transcriptPolicyFor(config.cacheTtls.openai)),
    speech: cache.memo(speechPolicy),
  }
  const remembered = { heard: memos.transcript, spoken: memos.speech }
  return {
    memos,
    replies: createReplies({ ...deps, budget, memo: memos.reply, savings }),
    voices: voice && createVoices({ voice, budget, savings, clock: deps.clock, ...remembered }),
    [Symbol.asyncDispose]: () => savings[Symbol.asyncDispose](),
  }
}
