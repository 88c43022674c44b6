import type { Copies } from './inspection.ts'
import type { Tag } from './shared-store.ts'

/** How one kind of expensive thing that never changes is remembered. */
export interface MemoPolicy<Value> {
  /** In metrics and logs, such as `reply`. */
  readonly name: string
  /** Milliseconds that a value is remembered. */
  readonly ttlMs: number
  /** Of the shape of values; raised when what older releases have stored should no longer be read. */
  readonly version: number
  /** The value in this JSON; throws for a shape that it does not know. */
  readonly decode: (json: unknown) => Value
  /** For values that are stored as bytes and not as JSON: then `decode` is not asked. */
  readonly bytes?: BytesForm<Value>
  /**
   * A failure as text, for those in other processes who wait for the same value. Null: it is the asker's own affair, such
   * as their budget, and whoever waits tries for themselves.
   */
  readonly encodeFailure: (error: unknown) => string | null
  /** Throws for a text that it does not know: then whoever waits tries for themselves, too. */
  readonly decodeFailure: (text: string) => Error
}

/** How a value becomes bytes. */
export interface BytesForm<Value> {
  write(value: Value): Buffer
  /** Throws for what it did not write. */
  read(bytes: Buffer): Value
}

export interface MemoQuestion<Value> {
  /**
   * Where the value stands, one at a time. An invalidation of this tag removes it, and the lease of whoever is about to
   * put one there.
   */
  readonly tag: Tag
  /**
   * What is asked, as a hash in hexadecimal of at least 16 digits. What stands in the place as the answer to something
   * else is no answer.
   */
  readonly fingerprint: string
  /**
   * - `USE`: takes what is remembered, or joins whoever is about to compute it
   * - `REFRESH`: computes anew, in the place of what is remembered
   * - `BYPASS`: computes, and neither reads nor stores nor joins
   */
  readonly mode: 'USE' | 'REFRESH' | 'BYPASS'
  /**
   * Whose alone it is to see. This process keeps no such value in memory beside a shared store, nor where it does not
   * hear of invalidations.
   */
  readonly personal: boolean
  /** Under which it is noted what somebody has asked, for as long as a value is remembered; null: not noted. */
  readonly asker: Tag | null
  /** Aborted when this caller no longer waits: they are rejected with its reason, and nobody else is. */
  readonly signal: AbortSignal
  /**
   * Hears the value as it is computed, piece by piece; who joins late hears first, as one piece, what there was so far.
   * Nothing is heard of what another process computes or has stored. Where an attempt failed that had been heard of,
   * nothing more is heard: another one would not go on where that one ended.
   */
  readonly onProgress?: ((piece: string) => void) | undefined
  /** Called for one of those who wait for the same value. */
  readonly compute: (call: MemoCall) => Promise<Value>
}

export interface MemoCall {
  /**
   * Aborted when nobody waits any more. Whoever computes may stop then, or finish: what is there in the end is
   * remembered all the same, and until then the place is theirs.
   */
  readonly signal: AbortSignal
  readonly progress: (piece: string) => void
}

export interface Memoised<Value> {
  readonly value: Value
  /**
   * - `STORED`: it was there
   * - `COMPUTED`: this caller's `compute` made it
   * - `JOINED`: it was made for somebody else while this caller waited
   */
  readonly from: 'STORED' | 'COMPUTED' | 'JOINED'
  /** Milliseconds since 1970 at which it was computed. */
  readonly computedAt: number
  /** Milliseconds since 1970 at which the asker was first answered when they asked exactly this; null: not before. */
  readonly askedAt: number | null
}

/** Has expensive things computed once, for everyone in all processes who asks for the same meanwhile and afterwards. */
export interface Memo<Value> {
  /** Fails as `compute` does, or the one that was waited for; and with the signal's reason. */
  ask(question: MemoQuestion<Value>): Promise<Memoised<Value>>
  /** Of the policy. */
  readonly name: string
  /** What is remembered in a place, whatever question it answers; of what is stored as bytes only how many those are. */
  inspect(tag: Tag): Promise<Copies>
}
