/** A name for something that can change. Every entry is filed under exactly one tag, so a change finds it without searching. */
export type Tag = string

/** Where the shared sequence of invalidations stood at some moment. */
export interface Mark {
  /** Which life of the store this is: another one may have forgotten or rolled back anything. */
  readonly life: string
  /** Changes when everything cached before is void at once. */
  readonly epoch: number
  /** Grows by one with each invalidation. */
  readonly number: number
}

/** An invalidation as every node hears of it. */
export interface Announcement {
  readonly number: number
  readonly tags: readonly Tag[]
}

/** The invalidations of all nodes, in order. */
export interface SharedSequence {
  /** Where the sequence stands at some moment between the call and its answer. */
  mark(): Promise<Mark>
  /** Declares everything cached before void. */
  newEpoch(): Promise<Mark>
  /**
   * Hears every announcement of the life that `listening` names from the moment that it was called on, in the order of their numbers, until
   * `lost` is called: then some may have been missed, and `listening` is called again before any more come.
   */
  subscribe(hearer: SequenceHearer): AsyncDisposable
}

export interface SequenceHearer {
  /** @param life the one that the announcements to come belong to */
  listening(life: string): void
  heard(announcement: Announcement): void
  lost(): void
}

export interface LeaseRequest {
  readonly key: string
  /** The value there is of no use and makes room first; otherwise nobody could ever fill its key. */
  readonly discard: boolean
}

export interface Lease {
  readonly token: string
  /** Milliseconds after which it vanishes, at least 1. */
  readonly ms: number
}

export interface Fill {
  readonly key: string
  readonly value: string
  /** Milliseconds, at least 1. */
  readonly ttlMs: number
}

/**
 * A store that all processes share, such as Redis. Every method throws {@link StoreUnavailable} when the store does not
 * answer in time; what was asked may still happen later. `tests/contracts/shared-store.ts` says what each must do.
 */
export interface SharedStore extends SharedSequence {
  /**
   * What stands under each key: a value, somebody's lease, or null. Unavailable when the store no longer lives the life
   * that the caller knows: one that came back may hold again what was removed from the one before.
   */
  read(keys: readonly string[], life: string): Promise<readonly (string | null)[]>
  /**
   * Writes the token where nothing stands, to vanish after its time. Null where it was written; else what stands there.
   * Unavailable in another life, as `read` is.
   */
  lease(requests: readonly LeaseRequest[], lease: Lease, life: string): Promise<readonly (string | null)[]>
  /** Puts each value in the place of its token; where the token no longer stands, nothing happens. Returns how many were put. */
  fill(fills: readonly Fill[], token: string): Promise<number>
  /**
   * Removes what stands under the keys, leases included. Only then it takes the next number for the tags and tells every
   * node, this one included: whoever has read the new number finds no entry from before it. Returns where the sequence
   * now stands.
   */
  invalidate(keys: readonly string[], tags: readonly Tag[]): Promise<Mark>
}

/** The store did not answer in time, refused, or is not to be asked at the moment. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
  /** No answer came at all, rather than a refusal. */
  readonly silent: boolean

  constructor(message: string, { silent = false, ...options }: ErrorOptions & { readonly silent?: boolean } = {}) {
    super(message, options)
    this.silent = silent
  }
}
