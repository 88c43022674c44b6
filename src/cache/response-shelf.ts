import type { Fences } from './fences.ts'
import type { Heat } from './heat.ts'
import { Kept, type Ring } from './ring.ts'
import type { Tag } from './shared-store.ts'
import { enter, exit, forgetAll, noUsage, type Usage } from './usage.ts'

/** Where whole responses are kept, each under its key, and filed under every tag of what it shows. */
export interface ResponseShelf<Value> {
  /** Whether anything stands there, be it still good or not. */
  has(key: string): boolean
  /** What stands there at `now`. */
  get(key: string, now: number): KeptResponse<Value> | undefined
  /**
   * Keeps a response that was begun when the sequence stood at `asOf`. Refused, with false, when an invalidation above
   * that number has named one of its tags, or when too much has happened since to know.
   */
  put(key: string, value: Value, options: ResponseOptions): boolean
  /** A value has become larger by so many bytes. Nothing happens where another one stands. */
  grow(key: string, value: Value, bytes: number): void
  /** How many had to go because something that they show has changed. */
  readonly overtaken: number
  /** How many responses are filed under the tag. */
  filed(tag: Tag): number
}

export interface KeptResponse<Value> {
  readonly value: Value
  /** Its time is over, though nothing that it shows has changed. */
  readonly stale: boolean
}

export interface ResponseOptions {
  readonly asOf: number
  /** Everything that it shows, and everything that it says is not there. */
  readonly tags: Iterable<Tag>
  /** Of the value alone. */
  readonly bytes: number
  /** On the clock that `get` is given: until then it is as good as new. */
  readonly freshUntil: number
  /** Until then it may be shown as stale; not before {@link freshUntil}. */
  readonly expiresAt: number
}

/** What a response costs besides its value: its maps' places and objects, and the same for each tag, roughly. */
const OVERHEAD_BYTES = 600
const TAG_BYTES = 120

interface Home {
  readonly byKey: Map<string, Response>
  /** Most tags have one response; a set for each would cost more than the response. */
  readonly byTag: Map<Tag, Response | Set<Response>>
  readonly usage: Usage
}

class Response extends Kept {
  readonly freshUntil: number
  readonly key: string
  readonly tags: readonly Tag[]
  readonly home: Home

  constructor(value: unknown, options: KeptOptions, key: string, tags: readonly Tag[], home: Home) {
    super(value, options.expires, options.bytes)
    this.freshUntil = options.freshUntil
    this.key = key
    this.tags = tags
    this.home = home
  }

  leave(): void {
    const { byKey, byTag } = this.home
    byKey.delete(this.key)
    exit(this.home.usage, this)
    for (const tag of this.tags) {
      const filed = byTag.get(tag)
      if (filed === this) byTag.delete(tag)
      else if (filed instanceof Set && filed.delete(this) && filed.size === 0) byTag.delete(tag)
    }
  }
}

interface KeptOptions {
  readonly expires: number
  readonly freshUntil: number
  readonly bytes: number
}

/** The responses of one memory. */
export class Responses<Value> implements ResponseShelf<Value> {
  readonly #ring: Ring
  readonly #fences: Fences
  readonly #began: number
  readonly #heat: Heat
  readonly #home: Home = { byKey: new Map(), byTag: new Map(), usage: noUsage('response') }
  #overtaken = 0

  constructor(ring: Ring, fences: Fences, began: number, heat: Heat) {
    this.#ring = ring
    this.#fences = fences
    this.#began = began
    this.#heat = heat
  }

  get usage(): Readonly<Usage> {
    return this.#home.usage
  }

  /** How many had to go because something that they show has changed. */
  get overtaken(): number {
    return this.#overtaken
  }

  has(key: string): boolean {
    return this.#home.byKey.has(key)
  }

  get(key: string, now: number): KeptResponse<Value> | undefined {
    const kept = this.#home.byKey.get(key)
    if (kept === undefined) return undefined
    const at = now - this.#began
    if (kept.expires <= at) {
      this.#ring.drop(kept)
      return undefined
    }
    if (!kept.used) kept.used = true
    // Whoever is shown a response reads all that it is made from.
    if (this.#heat.due()) this.#heat.noteAll(kept.tags)
    // Nothing but values of this kind is put here.
    return { value: kept.value as Value, stale: kept.freshUntil <= at }
  }

  put(key: string, value: Value, { asOf, tags, bytes, freshUntil, expiresAt }: ResponseOptions): boolean {
    const filed = [...tags]
    const cost = bytes + OVERHEAD_BYTES + key.length + filed.length * TAG_BYTES
    if (this.#fences.refuseAny(filed, asOf)) return false
    const before = this.#home.byKey.get(key)
    if (before) this.#ring.drop(before)
    if (cost > this.#ring.maxBytes) return true
    const times = { expires: Math.floor(expiresAt - this.#began), freshUntil: Math.floor(freshUntil - this.#began) }
    const response = new Response(value, { ...times, bytes: cost }, key, filed, this.#home)
    this.#home.byKey.set(key, response)
    for (const tag of filed) this.#file(tag, response)
    enter(this.#home.usage, response)
    this.#ring.keep(response)
    return true
  }

  grow(key: string, value: Value, bytes: number): void {
    const kept = this.#home.byKey.get(key)
    if (kept?.value !== value) return
    this.#home.usage.bytes += bytes
    this.#ring.grow(kept, bytes)
  }

  filed(tag: Tag): number {
    const filed = this.#home.byTag.get(tag)
    return filed instanceof Set ? filed.size : Number(filed !== undefined)
  }

  /** Forgets every response that is filed under the tag. */
  forget(tag: Tag): void {
    const filed = this.#home.byTag.get(tag)
    if (filed === undefined) return
    const overtaken = filed instanceof Set ? [...filed] : [filed]
    this.#overtaken += overtaken.length
    for (const response of overtaken) this.#ring.drop(response)
  }

  clear(): void {
    this.#home.byKey.clear()
    this.#home.byTag.clear()
    forgetAll(this.#home.usage)
  }

  #file(tag: Tag, response: Response): void {
    const filed = this.#home.byTag.get(tag)
    if (filed === undefined) this.#home.byTag.set(tag, response)
    else if (filed instanceof Set) filed.add(response)
    else this.#home.byTag.set(tag, new Set([filed, response]))
  }
}
