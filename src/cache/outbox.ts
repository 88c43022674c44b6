import type { Tag } from './shared-store.ts'

/** A tag that a committed change has made stale, as the database keeps it until it has been applied. */
export interface Noted {
  readonly id: number
  readonly tag: Tag
}

/** Stands for every tag: a change of too many things to name. */
export const EVERYTHING: Tag = '*'

/**
 * What committed changes have made stale and nobody has crossed out yet. Applying the same twice does no harm, so
 * processes need not agree on who does it. `tests/contracts/outbox.ts` says what every implementation must do.
 */
export interface Outbox {
  /** The oldest that are still there and were noted at least `ageMs` ago, at most `limit`. */
  pending(ageMs: number, limit: number): Promise<readonly Noted[]>
  /** How many were noted at least `ageMs` ago; of more than 100,000 only that. */
  backlog(ageMs: number): Promise<number>
  /** Crosses out what has been applied. Tells what nobody else had crossed out before. */
  forget(ids: readonly number[]): Promise<readonly number[]>
  /** Crosses out what was noted at least `ageMs` ago, applied or not; for what no cache can remember any more. */
  forgetOlder(ageMs: number): Promise<void>
}
