import type { L1, Shelf } from './l1.ts'
import type { Tag } from './shared-store.ts'

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
 * This process's memory for memoised values. As these never change, only an invalidation that names their tag removes
 * them: what empties the memory for entities, be it a doubt or a new epoch, does not touch it.
 */
export class MemoMemory {
  readonly keeps: MemoKeeps
  /** What each asker has asked before, the oldest first. */
  readonly marks: Shelf<Tag, readonly string[]>
  readonly #l1: L1
  readonly #listeners: ((tags: readonly Tag[]) => void)[] = []
  #moment = 0

  constructor(l1: L1, keeps: MemoKeeps) {
    this.#l1 = l1
    this.keeps = keeps
    this.marks = l1.shelf()
  }

  /** How many invalidations this process has heard of: what was found before one is not kept after it. */
  get moment(): number {
    return this.#moment
  }

  shelf<Value>(): MemoShelf<Value> {
    return this.#l1.shelf()
  }

  /** Calls back with what each invalidation names. */
  onInvalidation(listener: (tags: readonly Tag[]) => void): void {
    this.#listeners.push(listener)
  }

  /** The memory for entities together with this one, for whoever tells them what to forget. */
  beside(entities: Pick<L1, 'invalidate' | 'clear'>): Pick<L1, 'invalidate' | 'clear'> {
    return {
      invalidate: (tags, number) => {
        entities.invalidate(tags, number)
        this.#invalidate(tags)
      },
      clear: (number) => entities.clear(number),
    }
  }

  #invalidate(tags: readonly Tag[]): void {
    // A count of its own: reading what is memoised does not ask where the shared sequence stands.
    this.#moment += 1
    this.#l1.invalidate(tags, this.#moment)
    for (const listener of this.#listeners) listener(tags)
  }
}
