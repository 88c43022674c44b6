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
  /** Forgets everything, and refuses whatever was loaded before `number`. */
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

export function createL1({ maxBytes }: { readonly maxBytes: number }): L1 {
  const entries = new Map<Tag, Entry>()
  const fences = createFences()
  let bytes = 0

  function drop(tag: Tag, entry: Entry): void {
    entries.delete(tag)
    bytes -= entry.bytes
  }

  function makeRoom(): void {
    for (const [tag, entry] of entries) {
      if (bytes <= maxBytes) return
      drop(tag, entry)
    }
  }

  return {
    get(tag, now) {
      const entry = entries.get(tag)
      if (entry === undefined) return undefined
      if (entry.expiresAt <= now) {
        drop(tag, entry)
        return undefined
      }
      // A map iterates in the order of insertion: what is used moves to the end.
      entries.delete(tag)
      entries.set(tag, entry)
      return entry.value
    },
    put(tag, value, { asOf, bytes: size, expiresAt }) {
      if (fences.refuse(tag, asOf)) return false
      const old = entries.get(tag)
      if (old) drop(tag, old)
      entries.set(tag, { value, bytes: size + OVERHEAD_BYTES, expiresAt })
      bytes += size + OVERHEAD_BYTES
      makeRoom()
      return true
    },
    invalidate(tags, number) {
      for (const tag of tags) {
        const entry = entries.get(tag)
        if (entry) drop(tag, entry)
        fences.raise(tag, number)
      }
    },
    clear(number) {
      entries.clear()
      bytes = 0
      fences.raiseAll(number)
    },
    get bytes() {
      return bytes
    },
    get size() {
      return entries.size
    },
  }
}

/** Remembers which tags were named last at which number, so that what was loaded before is not kept after. */
function createFences() {
  const raised = new Map<Tag, number>()
  let everything = Number.NEGATIVE_INFINITY

  return {
    refuse: (tag: Tag, asOf: number): boolean => asOf < everything || asOf < (raised.get(tag) ?? everything),
    raise(tag: Tag, number: number): void {
      const before = raised.get(tag) ?? Number.NEGATIVE_INFINITY
      raised.delete(tag)
      raised.set(tag, Math.max(before, number))
      for (const [oldest, at] of raised) {
        if (raised.size <= REMEMBERED) return
        // Forgetting a name is made good by refusing everything as old as it.
        raised.delete(oldest)
        everything = Math.max(everything, at)
      }
    },
    raiseAll(number: number): void {
      raised.clear()
      everything = Math.max(everything, number)
    },
  }
}
