import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Cache, openLocalCache, openNoCache, openSharedCache } from '../../src/cache/cache.ts'
import type { CacheEvent } from '../../src/cache/cache-event.ts'
import { Footprint } from '../../src/cache/footprint.ts'
import { createMemoryOutbox } from '../support/memory-outbox.ts'
import { Answering, type Asking } from './answering.ts'
import { MemoryStore } from './memory-store.ts'
import { Source, settled, startNode, thingPolicy } from './node.ts'

let shared: MemoryStore
let source: Source
let here: Answering

beforeEach(async () => {
  shared = new MemoryStore()
  source = new Source()
  source.versions.set(1, 1)
  const node = startNode(shared, source)
  onTestFinished(() => node[Symbol.asyncDispose]())
  await settled()
  here = new Answering(node, shared)
})

/** A question whose answer is held back until it is let go, or fails then. */
async function held(asking: Asking = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const answer = here.ask({ ...asking, meanwhile: () => promise })
  answer.catch(() => {})
  await settled()
  return { answer, release: () => resolve(), fail: () => reject(new Error('it failed')) }
}

/** A question that has got as far as it gets by itself. */
async function asked(asking: Asking = {}) {
  const answer = here.ask(asking)
  await settled()
  return { answer }
}

describe('those who ask the same at one moment', () => {
  test('share one response', async () => {
    const { answer, release } = await held()
    const others = [await asked(), await asked()]
    release()
    expect(await answer).toEqual({ text: '1', how: 'made' })
    for (const { answer } of others) expect(await answer).toEqual({ text: '1', how: 'joined' })
    expect(here.made).toBe(1)
    expect(here.node.count('joined', { policy: 'response' })).toBe(2)
    expect(here.node.count('miss', { policy: 'response' })).toBe(1)
  })

  test('do not share one that ended before they began, such as yesterday', async () => {
    const midnight = shared.now + 50
    const { answer, release } = await held({ endsAt: midnight })
    const before = await asked()
    shared.now = midnight
    const after = await asked()
    release()
    expect((await answer).how).toBe('made')
    expect((await before.answer).how).toBe('joined')
    expect((await after.answer).how).toBe('made')
  })

  test('and something else do not', async () => {
    const { release } = await held()
    expect((await here.ask({ key: 'other' })).how).toBe('made')
    release()
  })

  test('do not wait for one that has ended', async () => {
    const { answer, release } = await held({ unkept: true })
    release()
    await answer
    expect((await here.ask()).how).toBe('made')
  })

  test('make their own when something was changed in between, and only that is kept', async () => {
    const { answer, release } = await held()
    await here.node.write(1)
    const later = await here.ask()
    expect(later).toEqual({ text: '2', how: 'made' })
    release()
    expect(await answer).toEqual({ text: '1', how: 'made' })
    expect(await here.ask()).toEqual({ text: '2', how: 'kept' })
  })

  test('wait for the latest one, also when an older one ends before it', async () => {
    const first = await held()
    await here.node.write(1)
    const second = await held()
    first.release()
    await first.answer
    const third = await asked()
    second.release()
    expect(await third.answer).toEqual({ text: '2', how: 'joined' })
  })

  test.each(['life', 'epoch'])(
    'make their own when the store is in another %s, whatever its numbers say',
    async (of) => {
      const { answer, release } = await held()
      if (of === 'life') shared.restart()
      else shared.epoch += 1
      expect((await here.ask()).how).toBe('made')
      release()
      await answer
    },
  )

  test('may take one that was begun by a request that came later', async () => {
    const early = await here.node.cache.open('USE')
    const { answer, release } = await held()
    const joining = here.askWith(early)
    release()
    await answer
    expect((await joining).how).toBe('joined')
  })
})

describe('when the one who makes it', () => {
  test('fails, the first of the others makes it for the rest', async () => {
    const { answer, fail } = await held()
    const others = [await asked(), await asked(), await asked()]
    fail()
    await expect(answer).rejects.toThrow('it failed')
    const hows = await Promise.all(others.map(async (other) => (await other.answer).how))
    expect(hows).toEqual(['made', 'joined', 'joined'])
    expect(here.made).toBe(2)
    expect((await here.ask()).how).toBe('kept')
  })

  test('fails, and the next one fails as well, the rest make their own', async () => {
    const first = await held()
    const second = await held()
    const others = [await asked(), await asked()]
    first.fail()
    await settled()
    second.fail()
    await expect(second.answer).rejects.toThrow('it failed')
    for (const { answer } of others) expect((await answer).how).toBe('made')
    expect(here.made).toBe(4)
  })

  test('gets something for their own request only, the others make their own', async () => {
    const { answer, release } = await held({ unkept: true })
    const other = await asked()
    release()
    expect((await answer).how).toBe('made')
    expect(await other.answer).toEqual({ text: '1', how: 'made' })
    expect(here.made).toBe(2)
  })

  test('gets something for their own request only, nothing is kept', async () => {
    await here.ask({ unkept: true })
    expect(here.responses.has('k')).toBe(false)
  })
})

describe('whoever wants everything anew', () => {
  test('neither finds a response nor waits for one, but what they get is kept', async () => {
    const { answer, release } = await held()
    expect((await here.ask({ mode: 'REFRESH' })).how).toBe('made')
    release()
    await answer
    source.versions.set(1, 5)
    expect(await here.ask({ mode: 'REFRESH' })).toEqual({ text: '5', how: 'made' })
    expect(await here.ask()).toEqual({ text: '5', how: 'kept' })
  })

  test('or nothing from caches is not waited for', async () => {
    for (const mode of ['REFRESH', 'BYPASS'] as const) {
      const { answer, release } = await held({ key: mode, mode })
      expect((await here.ask({ key: mode })).how).toBe('made')
      release()
      await answer
    }
  })
})

test('whoever wants nothing from caches neither finds nor waits, and nothing of theirs is kept', async () => {
  const { answer, release } = await held()
  expect((await here.ask({ mode: 'BYPASS' })).how).toBe('made')
  release()
  await answer
  source.versions.set(1, 5)
  expect(await here.ask({ mode: 'BYPASS' })).toEqual({ text: '5', how: 'made' })
  expect(await here.ask()).toEqual({ text: '1', how: 'kept' })
  await here.ask({ mode: 'BYPASS', key: 'other' })
  expect(here.responses.has('other')).toBe(false)
})

describe('over a whole cache', () => {
  const events: CacheEvent[] = []
  const options = () => ({
    outbox: createMemoryOutbox(),
    namespace: 'test',
    origin: 'db',
    report: (event: CacheEvent) => events.push(event),
    l1MaxBytes: 1_000_000,
    longestTtlMs: 100_000,
    consistency: 'strict' as const,
    now: () => shared.now,
  })

  /** Asks for thing 1, as the server does. */
  function using(cache: Cache, kept = true) {
    onTestFinished(() => cache[Symbol.asyncDispose]())
    const responses = cache.responses<number>({ kept })
    const things = cache.kind(thingPolicy, source.load)
    const policy = { maxAgeMs: 10_000, staleMs: 0 }
    return async () => {
      const view = cache.openNow('USE') ?? (await cache.open('USE'))
      const found = responses.find('k', view)
      if (found) return 'kept'
      const make = async () => {
        const footprint = new Footprint()
        const value = (await things.getMany([1], { ...view, footprint })).get(1)?.version ?? 0
        return { value, bytes: 10, footprint }
      }
      return (await responses.obtain({ key: 'k', view, policy, make })).joined ? 'joined' : 'made'
    }
  }

  test('that processes share, what one has made is kept until it is changed', async () => {
    const cache = openSharedCache({ ...options(), store: shared.connect() })
    const ask = using(cache)
    await settled()
    expect([await ask(), await ask()]).toEqual(['made', 'kept'])
    await cache.confirm([{ id: 1, tag: 'thing:1' }])
    expect(await ask()).toBe('made')
  })

  test('in this process alone, what was made is kept until it is changed or its time is over', async () => {
    const cache = openLocalCache(options())
    const ask = using(cache)
    expect([await ask(), await ask()]).toEqual(['made', 'kept'])
    await cache.confirm([{ id: 1, tag: 'thing:1' }])
    expect([await ask(), await ask()]).toEqual(['made', 'kept'])
    shared.now += 10_000
    expect(await ask()).toBe('made')
  })

  test('where none are to be kept none are, but those who ask at one moment share one', async () => {
    const ask = using(openLocalCache(options()), false)
    expect([await ask(), await ask()]).toEqual(['made', 'made'])
    expect(await Promise.all([ask(), ask()])).toEqual(['made', 'joined'])
  })

  test('without any cache everyone makes their own', async () => {
    const ask = using(openNoCache(options()))
    expect(await Promise.all([ask(), ask()])).toEqual(['made', 'made'])
    expect(await ask()).toBe('made')
  })
})
