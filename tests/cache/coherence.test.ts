import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Announcement, SequenceHearer } from '../../src/cache/shared-store.ts'
import { MemoryStore } from './memory-store.ts'
import { type Node, Source, settled, startNode, thingPolicy } from './node.ts'

let shared: MemoryStore
let source: Source
let node: Node

beforeEach(async () => {
  shared = new MemoryStore()
  source = new Source()
  source.versions.set(1, 1)
  node = startNode(shared, source)
  await settled()
  await node.read(1)
  await node.read(1)
  expect(node.count('hit', { tier: 'L1' })).toBe(1)
  node.events.length = 0
})
afterEach(async () => {
  vi.useRealTimers()
  await node[Symbol.asyncDispose]()
})

/** Takes the entry out of the shared store and changes the source behind everyone's back, so that only memory is old. */
function changeUnnoticed(): void {
  shared.entries.clear()
  source.versions.set(1, 2)
}

const reasons = () => node.events.flatMap((event) => (event.kind === 'resynced' ? [event.reason] : []))

describe('memory is emptied and begun anew', () => {
  test('when the store lives anew', async () => {
    changeUnnoticed()
    shared.restart()
    expect(await node.read(1)).toEqual({ id: 1, version: 2 })
    expect(reasons()).toEqual(['other-life'])
  })

  test('when everything was declared void', async () => {
    const stored = new Map(shared.entries)
    source.versions.set(1, 2)
    await shared.connect().newEpoch()
    for (const [key, value] of stored) shared.entries.set(key, value)
    expect(await node.read(1)).toEqual({ id: 1, version: 2 })
    expect(reasons()).toContain('other-epoch')
  })

  test('when the sequence vanished and began anew, of which no message tells', async () => {
    shared.epoch += 1_000
    shared.number += 1_000
    changeUnnoticed()
    expect(await node.read(1)).toEqual({ id: 1, version: 2 })
    expect(reasons()).toEqual(['other-epoch'])
    await settled()
    await node.read(1)
    expect(node.l1.size).toBe(1)
  })

  test('when the sequence has gone back', async () => {
    shared.number = 10
    await node.write(7)
    await settled()
    changeUnnoticed()
    shared.number = 3
    await node.read(1)
    expect(reasons()).toContain('went-back')
    expect(await node.read(1)).toEqual({ id: 1, version: 2 })
  })

  test('when a message is missing between two', async () => {
    shared.number += 1
    changeUnnoticed()
    await node.write(7)
    await settled()
    expect(reasons()).toEqual(['gap'])
    expect(await node.read(1)).toEqual({ id: 1, version: 2 })
  })

  test('when messages stay away while the sequence goes on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    shared.number += 1
    changeUnnoticed()
    expect(await node.read(1)).toEqual({ id: 1, version: 2 })
    expect(reasons()).toEqual([])
    await vi.advanceTimersByTimeAsync(50)
    expect(reasons()).toEqual(['behind'])
  })

  test('when the subscription breaks, and not used before it is back', async () => {
    const restore = shared.cutSubscriptions()
    expect(reasons()).toEqual(['lost'])
    expect(node.l1.size).toBe(0)
    await node.read(1)
    expect(node.l1.size).toBe(0)
    restore()
    await settled()
    await node.read(1)
    expect(node.l1.size).toBe(1)
  })

  test('as soon as the sequence answers again, when it did not at the beginning', async () => {
    const quiet = new MemoryStore()
    quiet.gone = true
    const late = startNode(quiet, source)
    await settled()
    quiet.gone = false
    await late.read(1)
    await settled()
    await late.read(1)
    await late.read(1)
    expect(late.count('hit', { tier: 'L1' })).toBeGreaterThan(0)
  })
})

describe('what was loaded before an invalidation', () => {
  test('is not put into memory after it', async () => {
    const view = await node.cache.open('REFRESH')
    const store = shared.connect()
    const overtaken = startNode(shared, {
      ...source,
      load: async (ids: readonly number[]) => {
        const found = await source.load(ids)
        source.versions.set(1, 2)
        await store.invalidate(['test:v1:{thing:1}'], [thingPolicy.tagOf(1)])
        await settled()
        return found
      },
    } as Source)
    await settled()
    // The read itself began before the change and may return either; the next one may not.
    expect((await overtaken.read(1, 'REFRESH'))?.version).toBe(1)
    expect(overtaken.count('put-refused')).toBe(1)
    await settled()
    expect(overtaken.count('fill-refused')).toBe(1)
    expect(await node.read(1)).toEqual({ id: 1, version: 2 })
    expect(view.mode).toBe('REFRESH')
    await overtaken[Symbol.asyncDispose]()
  })
})

test('messages that have arrived while the process was held up are read before they are given up', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const held: Announcement[] = []
  let hearer: SequenceHearer | undefined
  const store = shared.connect()
  const late = startNode(shared, source, {
    store: {
      ...store,
      subscribe(given) {
        hearer = given
        return store.subscribe({ ...given, heard: (announcement) => held.push(announcement) })
      },
    },
  })
  await settled()
  await node.write(7)
  await late.read(1)
  vi.advanceTimersByTime(50)
  for (const announcement of held) hearer?.heard(announcement)
  await settled()
  expect(late.count('resynced', { reason: 'behind' })).toBe(0)
  await late[Symbol.asyncDispose]()
})

describe('a sequence that fell back to lower numbers', () => {
  test('is followed anew: messages of the life before do not count as its own', async () => {
    shared.number = 10
    const late: Announcement[] = []
    let hearer: SequenceHearer | undefined
    const store = shared.connect()
    const delayed = startNode(shared, source, {
      store: {
        ...store,
        subscribe(given) {
          hearer = given
          return store.subscribe({ ...given, heard: (announcement) => late.push(announcement) })
        },
      },
    })
    await settled()
    await shared.connect().invalidate([], ['something else'])
    await settled()
    // The store is back as it was before that, and the connection for messages has not noticed yet.
    shared.restart()
    shared.number = 10
    await delayed.read(1)
    await settled()
    await delayed.read(1)
    for (const announcement of late) hearer?.heard(announcement)
    await node.write(1)
    expect(await delayed.read(1)).toEqual({ id: 1, version: 2 })
    await delayed[Symbol.asyncDispose]()
  })

  test('lets memory keep what is loaded from now on', async () => {
    shared.number = 1_000
    await node.write(7)
    await settled()
    const restore = shared.cutSubscriptions()
    shared.restart()
    shared.number = 900
    restore()
    await settled()
    await node.read(1)
    await settled()
    expect(node.l1.size).toBe(1)
  })
})

test('one question about the sequence serves everyone who begins in the same turn', async () => {
  let asked = 0
  const store = shared.connect()
  const counting = startNode(shared, source, {
    store: {
      ...store,
      mark: () => {
        asked += 1
        return store.mark()
      },
    },
  })
  await settled()
  asked = 0
  await Promise.all(Array.from({ length: 100 }, () => counting.cache.open('USE')))
  expect(asked).toBe(1)
  await counting[Symbol.asyncDispose]()
})
