import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type Cache, openLocalCache, openNoCache, openSharedCache } from '../../src/cache/cache.ts'
import type { CacheEvent } from '../../src/cache/cache-event.ts'
import { createLocalStore } from '../../src/cache/local-store.ts'
import type { SharedStore } from '../../src/cache/shared-store.ts'
import { createMemoryOutbox, type MemoryOutbox } from '../support/memory-outbox.ts'
import { MemoryStore } from './memory-store.ts'
import { Source, settled, thingPolicy } from './node.ts'

let outbox: MemoryOutbox
let source: Source
let events: CacheEvent[]

beforeEach(() => {
  outbox = createMemoryOutbox()
  source = new Source()
  source.versions.set(1, 1)
  events = []
})
afterEach(() => {
  vi.useRealTimers()
})

const options = () => ({
  outbox,
  namespace: 'test',
  origin: 'db',
  report: (event: CacheEvent) => events.push(event),
  l1MaxBytes: 1_000_000,
  longestTtlMs: 100_000,
  consistency: 'strict' as const,
  now: () => 0,
})

/** The cache, and reading one thing in a request of its own. */
function using<C extends Cache>(cache: C) {
  onTestFinished(() => cache[Symbol.asyncDispose]())
  const things = cache.kind(thingPolicy, source.load)
  const tally = { hits: 0, loads: 0, joins: 0 }
  const read = async () => (await things.getMany([1], await cache.open('USE', { tally }))).get(1)
  return { cache, things, tally, read }
}

const change = () => {
  source.versions.set(1, 2)
  return outbox.note([thingPolicy.tagOf(1)])
}
const left = async () => (await outbox.pending(0, 100)).length

/** A store that takes no invalidation before it is let. */
function slowStore() {
  const store = new MemoryStore().connect()
  const late = Promise.withResolvers<void>()
  const invalidate = (...asked: Parameters<SharedStore['invalidate']>) =>
    late.promise.then(() => store.invalidate(...asked))
  return { slow: { ...store, invalidate }, late }
}

describe('a shared cache', () => {
  test('confirms a change, and crosses it out in the end', async () => {
    const { cache, read } = using(openSharedCache({ ...options(), store: new MemoryStore().connect() }))
    await settled()
    await read()
    const { confirmed, mark } = await cache.confirm(change())
    expect(confirmed).toBe(true)
    expect(mark?.number).toBe(1)
    expect(await read()).toEqual({ id: 1, version: 2 })
    await cache[Symbol.asyncDispose]()
    expect(await left()).toBe(0)
  })

  test('does not confirm what the store refuses, and leaves it to be done', async () => {
    const shared = new MemoryStore()
    const { cache } = using(openSharedCache({ ...options(), store: shared.connect() }))
    shared.gone = true
    expect(await cache.confirm(change())).toEqual({ confirmed: false, mark: null })
    expect(await left()).toBe(1)
  })

  test('waits 100 ms for the store and no longer; what it does later counts all the same', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    const { slow, late } = slowStore()
    const { cache } = using(openSharedCache({ ...options(), store: slow }))
    const confirmation = cache.confirm(change())
    await vi.advanceTimersByTimeAsync(100)
    expect(await confirmation).toEqual({ confirmed: false, mark: null })
    late.resolve()
    await settled()
    await cache[Symbol.asyncDispose]()
    expect(await left()).toBe(0)
  })

  test('reads what has arrived meanwhile before it gives the store up', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    const { slow, late } = slowStore()
    const { cache } = using(openSharedCache({ ...options(), store: slow }))
    const confirmation = cache.confirm(change())
    // As after a pause of this process: the time is over, and the answer is there.
    vi.advanceTimersByTime(100)
    late.resolve()
    expect((await confirmation).confirmed).toBe(true)
  })

  test('is closed when all that was leased has been filled', async () => {
    const store = new MemoryStore().connect()
    const late = Promise.withResolvers<void>()
    const fill = (...asked: Parameters<SharedStore['fill']>) => late.promise.then(() => store.fill(...asked))
    const { cache, read } = using(openSharedCache({ ...options(), store: { ...store, fill } }))
    await settled()
    await read()
    let closed = false
    const closing = cache[Symbol.asyncDispose]().then(() => {
      closed = true
    })
    await settled()
    expect(closed).toBe(false)
    late.resolve()
    await closing
    expect(events).toContainEqual({ kind: 'filled', policy: 'thing', count: 1 })
  })

  test('tells whether it keeps what is read', async () => {
    const shared = new MemoryStore()
    const { cache } = using(openSharedCache({ ...options(), store: shared.connect() }))
    await settled()
    const view = await cache.open('USE')
    expect(cache.keeps(view)).toBe(true)
    expect(cache.keeps(cache.after(view.mark, 'BYPASS'))).toBe(false)
    expect(cache.keeps({ ...view, mark: { life: 'another', number: 1, epoch: 1 } })).toBe(false)
    shared.gone = true
    expect(cache.keeps(await cache.open('USE'))).toBe(false)
    expect(cache.l1.maxBytes).toBe(875_000)
  })

  test('forgets what no cache can remember any more, however long the store is gone', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
    const shared = new MemoryStore()
    const { cache } = using(openSharedCache({ ...options(), store: shared.connect() }))
    shared.gone = true
    await cache.confirm(change())
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await left()).toBe(1)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await left()).toBe(0)
  })

  test('makes up for what the store missed before it is read again, and begins with empty memory', async () => {
    const shared = new MemoryStore()
    const { cache, read } = using(openSharedCache({ ...options(), store: shared.connect() }))
    await settled()
    await read()
    await settled()
    shared.gone = true
    await cache.confirm(change())
    expect(await read()).toEqual({ id: 1, version: 2 })
    shared.gone = false
    await vi.waitFor(() => expect(events).toContainEqual({ kind: 'breaker', state: 'closed' }))
    expect(events).toContainEqual({ kind: 'resynced', reason: 'reopened' })
    expect(await left()).toBe(0)
    expect(await read()).toEqual({ id: 1, version: 2 })
  })

  test('takes a change of everything for a new epoch, in its own memory too', async () => {
    const { cache, read } = using(openSharedCache({ ...options(), store: new MemoryStore().connect() }))
    await settled()
    await read()
    source.versions.set(1, 2)
    await cache.confirm(outbox.note(['*']))
    expect(await read()).toEqual({ id: 1, version: 2 })
  })

  test('catches up at its start with what was changed without it', async () => {
    const shared = new MemoryStore()
    const before = using(openSharedCache({ ...options(), store: shared.connect() }))
    await settled()
    await before.read()
    await settled()
    change()
    const { cache, read } = using(openSharedCache({ ...options(), store: shared.connect() }))
    await settled()
    await cache.catchUp()
    expect(await read()).toEqual({ id: 1, version: 2 })
  })

  test('is well as long as the store takes changes', async () => {
    const shared = new MemoryStore()
    const { cache } = using(openSharedCache({ ...options(), store: shared.connect() }))
    await cache.ping()
    shared.gone = true
    await expect(cache.ping()).rejects.toMatchObject({ name: 'StoreUnavailable' })
  })
})

describe('a bounded cache', () => {
  test('answers from memory without asking where the sequence stands', async () => {
    const shared = new MemoryStore()
    const store = shared.connect()
    let marks = 0
    const counting = {
      ...store,
      mark: () => {
        marks += 1
        return store.mark()
      },
    }
    const { read, tally } = using(openSharedCache({ ...options(), store: counting, consistency: 'bounded' }))
    await settled()
    await read()
    await settled()
    marks = 0
    await read()
    expect(marks).toBe(0)
    expect(tally).toEqual({ hits: 1, loads: 1, joins: 0 })
  })

  test('does not answer from memory while the store is not asked', async () => {
    const shared = new MemoryStore()
    const { cache, read } = using(openSharedCache({ ...options(), store: shared.connect(), consistency: 'bounded' }))
    await settled()
    await read()
    shared.gone = true
    await cache.confirm(change())
    expect(await read()).toEqual({ id: 1, version: 2 })
  })

  test('hears of a new epoch from others', async () => {
    const shared = new MemoryStore()
    const { read } = using(openSharedCache({ ...options(), store: shared.connect(), consistency: 'bounded' }))
    await settled()
    await read()
    source.versions.set(1, 2)
    await shared.connect().newEpoch()
    await settled()
    expect(await read()).toEqual({ id: 1, version: 2 })
  })
})

describe('a local cache', () => {
  test('answers from memory, and never with what was changed', async () => {
    const { cache, read, tally } = using(openLocalCache(options()))
    await read()
    await read()
    expect(tally).toEqual({ hits: 1, loads: 1, joins: 0 })
    expect((await cache.confirm(change())).confirmed).toBe(true)
    expect(await read()).toEqual({ id: 1, version: 2 })
  })

  test('leaves what it has changed to those who may share a cache tomorrow', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'performance'] })
    const { cache } = using(openLocalCache(options()))
    await cache.confirm(change())
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await left()).toBe(1)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await left()).toBe(0)
  })

  test('answers with what cannot be kept, and tells that it was not', async () => {
    const cache = openLocalCache(options())
    onTestFinished(() => cache[Symbol.asyncDispose]())
    const odd = {
      id: 1,
      version: 1,
      toJSON() {
        throw new TypeError('not to be written down')
      },
    }
    const things = cache.kind(thingPolicy, async () => new Map([[1, odd]]))
    expect((await things.getMany([1], await cache.open('USE'))).get(1)).toBe(odd)
    await settled()
    expect(events).toContainEqual(expect.objectContaining({ kind: 'store-failed', during: 'fill' }))
  })

  test('forgets everything with a change of everything', async () => {
    const { cache, read } = using(openLocalCache(options()))
    await read()
    source.versions.set(1, 2)
    await cache.confirm(outbox.note(['*']))
    expect(await read()).toEqual({ id: 1, version: 2 })
  })

  test('does not keep what was overtaken while it was loaded', async () => {
    const cache = openLocalCache(options())
    onTestFinished(() => cache[Symbol.asyncDispose]())
    const things = cache.kind(thingPolicy, async (ids) => {
      const found = await source.load(ids)
      if (source.versions.get(1) === 1) await cache.confirm(change())
      return found
    })
    const read = async () => (await things.getMany([1], await cache.open('USE'))).get(1)
    await read()
    expect(await read()).toEqual({ id: 1, version: 2 })
  })

  test('stops telling whoever has left', async () => {
    const store = createLocalStore()
    const heard: number[] = []
    const subscription = store.subscribe({ listening() {}, lost() {}, heard: ({ number }) => heard.push(number) })
    await store.invalidate([], ['a'])
    await subscription[Symbol.asyncDispose]()
    await store.invalidate([], ['b'])
    expect(heard).toEqual([1])
  })
})

describe('no cache', () => {
  test('loads everything, but what is asked for at one moment only once', async () => {
    const { read, tally } = using(openNoCache(options()))
    await Promise.all([read(), read(), read()])
    await read()
    expect(source.loads).toEqual([[1], [1]])
    expect(tally.hits).toBe(0)
  })

  test('leaves changes to those who have caches, as long as those can remember', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
    const { cache } = using(openNoCache(options()))
    expect(await cache.confirm(change())).toEqual({ confirmed: true, mark: null })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await left()).toBe(1)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await left()).toBe(0)
  })
})
