import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Breaker } from '../../src/cache/breaker.ts'
import type { CacheEvent } from '../../src/cache/cache-event.ts'
import type { MemoStore } from '../../src/cache/memo-store.ts'
import { type SharedStore, StoreUnavailable } from '../../src/cache/shared-store.ts'
import { MemoryStore } from './memory-store.ts'

let shared: MemoryStore
/** What the store does in place of answering; null lets it answer. */
let fault: ((method: string) => Error | null) | null
let asked: string[]
let drained: SharedStore[]
let drainFault: Error | null
let events: CacheEvent[]
let breaker: Breaker

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  shared = new MemoryStore()
  fault = null
  asked = []
  drained = []
  drainFault = null
  events = []
  breaker = new Breaker(faulty(shared.connect()), {
    report: (event) => events.push(event),
    async drain(store) {
      drained.push(store)
      if (drainFault) throw drainFault
    },
  })
})
afterEach(async () => {
  await breaker[Symbol.asyncDispose]()
  vi.useRealTimers()
})

const refused = () => new StoreUnavailable('refused')
const silent = () => new StoreUnavailable('not a word', { silent: true })

function faulty(store: SharedStore): SharedStore {
  const wrap =
    <Asked extends unknown[], Answer>(name: string, method: (...asked: Asked) => Promise<Answer>) =>
    async (...args: Asked): Promise<Answer> => {
      asked.push(name)
      const error = fault?.(name)
      if (error) throw error
      return method(...args)
    }
  return {
    read: wrap('read', store.read),
    lease: wrap('lease', store.lease),
    fill: wrap('fill', store.fill),
    mark: wrap('mark', store.mark),
    invalidate: wrap('invalidate', store.invalidate),
    newEpoch: wrap('newEpoch', store.newEpoch),
    subscribe: store.subscribe,
  }
}

const states = () => events.flatMap((event) => (event.kind === 'breaker' ? [event.state] : []))

describe('the store is asked', () => {
  test('as long as it answers', async () => {
    expect(await breaker.mark()).toMatchObject({ number: 0 })
    expect(await breaker.lease([{ key: 'a', discard: false }], { token: 'lease:1', ms: 1_000 }, shared.life)).toEqual([
      null,
    ])
    expect(await breaker.fill([{ key: 'a', value: 'x', ttlMs: 1_000 }], 'lease:1')).toBe(1)
    expect(await breaker.read(['a'], shared.life)).toEqual(['x'])
    expect((await breaker.invalidate(['a'], [])).number).toBe(1)
    expect((await breaker.newEpoch()).number).toBe(2)
    expect(breaker.open).toBe(false)
  })

  test('through a refusal or two of reads', async () => {
    fault = refused
    for (let n = 0; n < 2; n += 1) await expect(breaker.mark()).rejects.toThrow('refused')
    expect(breaker.open).toBe(false)
    fault = null
    await breaker.mark()
    fault = refused
    for (let n = 0; n < 2; n += 1) await expect(breaker.mark()).rejects.toThrow('refused')
    expect(breaker.open).toBe(false)
  })
})

describe('the store is not asked any more', () => {
  test('after three refusals of one kind in a row, even when it does other things', async () => {
    fault = (method) => (method === 'lease' ? refused() : null)
    for (let n = 0; n < 3; n += 1) {
      await breaker.mark()
      await expect(breaker.lease([], { token: 'lease:1', ms: 1 }, shared.life)).rejects.toThrow('refused')
    }
    expect(breaker.open).toBe(true)
    asked.length = 0
    await expect(breaker.mark()).rejects.toMatchObject({ name: 'StoreUnavailable' })
    expect(asked).toEqual([])
  })

  test('at once when it says nothing at all', async () => {
    fault = silent
    await expect(breaker.mark()).rejects.toThrow('not a word')
    expect(breaker.open).toBe(true)
  })

  test.each(['invalidate', 'newEpoch'] as const)(
    'at once when it refuses %s: it may hold old values',
    async (method) => {
      fault = refused
      await expect(breaker[method]([], [])).rejects.toThrow('refused')
      expect(breaker.open).toBe(true)
      expect(states()).toEqual(['open'])
    },
  )
})

describe('its other side, of memoised values,', () => {
  const key = 'memo'
  const lease = { token: 'lease:1', ms: 1_000 }
  const memos = (store: Partial<MemoStore> = {}) => breaker.guarding({ ...shared.connect(), ...store })

  test('is asked as long as it answers', async () => {
    const store = memos()
    expect(await store.claim(key, lease, null)).toBeNull()
    expect(await store.renew(key, lease)).toBe(true)
    expect(await store.settle(key, lease.token, 'x', 1_000)).toBe(true)
    expect(await store.find([key])).toEqual(['x'])
    expect(await store.claim(key, lease, 'x')).toBeNull()
    await store.release(key, lease.token)
    await store.note(key, 'aa', { most: 1, ttlMs: 1_000 })
    expect(await store.find([key])).toEqual(['aa'])
  })

  test('is not asked any more when either of both is silent, and again with it', async () => {
    const store = memos({ renew: () => Promise.reject(silent()) })
    await expect(store.renew(key, lease)).rejects.toThrow('not a word')
    await expect(breaker.mark()).rejects.toMatchObject({ name: 'StoreUnavailable' })
    const refusals = [
      store.find([key]),
      store.claim(key, lease, null),
      store.renew(key, lease),
      store.settle(key, lease.token, 'x', 1_000),
      store.release(key, lease.token),
      store.note(key, 'aa', { most: 1, ttlMs: 1_000 }),
    ]
    for (const each of refusals) await expect(each).rejects.toThrow('not asked at the moment')
    await vi.advanceTimersByTimeAsync(100)
    expect(await store.find([key])).toEqual([null])
  })

  test('is not asked any more after three refusals of one kind in a row', async () => {
    const store = memos({ claim: () => Promise.reject(refused()) })
    for (let n = 0; n < 3; n += 1) {
      expect(breaker.open).toBe(false)
      await store.find([key])
      await expect(store.claim(key, lease, null)).rejects.toThrow('refused')
    }
    expect(breaker.open).toBe(true)
  })
})

describe('once it is not asked any more', () => {
  beforeEach(async () => {
    fault = silent
    await expect(breaker.mark()).rejects.toThrow()
    asked.length = 0
  })

  test('it is tried with an invalidation, until it takes one', async () => {
    await vi.advanceTimersByTimeAsync(300)
    expect(asked).toEqual(['invalidate', 'invalidate', 'invalidate'])
    expect(breaker.open).toBe(true)
    fault = null
    await vi.advanceTimersByTimeAsync(100)
    expect(breaker.open).toBe(false)
    expect(states()).toEqual(['open', 'closed'])
  })

  test('a store that answers but takes no changes stays out of use', async () => {
    fault = (method) => (method === 'invalidate' ? refused() : null)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(breaker.open).toBe(true)
  })

  test('what it missed is made up for before anyone reads it', async () => {
    fault = null
    let drainedBefore = false
    breaker.onClose(() => {
      drainedBefore = drained.length === 1
    })
    drainFault = new Error('the database is gone')
    await vi.advanceTimersByTimeAsync(100)
    expect(breaker.open).toBe(true)
    drained.length = 0
    drainFault = null
    await vi.advanceTimersByTimeAsync(100)
    expect(breaker.open).toBe(false)
    expect(drainedBefore).toBe(true)
  })

  test('nothing is tried after the end', async () => {
    await breaker[Symbol.asyncDispose]()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(asked).toEqual([])
  })
})
