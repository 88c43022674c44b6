import type { Price } from '../../domain/usage.ts'
import type { Tutor, TutorReporter } from '../../replies/tutor.ts'
import type { BreakerOptions } from './breaker.ts'
import type { Monotonic } from './deadline.ts'
import { Model } from './model.ts'
import { modelAccess } from './model-access.ts'
import type { Prompts } from './request.ts'

export interface ModelTutorOptions {
  /** Null for servers that want none. */
  readonly apiKey: string | null
  /** Of a server that speaks like OpenAI's, up to and with `/v1`; null: OpenAI itself. */
  readonly baseUrl: string | null
  readonly model: string
  /** Asked when the first model does not answer; null: none. */
  readonly fallbackModel: string | null
  /** Milliseconds for one lesson, repeated attempts and the fallback included. */
  readonly timeoutMs: number
  /** By the models' names as configured. */
  readonly prices: ReadonlyMap<string, Price>
  /** Part of every fingerprint: what is kept under one is not found under another. */
  readonly namespace: string
  readonly prompts: Prompts
  /** Hears what happens; must not throw. */
  readonly report: TutorReporter
  readonly breaker?: BreakerOptions
  /** How often a failed attempt is repeated. @default 2 */
  readonly maxRetries?: number
  /** @default performance.now */
  readonly clock?: Monotonic
}

/** Of the time for a lesson, what the first model has when there is another to be asked after it. */
const FIRST_SHARE = 0.6

/**
 * Has lessons answered by a model behind the API of chat completions, and by another when there is one.
 * @throws TypeError when there is neither a key nor a server
 */
export function openModelTutor(options: ModelTutorOptions): Tutor {
  const models = modelsOf(options)
  return {
    prepare: (lesson) => models.map((model) => model.prepare(lesson)),
    status: () => (models.some((model) => model.isAsked) ? 'HEALTHY' : 'UNAVAILABLE'),
    [Symbol.asyncDispose]: async () => {
      for (const model of models) model[Symbol.dispose]()
    },
  }
}

function modelsOf(options: ModelTutorOptions): Model[] {
  const { model, fallbackModel, timeoutMs } = options
  if (fallbackModel === null) return [openModel(options, model, timeoutMs)]
  const first = Math.round(timeoutMs * FIRST_SHARE)
  return [openModel(options, model, first), openModel(options, fallbackModel, timeoutMs - first)]
}

const openModel = (options: ModelTutorOptions, name: string, timeoutMs: number): Model =>
  new Model({
    name,
    timeoutMs,
    ...modelAccess(options),
    price: options.prices.get(name) ?? null,
    namespace: options.namespace,
    prompts: options.prompts,
    report: options.report,
    breaker: options.breaker ?? {},
    clock: options.clock ?? (() => performance.now()),
  })
