import { badInput, HonzikError } from './error.ts'
import { type JobId, type MessageId, parseUserId, type UserId } from './ids.ts'
import type { PracticeDay, PracticedMessage } from './practice.ts'
import type { Stars } from './stars.ts'
import { parseInteger, parseLine } from './text.ts'

export interface ActivityInput {
  readonly userId: string
  readonly wordsTotal: number
  readonly correctnessScore: number
  readonly occurredAt?: string | null | undefined
  readonly idempotencyKey?: string | null | undefined
}

/** Practice that happened in another client. */
export interface Activity extends PracticedMessage {
  /** Null when the id as written can be nobody's. */
  readonly userId: UserId | null
  readonly occurredAt: Temporal.Instant
  /** Tells repeats of one act from another act; null when the caller does not repeat. */
  readonly idempotency: Idempotency | null
}

/** A caller's name for one act, and what they said the act is. */
export interface Idempotency {
  readonly key: string
  /** The input in a canonical form: the same key with another one is another act. */
  readonly input: string
}

const MAX_AGE = Temporal.Duration.from({ hours: 48 })
const MAX_WORDS = 10_000

/**
 * Whether it may still be counted is another question: see {@link requireRecent}.
 * @throws BAD_USER_INPUT naming the first field that is wrong
 */
export function parseActivity(input: ActivityInput, now: Temporal.Instant): Activity {
  const words = parseInteger('wordsTotal', input.wordsTotal, 0, MAX_WORDS)
  const score = parseInteger('correctnessScore', input.correctnessScore, 0, 100)
  return {
    userId: parseUserId(input.userId),
    words,
    score,
    occurredAt: input.occurredAt == null ? now : Temporal.Instant.from(input.occurredAt),
    // Without occurredAt the act is "now", which is another instant on each repeat: it must not enter the comparison.
    idempotency: parseIdempotency(input.idempotencyKey ?? null, { words, score, occurredAt: input.occurredAt ?? null }),
  }
}

/** @throws BAD_USER_INPUT naming `idempotencyKey`. */
export function parseIdempotency(key: string | null, input: Record<string, unknown>): Idempotency | null {
  if (key === null) return null
  return { key: parseLine('idempotencyKey', key, 128), input: JSON.stringify(input) }
}

/** A learner's day and stars after a message was counted. */
export interface Practised {
  readonly day: PracticeDay
  readonly stars: Stars
  readonly starsEarned: number
}

/** What was done under an idempotency key. */
export interface Act {
  readonly input: string
  /** The message that was sent; null for practice in another client. */
  readonly messageId: MessageId | null
  /** The job that does it; null for what was done at once. */
  readonly jobId: JobId | null
  /** Null while the message waits for its answer. */
  readonly practised: Practised | null
}

/** The act itself, when its repeat means the same. @throws CONFLICT when the key was first used for something else */
export function sameAct(first: Act, repeat: Idempotency): Act {
  if (first.input === repeat.input) return first
  throw new HonzikError('CONFLICT', 'idempotencyKey was used before with other input.', { field: 'idempotencyKey' })
}

/**
 * To be asked of new acts only: the repeat of one that was counted may come later than that.
 * @throws BAD_USER_INPUT naming `occurredAt` for the future and for more than 48 hours ago
 */
export function requireRecent({ occurredAt }: Activity, now: Temporal.Instant): void {
  if (Temporal.Instant.compare(occurredAt, now) > 0) throw badInput('occurredAt', 'must not be in the future.')
  if (Temporal.Instant.compare(occurredAt, now.subtract(MAX_AGE)) < 0)
    throw badInput('occurredAt', 'must lie within the last 48 hours.')
}
