import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { Answering, type AnsweringOptions } from './answering.ts'
import { MemoryStore } from './memory-store.ts'
import { Source, settled, startNode, thingPolicy } from './node.ts'

let shared: MemoryStore
let source: Source
let here: Answering

beforeEach(async () => {
  shared = new MemoryStore()
  source = new Source()
  source.versions.set(1, 1).set(2, 1)
  here = await answering()
})

/** A node that answers, with no time left to chance. */
async function answering(options: AnsweringOptions = {}): Promise<Answering> {
  const node = startNode(shared, source)
  onTestFinished(() => node[Symbol.asyncDispose]())
  await settled()
  return new Answering(node, shared, options)
}

const howOf = async (at: Answering, ...asking: Parameters<Answering['ask']>) => (await at.ask(...asking)).how
const ofResponses = { policy: 'response' }

describe('a response', () => {
  test('is made once and then found, without a look at what it is made from', async () => {
    expect(await here.ask()).toEqual({ text: '1', how: 'made' })
    here.node.events.length = 0
    expect(await here.ask()).toEqual({ text: '1', how: 'kept' })
    expect(here.node.events).toEqual([{ kind: 'hit', policy: 'response', tier: 'L1', count: 1 }])
  })

  test('says when it is made, and when it is not there nothing', async () => {
    expect(here.responses.find('k', await here.node.cache.open('USE'))).toBeUndefined()
    expect(here.node.events.filter((event) => 'policy' in event)).toEqual([])
    await here.ask()
    expect(here.node.count('miss', ofResponses)).toBe(1)
  })

  test('stands under its own key', async () => {
    expect(here.responses.has('k')).toBe(false)
    await here.ask()
    expect([here.responses.has('k'), here.responses.has('other')]).toEqual([true, false])
    expect(await howOf(here, { key: 'other' })).toBe('made')
  })

  test('that has become larger counts as it is', async () => {
    const { text } = await here.ask()
    const before = here.node.l1.bytes
    here.responses.grow('k', text, 500)
    here.responses.grow('k', 'another', 500)
    expect(here.node.l1.bytes).toBe(before + 500)
  })

  test('is not shown to whoever wants everything anew, or nothing from caches', async () => {
    await here.ask()
    for (const mode of ['REFRESH', 'BYPASS'] as const)
      expect(here.responses.find('k', await here.node.cache.open(mode))).toBeUndefined()
  })

  test('is not shown while it is not known whether it is still right', async () => {
    await here.ask()
    shared.gone = true
    const blind = await here.node.cache.open('USE')
    expect(here.responses.find('k', blind)).toBeUndefined()
    shared.gone = false
    // A message is missing here.
    shared.number += 1
    expect(await howOf(here)).toBe('made')
  })

  test('is not kept when nobody knows where the sequence stands', async () => {
    shared.gone = true
    await here.ask()
    expect(here.responses.has('k')).toBe(false)
  })
})

describe('a change', () => {
  test('of anything that it shows removes a response; of anything else none', async () => {
    await here.ask({ ids: [1, 2] })
    await here.node.write(7)
    expect(await howOf(here)).toBe('kept')
    await here.node.write(2)
    expect(await here.ask({ ids: [1, 2] })).toEqual({ text: '1 2', how: 'made' })
  })

  test('that brings what a response said was not there removes it', async () => {
    await here.ask({ ids: [9] })
    await here.node.write(9)
    expect(await here.ask({ ids: [9] })).toEqual({ text: '1', how: 'made' })
  })

  test('on another node counts here as soon as it is acknowledged', async () => {
    const there = await answering()
    await Promise.all([here.ask(), there.ask()])
    await there.node.write(1)
    expect(await here.ask()).toEqual({ text: '2', how: 'made' })
    expect(await there.ask()).toEqual({ text: '2', how: 'made' })
  })

  test('while a response is made keeps it from being kept', async () => {
    await here.ask({ meanwhile: () => here.node.write(1) })
    expect(here.node.count('put-refused', ofResponses)).toBe(1)
    expect(await here.ask()).toEqual({ text: '2', how: 'made' })
  })

  test('of everything while a response is made keeps it from being kept', async () => {
    await here.ask({ meanwhile: () => shared.connect().newEpoch().then(settled) })
    expect(here.responses.has('k')).toBe(false)
  })

  test('of the store itself while a response is made keeps it from being kept, whatever its numbers say', async () => {
    const meanwhile = async () => {
      const restore = shared.cutSubscriptions()
      shared.restart()
      restore()
      await settled()
    }
    await here.ask({ meanwhile })
    expect(here.responses.has('k')).toBe(false)
  })

  test('of something else while a response is made does not', async () => {
    await here.ask({ meanwhile: () => here.node.write(2) })
    expect(await howOf(here)).toBe('kept')
    expect(here.node.count('put-refused', ofResponses)).toBe(0)
  })
})

describe('the time of a response', () => {
  const ttl = thingPolicy.ttlMs({ id: 1, version: 1 }, 0)
  const hour = { policy: { maxAgeMs: 3_600_000, staleMs: 0 } }

  /** Until when a response that is made now is found. */
  async function lasts(at: Answering, ids: readonly number[]): Promise<number> {
    await at.ask({ ids })
    const begun = shared.now
    for (let ms = 1_000; ; ms += 1_000) {
      shared.now = begun + ms
      if ((await howOf(at, { ids })) === 'made') return ms
    }
  }

  test('is its own at most', async () => {
    const own = await answering({ policy: { maxAgeMs: 10_000, staleMs: 0 } })
    expect(await lasts(own, [1])).toBe(10_000)
  })

  test('ends with the first of what it was made from', async () => {
    expect(await lasts(await answering(hour), [1, 2])).toBe(ttl)
  })

  test('ends with what was in memory already, and nearly over', async () => {
    const own = await answering(hour)
    await own.node.read(1)
    shared.now += ttl - 7_000
    expect(await lasts(own, [2, 1])).toBe(7_000)
  })

  test('ends with what was in the store already, and nearly over', async () => {
    await here.node.read(1)
    await settled()
    shared.now += ttl - 7_000
    expect(await lasts(await answering(hour), [2, 1])).toBe(7_000)
  })

  test('is short when it says that something is not there', async () => {
    expect(await lasts(await answering(hour), [1, 9])).toBe(thingPolicy.absentTtlMs)
  })
})
