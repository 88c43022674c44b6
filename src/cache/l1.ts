import { Fences } from './fences.ts'
import { Heat } from './heat.ts'
import { type ResponseShelf, Responses } from './response-shelf.ts'
import { Kept, Ring } from './ring.ts'
import type { Tag } from './shared-store.ts'
import { enter, exit, forgetAll, type MemoryUsage, noUsage, summed, type Usage } from './usage.ts'

/** What a process keeps in its own memory, bounded by bytes; what was not used for long goes first. */
export interface L1 {
  /**
   * A place for things of one kind. They are found there by id, so that a hit neither makes nor hashes a text.
   * @param name under which its usage is told; `other` when left out
   */
  shelf<Id, Value>(name?: string): Shelf<Id, Value>
  /** A place for whole responses, which share the bytes with everything else. */
  readonly responses: ResponseShelf<unknown>
  /** Forgets what is filed under the tags, and refuses what was loaded before `number`. */
  invalidate(tags: readonly Tag[], number: number): void
  /** Forgets everything, and refuses from now on what was loaded before `number`; what was refused before does not count. */
  clear(number: number): void
  readonly bytes: number
  /** As many as are kept at most. */
  readonly maxBytes: number
  readonly size: number
  usage(): MemoryUsage
}

export interface Shelf<Id, Value> {
  /** The value of an id, or undefined; null is a value. */
  get(id: Id, now: number): Value | null | undefined
  /** The same as {@link get} for whoever only looks: it leaves no trace, not even of having been asked for. */
  look(id: Id, now: number): Looked<Value> | undefined
  /** When what stands there ends, on the same clock; long ago where nothing stands. */
  expiresAt(id: Id): number
  /**
   * Keeps a value that was loaded when the sequence stood at `asOf`. Refused, with false, when an invalidation above
   * that number has named the tag it is filed under, or when too much has happened since to know.
   */
  put(id: Id, tag: Tag, value: Value | null, options: PutOptions): boolean
}

/** What stands on a shelf, times on the clock that `look` is given. */
export interface Looked<Value> {
  readonly value: Value | null
  readonly loadedAt: number | null
  readonly expiresAt: number
  /** As much as it takes there, with everything that belongs to it. */
  readonly bytes: number
}

export interface PutOptions {
  readonly asOf: number
  /** As long as its JSON, say. */
  readonly bytes: number
  /** On the clock that `get` is given. */
  readonly expiresAt: number
  /** On the same clock; null where that is not known. */
  readonly loadedAt?: number | null
}

interface Home {
  readonly byTag: Map<Tag, Entry>
  readonly byId: Map<unknown, Entry>
  readonly usage: Usage
}

class Entry extends Kept {
  readonly tag: Tag
  readonly id: unknown
  readonly home: Home
  /** On the clock of {@link expires}: a hit reads nothing that stands here. */
  readonly loaded: number | null

  constructor(value: unknown, { expires, loaded }: Times, bytes: number, { tag, id, home }: Place) {
    super(value, expires, bytes)
    this.tag = tag
    this.id = id
    this.home = home
    this.loaded = loaded
  }

  leave(): void {
    this.home.byTag.delete(this.tag)
    this.home.byId.delete(this.id)
    exit(this.home.usage, this)
  }
}

type Times = Pick<Entry, 'expires' | 'loaded'>
type Place = Pick<Entry, 'tag' | 'id' | 'home'>

/** What an entry costs besides its value: its tag, the entry itself and its places in the maps, roughly. */
const OVERHEAD_BYTES = 200

export interface L1Options {
  readonly maxBytes: number
  /** When memory begins, on the clock that `get` is given; 0 when left out. */
  readonly began?: number
  /** Shown what responses that are read are made from; one of its own when left out. */
  readonly heat?: Heat
}

export const createL1 = ({ maxBytes, began = 0, heat = new Heat({ random: Math.random }) }: L1Options): L1 =>
  new BoundedMemory(maxBytes, began, heat)

class BoundedMemory implements L1 {
  readonly responses: Responses<unknown>
  readonly #entries = new Map<Tag, Entry>()
  readonly #homes: Home[] = []
  readonly #fences = new Fences()
  readonly #ring: Ring
  readonly #began: number

  constructor(maxBytes: number, began: number, heat: Heat) {
    this.#ring = new Ring(maxBytes)
    this.#began = began
    this.responses = new Responses(this.#ring, this.#fences, began, heat)
  }

  get bytes(): number {
    return this.#ring.bytes
  }

  get maxBytes(): number {
    return this.#ring.maxBytes
  }

  get size(): number {
    return this.#entries.size
  }

  usage(): MemoryUsage {
    const { evictions, maxBytes } = this.#ring
    const kinds = summed([this.responses.usage, ...this.#homes.map(({ usage }) => usage)])
    return { bytes: this.bytes, maxBytes, evictions, overtaken: this.responses.overtaken, kinds }
  }

  shelf<Id, Value>(name = 'other'): Shelf<Id, Value> {
    const home: Home = { byTag: this.#entries, byId: new Map(), usage: noUsage(name) }
    const shelf = home.byId
    const began = this.#began
    this.#homes.push(home)
    return {
      get: (id, now) => {
        const entry = shelf.get(id)
        if (entry === undefined) return undefined
        if (entry.expires <= now - began) {
          this.#ring.drop(entry)
          return undefined
        }
        // Only once: what is written has to travel between the processor's caches.
        if (!entry.used) entry.used = true
        // Nothing but values of this kind is put on its shelf.
        return entry.value as Value | null
      },
      look: (id, now) => lookedAt<Value>(shelf.get(id), now, began),
      expiresAt: (id) => (shelf.get(id)?.expires ?? Number.NEGATIVE_INFINITY) + began,
      put: (id, tag, value, options) => {
        const { asOf, bytes } = options
        const cost = bytes + OVERHEAD_BYTES
        // Nothing that is kept already would be left beside it. What stands there is as new: it was not invalidated.
        if (cost > this.#ring.maxBytes) return true
        if (this.#fences.refuse(tag, asOf)) return false
        this.#forget(tag)
        const entry = new Entry(value, timesOf(options, began), cost, { tag, id, home })
        this.#entries.set(tag, entry)
        shelf.set(id, entry)
        enter(home.usage, entry)
        this.#ring.keep(entry)
        return true
      },
    }
  }

  invalidate(tags: readonly Tag[], number: number): void {
    for (const tag of tags) {
      this.#forget(tag)
      this.responses.forget(tag)
      this.#fences.raise(tag, number)
    }
  }

  clear(number: number): void {
    this.#entries.clear()
    for (const { byId, usage } of this.#homes) {
      byId.clear()
      forgetAll(usage)
    }
    this.responses.clear()
    this.#ring.clear()
    this.#fences.begin(number)
  }

  #forget(tag: Tag): void {
    const entry = this.#entries.get(tag)
    if (entry) this.#ring.drop(entry)
  }
}

const timesOf = ({ expiresAt, loadedAt = null }: PutOptions, began: number): Times => ({
  expires: Math.floor(expiresAt - began),
  loaded: loadedAt === null ? null : Math.floor(loadedAt - began),
})

function lookedAt<Value>(entry: Entry | undefined, now: number, began: number): Looked<Value> | undefined {
  if (entry === undefined || entry.expires <= now - began) return undefined
  const { value, loaded, expires, bytes } = entry
  // As in `get`: nothing but values of this kind is put on its shelf.
  return {
    value: value as Value | null,
    loadedAt: loaded === null ? null : loaded + began,
    expiresAt: expires + began,
    bytes,
  }
}
