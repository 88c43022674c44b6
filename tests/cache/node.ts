import type { CacheEvent } from '../../src/cache/cache-event.ts'
import { type Coherence, createCoherence } from '../../src/cache/coherence.ts'
import { createEntityCache, type EntityCache } from '../../src/cache/entity-cache.ts'
import { Heat } from '../../src/cache/heat.ts'
import { invalidate } from '../../src/cache/invalidation.ts'
import type { Kind } from '../../src/cache/kind.ts'
import { createL1, type L1, type PutOptions } from '../../src/cache/l1.ts'
import type { Policy } from '../../src/cache/policy.ts'
import type { Mark, SharedStore } from '../../src/cache/shared-store.ts'
import { type NextTurn, nextTurn } from '../../src/cache/turns.ts'
import type { View } from '../../src/cache/view.ts'
import type { MemoryStore, Pause } from './memory-store.ts'

/** What the tests cache: a number that only grows, so that an older one is plainly stale. */
export interface Thing {
  readonly id: number
  readonly version: number
}

export const thingPolicy: Policy<number, Thing> = {
  name: 'thing',
  tagOf: (id) => `thing:${id}`,
  ttlMs: () => 60_000,
  absentTtlMs: 5_000,
  version: 1,
  decode(json) {
    const { id, version } = Object(json)
    if (typeof id !== 'number' || typeof version !== 'number') throw new TypeError('not a thing')
    return { id, version }
  },
}

/** The source that stands behind the cache, and what was asked of it. */
export class Source {
  readonly versions = new Map<number, number>()
  readonly loads: (readonly number[])[] = []
  failing = false
  readonly pause: Pause

  constructor(pause: Pause = async () => {}) {
    this.pause = pause
  }

  readonly load = async (ids: readonly number[]): Promise<ReadonlyMap<number, Thing>> => {
    this.loads.push([...ids])
    await this.pause('load: on its way')
    if (this.failing) throw new Error('the source is gone')
    const found = new Map<number, Thing>()
    for (const id of ids) {
      const version = this.versions.get(id)
      if (version !== undefined) found.set(id, { id, version })
    }
    await this.pause('load: on its way back')
    return found
  }
}

export interface Node extends AsyncDisposable {
  readonly cache: EntityCache
  readonly things: Kind<number, Thing>
  readonly l1: L1
  readonly coherence: Coherence
  readonly events: CacheEvent[]
  /** Opens a request and reads one thing in it. */
  read(id: number, mode?: View['mode']): Promise<Thing | null | undefined>
  /** Changes a thing as a command does: the source first, then the invalidation, then the acknowledgement. */
  write(id: number): Promise<number>
  /** What happens before a change is acknowledged. */
  invalidate(tags: readonly string[]): Promise<Mark>
  /** How many events there were of a kind. */
  count(kind: CacheEvent['kind'], where?: Partial<Record<string, unknown>>): number
}

/** A guard of the protocol that can be taken away, to see that the tests notice. */
export const GUARDS = ['lease compare', 'sequence check', 'put fence', 'joining rule', 'life stamp'] as const
export type Guard = (typeof GUARDS)[number]

export interface NodeOptions {
  readonly store?: SharedStore
  readonly policy?: Policy<number, Thing>
  readonly without?: Guard | null
  readonly turn?: NextTurn
  readonly entryMaxBytes?: number
}

let nodes = 0

/** One node of the real cache over the given store. */
export function startNode(
  shared: MemoryStore,
  source: Source,
  { store = shared.connect(), policy = thingPolicy, without = null, turn = nextTurn, ...sizes }: NodeOptions = {},
): Node {
  nodes += 1
  const name = `node-${nodes}`
  let tokens = 0
  const events: CacheEvent[] = []
  const report = (event: CacheEvent) => events.push(event)
  const whole = createL1({ maxBytes: 1_000_000 })
  const l1 = without === 'put fence' ? unfenced(whole) : whole
  const follower = createCoherence({ sequence: store, l1, report, turn })
  const coherence = without === 'sequence check' ? { ...follower, trusts: () => true } : follower
  const cache = createEntityCache({
    store: weakened(shared, store, without),
    coherence,
    l1,
    namespace: 'test',
    origin: 'db',
    report,
    heat: new Heat({ random: () => 0 }),
    now: () => shared.now,
    random: () => 0,
    unique: () => `${name}-${++tokens}`,
    leaseMs: 3_000,
    turn,
    ...sizes,
  })
  const things = cache.kind(policy, source.load)
  async function invalidateTags(tags: readonly string[]): Promise<Mark> {
    const mark = await invalidate(store, 'test', tags)
    coherence.originated(tags, mark)
    return mark
  }
  return {
    cache,
    things,
    l1,
    coherence,
    events,
    async read(id, mode = 'USE') {
      const view = await cache.open(mode)
      const opened = without === 'joining rule' ? { ...view, tick: -1 } : view
      return (await things.getMany([id], opened)).get(id)
    },
    async write(id) {
      const version = (source.versions.get(id) ?? 0) + 1
      source.versions.set(id, version)
      await invalidateTags([thingPolicy.tagOf(id)])
      return version
    },
    invalidate: invalidateTags,
    count: (kind, where = {}) =>
      events.filter((event) => event.kind === kind && Object.entries(where).every(([k, v]) => Object(event)[k] === v))
        .length,
    [Symbol.asyncDispose]: () => Promise.resolve(coherence[Symbol.asyncDispose]()),
  }
}

const unfenced = (l1: L1): L1 => ({
  get bytes() {
    return l1.bytes
  },
  maxBytes: l1.maxBytes,
  get size() {
    return l1.size
  },
  responses: {
    has: (name) => l1.responses.has(name),
    get: (name, now) => l1.responses.get(name, now),
    put: (key, value, options) => l1.responses.put(key, value, { ...options, asOf: Number.POSITIVE_INFINITY }),
    grow: (name, value, bytes) => l1.responses.grow(name, value, bytes),
    get overtaken() {
      return l1.responses.overtaken
    },
    filed: (tag) => l1.responses.filed(tag),
  },
  invalidate: (tags, number) => l1.invalidate(tags, number),
  clear: (number) => l1.clear(number),
  usage: () => l1.usage(),
  shelf<Id, Value>() {
    const shelf = l1.shelf<Id, Value>()
    return {
      ...shelf,
      put: (id: Id, tag: string, value: Value | null, options: PutOptions) =>
        shelf.put(id, tag, value, { ...options, asOf: Number.POSITIVE_INFINITY }),
    }
  },
})

function weakened(shared: MemoryStore, store: SharedStore, without: Guard | null): SharedStore {
  if (without === 'lease compare') return uncompared(shared, store)
  if (without === 'life stamp') return unstamped(shared, store)
  return store
}

/** As if every life of the store were the same. */
const unstamped = (shared: MemoryStore, store: SharedStore): SharedStore => ({
  ...store,
  read: (keys) => store.read(keys, shared.life),
  lease: (requests, lease) => store.lease(requests, lease, shared.life),
  mark: async () => ({ ...(await store.mark()), life: 'one' }),
})

const uncompared = (shared: MemoryStore, store: SharedStore): SharedStore => ({
  ...store,
  async fill(fills, token) {
    // As a plain SET would: whatever stands there now is replaced.
    for (const { key } of fills) shared.entries.set(key, { value: token, endsAt: Number.POSITIVE_INFINITY })
    return store.fill(fills, token)
  },
})

/** Resolves once everything that was begun has come to rest, where nothing is held back. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
