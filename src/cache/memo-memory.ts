import type { Followed } from './follower.ts'
import type { L1, Shelf } from './l1.ts'
import type { Tag } from './shared-store.ts'
import type { MemoryUsage } from './usage.ts'

/** What this process keeps of memoised values: all, those that are nobody's alone, or none. */
export type MemoKeeps = 'everything' | 'answers' | 'nothing'

/** A value in memory. What answers something else in the same place is no answer. */
export interface Kept<Value> {
  readonly fingerprint: string
  readonly value: Value
  readonly computedAt: number
}

/** Where the values of one policy are kept, by their tags. */
export type MemoShelf<Value> = Shelf<Tag, Kept<Value>>

/**
 * This process's memory for memoised values. As these never change, only what names their tag removes them, or may have:
 * a new epoch does not touch them. Beside a shared store that is not told apart from a doubt whether a name was missed;
 * the store has them still, and from there they come back.
 */
export class MemoMemory {
  readonly keeps: MemoKeeps
  /** The marks of what each asker has asked before, the oldest first. */
  readonly marks: Shelf<Tag, string>
  readonly #l1: L1
  readonly #listeners: ((tags: readonly Tag[] | null) => void)[] = []
  #moment = 0

  constructor(l1: L1, keeps: MemoKeeps) {
    this.#l1 = l1
    this.keeps = keeps
    this.marks = l1.shelf('asked')
  }

  /** How many invalidations this process has heard of, or may have missed: what was found before is not kept after. */
  get moment(): number {
    return this.#moment
  }

  shelf<Value>(policy: string): MemoShelf<Value> {
    return this.#l1.shelf(policy)
  }

  usage(): MemoryUsage {
    return this.#l1.usage()
  }

  /** Calls back with what each invalidation names; null: it may have been anything. */
  onInvalidation(listener: (tags: readonly Tag[] | null) => void): void {
    this.#listeners.push(listener)
  }

  /** The memory for entities together with this one, for whoever tells them what to forget. */
  beside(entities: Followed): Followed {
    return {
      invalidate: (tags, number) => {
        entities.invalidate(tags, number)
        this.invalidate(tags)
      },
      clear: (number, reason) => {
        entities.clear(number)
        // Nothing is missed by a process that is alone. And when the messages end, the store may be gone as well, and this
        // is what is left; what is missed from then on is made good before any are heard again.
        if (this.keeps !== 'everything' && reason !== 'lost') this.#clear()
      },
    }
  }

  invalidate(tags: readonly Tag[]): void {
    // A count of its own: reading what is memoised does not ask where the shared sequence stands.
    this.#moment += 1
    this.#l1.invalidate(tags, this.#moment)
    for (const listener of this.#listeners) listener(tags)
  }

  #clear(): void {
    this.#moment += 1
    this.#l1.clear(this.#moment)
    for (const listener of this.#listeners) listener(null)
  }
}
