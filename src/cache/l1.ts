import type { Tag } from './shared-store.ts'

/** What a process keeps in its own memory, bounded by bytes; the least recently used goes first. */
export interface L1 {
  /** The value under a tag, or undefined; null is a value. */
  get(tag: Tag, now: number): unknown
  /**
   * Keeps a value that was loaded when the sequence stood at `asOf`. Refused, with false, when an invalidation above
   * that number has named the tag, or when too much has happened since to know.
   */
  put(tag: Tag, value: unknown, options: PutOptions): boolean
  /** Forgets what is filed under the tags, and refuses what was loaded before `number`. */
  invalidate(tags: readonly Tag[], number: number): void
  /** Forgets everything, and refuses from now on what was loaded before `number`; what was refused before does not count. */
  clear(number: number): void
  readonly bytes: number
  readonly size: number
}

export interface PutOptions {
  readonly asOf: number
  /** As long as its JSON, say. */
  readonly bytes: number
  /** On the clock that `get` is given. */
  readonly expiresAt: number
}

interface Entry {
  readonly value: unknown
  readonly bytes: number
  readonly expiresAt: number
}

/** What an entry costs besides its value: the key, the entry itself and its place in the map, roughly. */
const OVERHEAD_BYTES = 200

/** As many past invalidations as are remembered by name; older ones are remembered as "anything". */
const REMEMBERED = 10_000

export const createL1 = ({ maxBytes }: { readonly maxBytes: number }): L1 => new BoundedMemory(maxBytes)

class BoundedMemory implements L1 {
  readonly #entries = new Map<Tag, Entry>()
  readonly #fences = new Fences()
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  get size(): number {
    return this.#entries.size
  }

  get(tag: Tag, now: number): unknown {
    const entry = this.#entries.get(tag)
    if (entry === undefined) return undefined
    if (entry.expiresAt <= now) {
      this.#drop(tag)
      return undefined
    }
    // A map iterates in the order of insertion: what is used moves to the end.
    this.#entries.delete(tag)
    this.#entries.set(tag, entry)
    return entry.value
  }

  put(tag: Tag, value: unknown, { asOf, bytes, expiresAt }: PutOptions): boolean {
    if (this.#fences.refuse(tag, asOf)) return false
    this.#drop(tag)
    const entry = { value, bytes: bytes + OVERHEAD_BYTES, expiresAt }
    this.#entries.set(tag, entry)
    this.#bytes += entry.bytes
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) break
      this.#drop(oldest)
    }
    return true
  }

  invalidate(tags: readonly Tag[], number: number): void {
    for (const tag of tags) {
      this.#drop(tag)
      this.#fences.raise(tag, number)
    }
  }

  clear(number: number): void {
    this.#entries.clear()
    this.#bytes = 0
    this.#fences.begin(number)
  }

  #drop(tag: Tag): void {
    this.#bytes -= this.#entries.get(tag)?.bytes ?? 0
    this.#entries.delete(tag)
  }
}

/** Remembers which tags were named last at which number, so that what was loaded before is not kept after. */
class Fences {
  readonly #raised = new Map<Tag, number>()
  #everything = Number.NEGATIVE_INFINITY

  refuse(tag: Tag, asOf: number): boolean {
    return asOf < this.#everything || asOf < (this.#raised.get(tag) ?? Number.NEGATIVE_INFINITY)
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
