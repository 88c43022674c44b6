import { unpacked } from './codec.ts'
import type { CacheDeps } from './deps.ts'
import { createEnvelope } from './envelope.ts'
import type { Looked } from './l1.ts'
import { keyOf, type Policy } from './policy.ts'
import type { Mark } from './shared-store.ts'

/** One copy of a thing in a cache, for whoever wants to see what is there. */
export interface Copy {
  /** As JSON. */
  readonly value: string
  /** Milliseconds since 1970; null for copies that do not say. */
  readonly loadedAt: number | null
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  /** As much as it takes where it is. */
  readonly bytes: number
}

/** The copies of one thing that a request would get now. To look for them changes nothing. */
export interface Copies {
  /** In this process's memory. */
  readonly memory: Copy | null
  /** In the shared store; null also where that cannot be asked. */
  readonly shared: Copy | null
}

/** The same beside what the source says. */
export interface Inspected extends Copies {
  /** As JSON. */
  readonly found: string
  /** Whether each copy says the same; null where there is none. */
  readonly isFresh: boolean | null
}

/** What was read after the copies; a change that came in between makes right ones look stale, for a moment. */
export function besideSource({ memory, shared }: Copies, source: unknown): Inspected {
  const found = JSON.stringify(source)
  const copies = [memory, shared].filter((copy) => copy !== null)
  const isFresh = copies.length === 0 ? null : copies.every(({ value }) => value === found)
  return { memory, shared, found, isFresh }
}

export const copyOf = <Value>({ value, loadedAt, expiresAt, bytes }: Looked<Value>): Copy => ({
  value: JSON.stringify(value),
  loadedAt,
  expiresAt,
  bytes,
})

type StoreDeps = Pick<CacheDeps, 'store' | 'namespace' | 'origin' | 'now' | 'entryMaxBytes'>

/** What the shared store has for an id, if a request that begins at the mark would take it. */
export async function storedCopy<Id, Value>(
  { store, namespace, origin, now, entryMaxBytes }: StoreDeps,
  { tagOf, version, decode }: Policy<Id, Value>,
  id: Id,
  mark: Mark,
): Promise<Copy | null> {
  const [stored] = await store.read([keyOf(namespace, tagOf(id))], mark.life).catch(() => [])
  const opened = typeof stored === 'string' ? createEnvelope(origin, mark, version).open(stored) : null
  if (typeof stored !== 'string' || opened === null || !(opened.expiresAt > now())) return null
  try {
    const json: unknown = JSON.parse(unpacked(opened.body, entryMaxBytes))
    // Decoded and written anew, as what the source says is.
    const value = JSON.stringify(json === null ? null : decode(json))
    return { value, loadedAt: opened.loadedAt, expiresAt: opened.expiresAt, bytes: Buffer.byteLength(stored) }
  } catch {
    return null
  }
}
