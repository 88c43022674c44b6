import type { LearnerDay, Tokens } from '../domain/usage.ts'

/** A call of a model that was answered. */
export interface PaidCall extends LearnerDay {
  readonly model: string
  readonly tokens: Tokens | null
  /** Null when it is not known. */
  readonly usd: number | null
  readonly at: Temporal.Instant
}

/** Answers of one learner's day that did not have to be paid for again. */
export interface Saving extends LearnerDay {
  readonly recalled: number
  /** What those of known price would have cost. */
  readonly usd: number
  /** How many of them have no known price. */
  readonly unpriced: number
}

/**
 * What models cost, kept in the database. Throws SERVICE_UNAVAILABLE when the database does not answer.
 * `tests/contracts/ledger.ts` says what every implementation must do.
 */
export interface Ledger {
  /**
   * Counts one more call on the day, unless it has as many as it may; at the same moment, too, never more.
   * @param limit calls a day at most; null: no limit
   */
  reserve(day: LearnerDay, limit: number | null): Promise<'COUNTED' | 'SPENT' | 'NO_SUCH_LEARNER'>
  /** Takes a counted call back: it brought no answer. */
  release(day: LearnerDay): Promise<void>
  /** Adds what a counted call cost. */
  settle(call: PaidCall): Promise<void>
  /** Adds savings; those of learners who are gone are dropped. */
  save(savings: readonly Saving[]): Promise<void>
}
