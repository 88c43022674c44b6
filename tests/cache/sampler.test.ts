import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Cache, openSharedCache } from '../../src/cache/cache.ts'
import type { CacheEvent } from '../../src/cache/cache-event.ts'
import type { Kind } from '../../src/cache/kind.ts'
import { createMemoryOutbox } from '../support/memory-outbox.ts'
import { MemoryStore } from './memory-store.ts'
import { Source, settled, type Thing, thingPolicy } from './node.ts'

let shared: MemoryStore
let source: Source
let events: CacheEvent[]
let cache: Cache
let things: Kind<number, Thing>

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  shared = new MemoryStore()
  source = new Source()
  source.versions.set(1, 1)
  events = []
  cache = openSharedCache({
    store: shared.connect(),
    outbox: createMemoryOutbox(),
    namespace: 'test',
    origin: 'db',
    report: (event) => events.push(event),
    l1MaxBytes: 1_000_000,
    longestTtlMs: 1_000_000,
    consistency: 'strict',
    now: () => 0,
  })
  things = cache.kind(thingPolicy, source.load)
  await settled()
})
afterEach(async () => {
  await cache[Symbol.asyncDispose]()
  vi.useRealTimers()
})

const read = async () => {
  await things.getMany([1], await cache.open('USE'))
  await settled()
}
const pass = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms)
  await settled()
}
const sampled = () => events.flatMap((event) => (event.kind === 'sampled' ? [event.stale] : []))

test('what is cached is compared with its source now and then', async () => {
  await read()
  await pass(5_000)
  await pass(5_000)
  expect(sampled()).toEqual([false, false])
})

test('nothing is compared while nothing was asked for, or the store is not asked', async () => {
  await pass(10_000)
  await read()
  shared.gone = true
  await pass(10_000)
  expect(sampled()).toEqual([])
})

test('a value that goes on differing from its source is told as stale', async () => {
  await read()
  source.versions.set(1, 2)
  await pass(5_000)
  expect(sampled()).toEqual([])
  await pass(2_000)
  expect(events.at(-1)).toEqual({ kind: 'sampled', policy: thingPolicy.name, tag: thingPolicy.tagOf(1), stale: true })
})

test('a change that is only on its way is none', async () => {
  await read()
  source.versions.set(1, 2)
  await pass(5_000)
  await cache.confirm([{ id: 1, tag: thingPolicy.tagOf(1) }])
  await pass(2_000)
  expect(sampled()).toEqual([false])
})

test('nothing is left to happen after the end', async () => {
  await read()
  await cache[Symbol.asyncDispose]()
  expect(vi.getTimerCount()).toBe(0)
})

test('a source that is gone is for others to tell', async () => {
  await read()
  source.failing = true
  await pass(5_000)
  source.failing = false
  await pass(5_000)
  expect(sampled()).toEqual([false])
})

test('a copy in the shared store is compared as well, also where memory has a right one', async () => {
  await read()
  const key = [...shared.entries.keys()].find((each) => each.includes('{'))
  const stored = key && shared.entries.get(key)
  if (!key || !stored) throw new Error('nothing is stored')
  shared.entries.set(key, { ...stored, value: stored.value.replace('"version":1', '"version":0') })
  await pass(5_000)
  await pass(2_000)
  expect(sampled()).toEqual([true])
})

test('looking counts as nobody’s read, and brings nothing in', async () => {
  await read()
  const before = events.length
  await pass(5_000)
  expect(events.slice(before).map(({ kind }) => kind)).toEqual(['sampled'])
})

test('what is asked for most is looked at, not only what was loaded last', async () => {
  for (const id of [1, 2]) source.versions.set(id, 1)
  await things.getMany([1], await cache.open('USE'))
  await things.getMany([2], await cache.open('USE'))
  const view = await cache.open('USE')
  for (let each = 0; each < 1_000; each += 1) await things.get(1, view)
  expect(things.recent()).toBe(1)
})

test('what nobody has asked for does not count as asked for', async () => {
  const view = await cache.open('USE', { quiet: true })
  await things.getMany([1], view)
  await things.getMany([1], await cache.open('USE', { quiet: true }))
  await things.get(1, await cache.open('USE', { quiet: true }))
  const kinds = new Set(events.map(({ kind }) => kind))
  expect([kinds.has('hit'), kinds.has('miss'), kinds.has('loaded')]).toEqual([false, false, true])
  expect(cache.heat.top(10)).toEqual([])
})
