import type { ComponentStatus } from '../domain/health.ts'
import type { Lesson } from '../domain/lesson.ts'
import type { TutorReply } from '../domain/reply.ts'
import type { Tokens } from '../domain/usage.ts'

/** Whoever answers lessons: models behind an API, or the engine inside this process. */
export interface Tutor extends AsyncDisposable {
  /** The ways to have a lesson answered, the one to try first first; at least one. Asks nobody yet. */
  prepare(lesson: Lesson): readonly Preparation[]
  /** `DISABLED` where no model is configured, `UNAVAILABLE` while models are not asked because they do not answer. */
  status(): ComponentStatus
}

/** One request, ready to be sent. */
export interface Preparation {
  /**
   * SHA-256 in lower-case hexadecimal of everything that decides the answer, made from the request as it will be sent.
   * Null: the answer costs nothing and is not kept.
   */
  readonly fingerprint: string | null
  /**
   * @throws HonzikError UPSTREAM_UNAVAILABLE for any failure of the model's, with `retryAfterSeconds` where known; the
   * signal's reason when it is aborted
   */
  ask(call: Call): Promise<Answer>
}

export interface Call {
  readonly signal: AbortSignal
  /** When set, hears the reply's text piece by piece as it comes; the pieces together are the reply. Must not throw. */
  readonly onText?: ((piece: string) => void) | undefined
  /**
   * When set, is told once for each `ask` what has to be paid, or may have to be: for an answer, also one that is of no
   * use, has broken off or was not heard to its end, and for a request that nobody waited for any longer. Not told when
   * the model was not asked, refused with an error, or could not be reached.
   */
  readonly onSpent?: ((spent: Spending) => void) | undefined
}

/** What a model is to be paid for. */
export interface Spending {
  readonly model: string
  /** Null when the model did not say. */
  readonly tokens: Tokens | null
  /** Null when tokens or price are not known. */
  readonly usd: number | null
}

/** An answer and what it cost. */
export interface Answer {
  readonly reply: TutorReply
  /** Null when the model did not say. */
  readonly tokens: Tokens | null
  /** Null when tokens or price are not known; 0 for the embedded engine. */
  readonly usd: number | null
}

/** What happens between us and a model, for logs and metrics. */
export type TutorEvent =
  | {
      readonly kind: 'answered'
      readonly model: string
      readonly tokens: Tokens | null
      readonly usd: number | null
      readonly milliseconds: number
    }
  | {
      readonly kind: 'failed'
      readonly model: string
      readonly trouble: Trouble
      readonly error: unknown
      readonly milliseconds: number
    }
  | { readonly kind: 'breaker'; readonly model: string; readonly state: 'open' | 'closed' }

export const TROUBLES = [
  'rate-limited',
  'quota',
  'refused-key',
  'server-error',
  'connection',
  'timeout',
  'refusal',
  'length',
  'invalid-json',
  'schema',
  'leak',
  'bad-request',
  'not-asked',
] as const

/** Why a model gave no answer. */
export type Trouble = (typeof TROUBLES)[number]

export type TutorReporter = (event: TutorEvent) => void
