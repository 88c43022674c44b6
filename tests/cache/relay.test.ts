import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CacheEvent } from '../../src/cache/cache-event.ts'
import { Relay } from '../../src/cache/relay.ts'
import type { Announcement, SharedStore } from '../../src/cache/shared-store.ts'
import { createMemoryOutbox, type MemoryOutbox } from '../support/memory-outbox.ts'
import { MemoryStore } from './memory-store.ts'

let shared: MemoryStore
let store: SharedStore
let outbox: MemoryOutbox
let relay: Relay
let heard: Announcement[]
let events: CacheEvent[]
let ready: boolean

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  shared = new MemoryStore()
  store = shared.connect()
  outbox = createMemoryOutbox()
  heard = []
  events = []
  ready = true
  store.subscribe({ listening() {}, lost() {}, heard: (announcement) => heard.push(announcement) })
  relay = new Relay({ outbox, namespace: 'test', report: (event) => events.push(event) })
})
afterEach(async () => {
  await relay[Symbol.asyncDispose]()
  vi.useRealTimers()
})

const left = async () => (await outbox.pending(0, 1_000_000)).map(({ tag }) => tag)
const named = () => heard.map(({ tags }) => tags)

describe('what was left behind', () => {
  test('is applied once it is half a second old, and crossed out', async () => {
    relay.start(store, () => ready)
    await vi.advanceTimersByTimeAsync(250)
    shared.entries.set('test:v1:{user:1}', { value: 'old', endsAt: Number.POSITIVE_INFINITY })
    outbox.note(['user:1', 'user:1', 'users'])
    await vi.advanceTimersByTimeAsync(250)
    expect(named()).toEqual([])
    await vi.advanceTimersByTimeAsync(500)
    expect(named()).toEqual([['user:1', 'users']])
    expect(shared.entries.size).toBe(0)
    expect(await left()).toEqual([])
  })

  test('waits while the store is not asked', async () => {
    relay.start(store, () => ready)
    ready = false
    outbox.note(['user:1'])
    await vi.advanceTimersByTimeAsync(5_000)
    expect(named()).toEqual([])
    ready = true
    await vi.advanceTimersByTimeAsync(500)
    expect(named()).toEqual([['user:1']])
  })

  test('stays where the store refuses it, and is told', async () => {
    relay.start(store, () => ready)
    outbox.note(['user:1'])
    shared.gone = true
    await vi.advanceTimersByTimeAsync(1_500)
    expect(await left()).toEqual(['user:1'])
    expect(events.filter(({ kind }) => kind === 'relay-failed')).not.toEqual([])
    shared.gone = false
    await vi.advanceTimersByTimeAsync(500)
    expect(await left()).toEqual([])
  })

  test('of very many is a new epoch, and so is what stands for everything', async () => {
    outbox.note(Array.from({ length: 900 }, (_, n) => `user:${n}`))
    outbox.note(Array.from({ length: 900 }, (_, n) => `stars:${n}`))
    await relay.drain(store)
    outbox.note(['user:1', '*'])
    await relay.drain(store)
    expect(named()).toEqual([['*'], ['*']])
    expect(shared.epoch).toBe(3)
    expect(await left()).toEqual([])
  })
})

describe('what was applied by others', () => {
  test('is crossed out with the next round, and not applied again', async () => {
    relay.start(store, () => ready)
    relay.applied(outbox.note(['user:1']))
    await vi.advanceTimersByTimeAsync(1_500)
    expect(await left()).toEqual([])
    expect(named()).toEqual([])
  })

  test('is crossed out at the end', async () => {
    relay.applied(outbox.note(['user:1']))
    await relay[Symbol.asyncDispose]()
    expect(await left()).toEqual([])
  })

  test('is not forgotten when crossing out fails', async () => {
    relay.start(store, () => ready)
    const forget = outbox.forget
    relay.applied(outbox.note(['user:1']))
    outbox.forget = () => Promise.reject(new Error('the database is gone'))
    await vi.advanceTimersByTimeAsync(500)
    outbox.forget = forget
    await vi.advanceTimersByTimeAsync(500)
    expect(await left()).toEqual([])
    expect(named()).toEqual([])
  })
})

test('draining applies everything, however young', async () => {
  outbox.note(['user:1'])
  await relay.drain(store)
  expect(named()).toEqual([['user:1']])
  expect(await left()).toEqual([])
})
