import type { Answered } from '../http/answered.ts'
import { Durations } from './durations.ts'

/** Names of operations that have a label of their own: callers choose them, and whoever counts has to stay small. */
const NAMES_MAX = 100

/** Stands for the operations without a name, for what was no operation, and for all names beyond those. */
const UNNAMED = '(unnamed)'
const NONE = '(none)'
const OTHERS = '(other)'

/** What is no query is answered past caches. */
const PAST_CACHES = 'NONE'

/** The answers of one operation that came from caches in one way. */
export interface Answers {
  readonly operation: string
  /** As `x-cache` says it; `NONE` for what is no query. */
  readonly cache: string
  readonly durations: Durations
}

/** Counts answers and how long they took, by operation and by where they came from. */
export class RequestCounts {
  readonly errors = new Map<string, number>()
  readonly #operations = new Map<string, Map<string, Durations>>()

  readonly report = ({ operation, cache, codes, signedIn, ms }: Answered): void => {
    const label = this.#labelOf(operation, signedIn && codes.length === 0)
    const byCache = this.#operations.getOrInsertComputed(label, () => new Map<string, Durations>())
    byCache.getOrInsertComputed(cache ?? PAST_CACHES, () => new Durations()).add(ms / 1000)
    for (const code of codes) this.errors.set(code, (this.errors.get(code) ?? 0) + 1)
  }

  get answers(): readonly Answers[] {
    return [...this.#operations].flatMap(([operation, byCache]) =>
      [...byCache].map(([cache, durations]) => ({ operation, cache, durations })),
    )
  }

  /** @param mayClaim whether a name that is new gets its own label: nobody is to use them up with names of nothing */
  #labelOf(operation: string | null | undefined, mayClaim: boolean): string {
    if (operation === undefined) return NONE
    if (operation === null) return UNNAMED
    if (this.#operations.has(operation)) return operation
    return mayClaim && this.#operations.size < NAMES_MAX ? operation : OTHERS
  }
}
