import type { Tag } from './shared-store.ts'

/** What a process keeps in its own memory, bounded by bytes; what was not used for long goes first. */
export interface L1 {
  /** A place for things of one kind. They are found there by id, so that a hit neither makes nor hashes a text. */
  shelf<Id, Value>(): Shelf<Id, Value>
  /** Forgets what is filed under the tags, and refuses what was loaded before `number`. */
  invalidate(tags: readonly Tag[], number: number): void
  /** Forgets everything, and refuses from now on what was loaded before `number`; what was refused before does not count. */
  clear(number: number): void
  readonly bytes: number
  readonly size: number
}

export interface Shelf<Id, Value> {
  /** The value of an id, or undefined; null is a value. */
  get(id: Id, now: number): Value | null | undefined
  /**
   * Keeps a value that was loaded when the sequence stood at `asOf`. Refused, with false, when an invalidation above
   * that number has named the tag it is filed under, or when too much has happened since to know.
   */
  put(id: Id, tag: Tag, value: Value | null, options: PutOptions): boolean
}

export interface PutOptions {
  readonly asOf: number
  /** As long as its JSON, say. */
  readonly bytes: number
  /** On the clock that `get` is given. */
  readonly expiresAt: number
}

/** Something kept: where it is found, and its place in the ring of all that is kept, from the oldest to the newest. */
class Entry {
  // What a hit reads stands first, so that it is in one line of the processor's cache.
  readonly value: unknown
  /** Milliseconds since memory began. A small integer stands in the entry itself, a larger number somewhere else. */
  readonly expires: number
  /** It was asked for since the hand last came by. */
  used = false
  readonly tag: Tag
  readonly id: unknown
  readonly shelf: Map<unknown, Entry>
  readonly bytes: number
  older: Entry = this
  newer: Entry = this

  constructor(value: unknown, expires: number, tag: Tag, id: unknown, shelf: Map<unknown, Entry>, bytes: number) {
    this.value = value
    this.expires = expires
    this.tag = tag
    this.id = id
    this.shelf = shelf
    this.bytes = bytes
  }
}

/** What an entry costs besides its value: its tag, the entry itself and its places in the maps, roughly. */
const OVERHEAD_BYTES = 200

/** As many past invalidations as are remembered by name; older ones are remembered as "anything". */
const REMEMBERED = 10_000

export interface L1Options {
  readonly maxBytes: number
  /** When memory begins, on the clock that `get` is given; 0 when left out. */
  readonly began?: number
}

export const createL1 = ({ maxBytes, began = 0 }: L1Options): L1 => new BoundedMemory(maxBytes, began)

/**
 * Lets go by SIEVE: a hand goes from the oldest entry to the newest and around, spares what was used since it last came
 * by and takes what was not. So a hit only sets a flag. To move what is used to the end of a map instead would leave a
 * hole in the map's chains each time, and every hit of a hot entry would walk through all of its holes.
 */
class BoundedMemory implements L1 {
  readonly #entries = new Map<Tag, Entry>()
  readonly #shelves: Map<unknown, Entry>[] = []
  readonly #fences = new Fences()
  readonly #maxBytes: number
  readonly #began: number
  /** Where the ring ends and begins; nothing is kept in it. */
  readonly #end = new Entry(null, 0, '', null, new Map(), 0)
  #hand = this.#end
  #bytes = 0

  constructor(maxBytes: number, began: number) {
    this.#maxBytes = maxBytes
    this.#began = began
  }

  get bytes(): number {
    return this.#bytes
  }

  get size(): number {
    return this.#entries.size
  }

  shelf<Id, Value>(): Shelf<Id, Value> {
    const shelf = new Map<unknown, Entry>()
    const began = this.#began
    this.#shelves.push(shelf)
    return {
      get: (id, now) => {
        const entry = shelf.get(id)
        if (entry === undefined) return undefined
        if (entry.expires <= now - began) {
          this.#drop(entry)
          return undefined
        }
        // Only once: what is written has to travel between the processor's caches.
        if (!entry.used) entry.used = true
        // Nothing but values of this kind is put on its shelf.
        return entry.value as Value | null
      },
      put: (id, tag, value, { asOf, bytes, expiresAt }) => {
        const cost = bytes + OVERHEAD_BYTES
        // Nothing that is kept already would be left beside it. What stands there is as new: it was not invalidated.
        if (cost > this.#maxBytes) return true
        if (this.#fences.refuse(tag, asOf)) return false
        this.#forget(tag)
        this.#keep(new Entry(value, Math.floor(expiresAt - began), tag, id, shelf, cost))
        return true
      },
    }
  }

  invalidate(tags: readonly Tag[], number: number): void {
    for (const tag of tags) {
      this.#forget(tag)
      this.#fences.raise(tag, number)
    }
  }

  clear(number: number): void {
    this.#entries.clear()
    for (const shelf of this.#shelves) shelf.clear()
    this.#end.newer = this.#end
    this.#end.older = this.#end
    this.#hand = this.#end
    this.#bytes = 0
    this.#fences.begin(number)
  }

  #keep(entry: Entry): void {
    const newest = this.#end.older
    entry.older = newest
    entry.newer = this.#end
    newest.newer = entry
    this.#end.older = entry
    this.#entries.set(entry.tag, entry)
    entry.shelf.set(entry.id, entry)
    this.#bytes += entry.bytes
    while (this.#bytes > this.#maxBytes) this.#moveHand()
  }

  #moveHand(): void {
    const entry = this.#hand
    this.#hand = entry.newer
    if (entry === this.#end) return
    if (entry.used) entry.used = false
    else this.#drop(entry)
  }

  #forget(tag: Tag): void {
    const entry = this.#entries.get(tag)
    if (entry) this.#drop(entry)
  }

  #drop(entry: Entry): void {
    if (this.#hand === entry) this.#hand = entry.newer
    entry.older.newer = entry.newer
    entry.newer.older = entry.older
    this.#entries.delete(entry.tag)
    entry.shelf.delete(entry.id)
    this.#bytes -= entry.bytes
  }
}

/** Remembers which tags were named last at which number, so that what was loaded before is not kept after. */
class Fences {
  readonly #raised = new Map<Tag, number>()
  #everything = Number.NEGATIVE_INFINITY

  refuse(tag: Tag, asOf: number): boolean {
    if (asOf < this.#everything) return true
    // While none is raised, the name need not even be hashed.
    return this.#raised.size > 0 && asOf < (this.#raised.get(tag) ?? Number.NEGATIVE_INFINITY)
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
