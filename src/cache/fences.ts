import type { Tag } from './shared-store.ts'

/** As many past invalidations as are remembered by name; older ones are remembered as "anything". */
const REMEMBERED = 10_000

/** Remembers which tags were named last at which number, so that what was loaded before is not kept after. */
export class Fences {
  readonly #raised = new Map<Tag, number>()
  #everything = Number.NEGATIVE_INFINITY

  refuse(tag: Tag, asOf: number): boolean {
    if (asOf < this.#everything) return true
    // While none is raised, the name need not even be hashed.
    return this.#raised.size > 0 && asOf < (this.#raised.get(tag) ?? Number.NEGATIVE_INFINITY)
  }

  /** Whether a response is to be refused that shows what is filed under all of the tags. */
  refuseAny(tags: readonly Tag[], asOf: number): boolean {
    return asOf < this.#everything || tags.some((tag) => this.refuse(tag, asOf))
  }

  raise(tag: Tag, number: number): void {
    const before = this.#raised.get(tag) ?? Number.NEGATIVE_INFINITY
    this.#raised.delete(tag)
    this.#raised.set(tag, Math.max(before, number))
    for (const [oldest, at] of this.#raised) {
      if (this.#raised.size <= REMEMBERED) return
      // Forgetting a name is made good by refusing everything as old as it.
      this.#raised.delete(oldest)
      this.#everything = Math.max(this.#everything, at)
    }
  }

  begin(number: number): void {
    this.#raised.clear()
    this.#everything = number
  }
}
