import type { Tag } from './shared-store.ts'

/** What one response is made from, gathered while it is made: whatever makes one of these stale makes it stale. */
export class Footprint {
  /** Everything that the response shows or says is not there; null for one that is not to be kept, which needs none. */
  readonly tags: Set<Tag> | null
  #until = Number.POSITIVE_INFINITY
  #asOf = Number.POSITIVE_INFINITY

  constructor({ tagged = true } = {}) {
    this.tags = tagged ? new Set() : null
  }

  /** When the first of these ends, in milliseconds since 1970. */
  get until(): number {
    return this.#until
  }

  /**
   * The place of the sequence since which all of these are known to have stood so: not before the oldest of what was read
   * for others. Infinite where nothing was.
   */
  get asOf(): number {
    return this.#asOf
  }

  add(tag: Tag): void {
    this.tags?.add(tag)
  }

  /** Something was read when the sequence stood there; the request for the response may have begun at a later place. */
  beginBy(number: number): void {
    if (number < this.#asOf) this.#asOf = number
  }

  /** What the response says may be wrong from this instant on, in milliseconds since 1970. */
  endBy(instant: number): void {
    if (instant < this.#until) this.#until = instant
  }
}
