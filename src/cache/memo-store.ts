import type { Lease } from './shared-store.ts'

/** Stands for whatever is found that is no lease: it may be replaced. */
export const ANYTHING_BUT_A_LEASE: unique symbol = Symbol('anything but a lease')

/** What may make room for a lease: exactly this text, whatever is no lease, or nothing. */
export type Replaceable = string | typeof ANYTHING_BUT_A_LEASE | null

export interface NoteOptions {
  /** As many marks as are kept, at least 1. */
  readonly most: number
  /** Milliseconds, at least 1. */
  readonly ttlMs: number
}

/**
 * A store that all processes share, for what is expensive and never changes. So it counts in whatever life of the store
 * it is found. Every method throws `StoreUnavailable` when the store does not answer in time; what was asked may still
 * happen later. `tests/contracts/memo-store.ts` says what each must do.
 */
export interface MemoStore {
  /** What stands under each key: a value, somebody's lease, the note of a failure, or null. */
  find(keys: readonly string[]): Promise<readonly (string | null)[]>
  /**
   * Writes the lease's token where nothing stands or what may be replaced, to vanish after its time. Null where it was
   * written; else what stands there. Of several who claim at once one gets it.
   */
  claim(key: string, lease: Lease, replaced: Replaceable): Promise<string | null>
  /** Gives a lease its whole time anew; false, and nothing happens, where its token no longer stands. */
  renew(key: string, lease: Lease): Promise<boolean>
  /**
   * Puts a value, or the note of a failure, in the place of its token; false, and nothing happens, where that no longer
   * stands.
   * @param ttlMs milliseconds, at least 1
   */
  settle(key: string, token: string, value: string, ttlMs: number): Promise<boolean>
  /** Removes what stands there if it is this token. */
  release(key: string, token: string): Promise<void>
  /**
   * Puts a mark last in the list under a key, whose oldest ones make room, and gives the list its whole time anew. The
   * list is found as the text of its marks, one after the other: all of one list are of one length.
   */
  note(key: string, mark: string, options: NoteOptions): Promise<void>
}
