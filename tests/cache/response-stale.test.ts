import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { Answering, type AnsweringOptions } from './answering.ts'
import { MemoryStore } from './memory-store.ts'
import { Source, settled, startNode, thingPolicy } from './node.ts'

let shared: MemoryStore
let source: Source

beforeEach(async () => {
  shared = new MemoryStore()
  source = new Source()
  source.versions.set(1, 1)
})

/** A node that answers, with no time left to chance. */
async function answering(options: AnsweringOptions = {}): Promise<Answering> {
  const node = startNode(shared, source)
  onTestFinished(() => node[Symbol.asyncDispose]())
  await settled()
  return new Answering(node, shared, options)
}

const howOf = async (at: Answering, ...asking: Parameters<Answering['ask']>) => (await at.ask(...asking)).how

describe('what is stale', () => {
  const stale = { policy: { maxAgeMs: 10_000, staleMs: 5_000 } }

  /** A node whose response to the question for thing 1 is stale, and wrong by a change that nobody was told of. */
  async function outdated(): Promise<Answering> {
    const at = await answering(stale)
    await at.ask()
    shared.now += 10_000
    return at
  }

  test('is shown once more, and made anew meanwhile', async () => {
    const at = await outdated()
    expect(await howOf(at)).toBe('stale')
    await settled()
    expect(await howOf(at)).toBe('kept')
    expect(at.made).toBe(2)
  })

  test('is not shown after its time as stale', async () => {
    const at = await outdated()
    shared.now += 5_000
    expect(await howOf(at)).toBe('made')
  })

  test('is not shown after a change', async () => {
    const at = await outdated()
    await at.node.write(1)
    expect(await at.ask()).toEqual({ text: '2', how: 'made' })
  })

  test('is not shown beyond the end of what it was made from', async () => {
    const at = await answering(stale)
    await at.ask({ ids: [9] })
    shared.now += thingPolicy.absentTtlMs
    expect(await howOf(at, { ids: [9] })).toBe('made')
  })

  test('is not shown beyond that end though its own time is over before it', async () => {
    const at = await answering(stale)
    const meanwhile = () => Promise.reject(new Error('no'))
    await at.node.read(1)
    shared.now += 60_000 - 12_000
    await at.ask()
    shared.now += 11_999
    expect(await howOf(at, { meanwhile })).toBe('stale')
    await settled()
    shared.now += 1
    expect(await howOf(at)).toBe('made')
  })

  test('is made anew by one at a time', async () => {
    const at = await outdated()
    const { promise, resolve } = Promise.withResolvers<void>()
    for (let n = 0; n < 3; n += 1) expect(await howOf(at, { meanwhile: () => promise })).toBe('stale')
    expect(at.made).toBe(2)
    resolve()
    await settled()
    expect(await howOf(at)).toBe('kept')
  })

  test('stays until its time is over when it cannot be made anew', async () => {
    const at = await outdated()
    const meanwhile = () => Promise.reject(new Error('no'))
    expect(await howOf(at, { meanwhile })).toBe('stale')
    await settled()
    expect(await howOf(at, { meanwhile })).toBe('stale')
    expect(at.made).toBe(3)
  })

  test('is waited for, as it is made anew, by whoever comes after its time', async () => {
    const at = await outdated()
    const { promise, resolve } = Promise.withResolvers<void>()
    await at.ask({ meanwhile: () => promise })
    shared.now += 5_000
    const later = at.ask()
    await settled()
    resolve()
    expect((await later).how).toBe('joined')
  })
})
