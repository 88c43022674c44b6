import { beforeEach, describe, expect, test } from 'vitest'
import { MemoryStore } from './memory-store.ts'
import { type Node, Source, settled, startNode, thingPolicy } from './node.ts'

let shared: MemoryStore
let source: Source
let node: Node

beforeEach(async () => {
  shared = new MemoryStore()
  source = new Source()
  source.versions.set(1, 1).set(2, 1)
  node = startNode(shared, source)
  await settled()
})

/** Another node that has read nothing yet. */
async function anotherNode(options: Parameters<typeof startNode>[2] = {}) {
  const another = startNode(shared, source, options)
  await settled()
  return another
}

const keyOfOne = 'test:v1:{thing:1}'

describe('a thing', () => {
  test('is loaded once, and then remembered here', async () => {
    expect(await node.read(1)).toEqual({ id: 1, version: 1 })
    expect(await node.read(1)).toEqual({ id: 1, version: 1 })
    expect(source.loads).toEqual([[1]])
    expect(node.count('hit', { tier: 'L1' })).toBe(1)
  })

  test('that one node has loaded is not loaded by another', async () => {
    await node.read(1)
    const another = await anotherNode()
    expect(await another.read(1)).toEqual({ id: 1, version: 1 })
    expect(source.loads).toHaveLength(1)
    expect(another.count('hit', { tier: 'L2' })).toBe(1)
  })

  test('that does not exist is remembered as absent, for a shorter time', async () => {
    expect(await node.read(9)).toBeNull()
    expect(await node.read(9)).toBeNull()
    expect(source.loads).toHaveLength(1)
    shared.now += thingPolicy.absentTtlMs
    source.versions.set(9, 1)
    expect(await node.read(9)).toEqual({ id: 9, version: 1 })
  })

  test('ends with its time to live, in memory and in the store', async () => {
    await node.read(1)
    shared.now += thingPolicy.ttlMs({ id: 1, version: 1 }, shared.now)
    await node.read(1)
    expect(source.loads).toHaveLength(2)
  })

  test('is loaded again after it was changed, by every node', async () => {
    const another = await anotherNode()
    await Promise.all([node.read(1), another.read(1)])
    await node.write(1)
    expect(await another.read(1)).toEqual({ id: 1, version: 2 })
    expect(await node.read(1)).toEqual({ id: 1, version: 2 })
  })

  test('whose change is of another thing stays where it is', async () => {
    await node.read(1)
    await node.write(2)
    await node.read(1)
    expect(source.loads.flat()).toEqual([1])
  })
})

describe('many at once', () => {
  test('are read in one go and loaded in one go, whoever asks', async () => {
    const [one, other] = await Promise.all([node.cache.open('USE'), node.cache.open('USE')])
    const found = await Promise.all([node.things.getMany([1, 2], one), node.things.getMany([2, 9], other)])
    expect(source.loads).toEqual([[1, 2, 9]])
    expect(found[0]).toEqual(
      new Map([
        [1, { id: 1, version: 1 }],
        [2, { id: 2, version: 1 }],
      ]),
    )
    expect(found[1]).toEqual(
      new Map([
        [2, { id: 2, version: 1 }],
        [9, null],
      ]),
    )
    expect(node.count('joined')).toBe(1)
  })

  test('are loaded as far as the store does not have them', async () => {
    await node.read(1)
    const another = await anotherNode()
    await another.things.getMany([1, 2], await another.cache.open('USE'))
    expect(source.loads).toEqual([[1], [2]])
  })
})

describe('a load that is already running', () => {
  /** A node whose next load waits until it is told to go on. */
  async function slowNode() {
    const begun = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const slow = new Source(async (step) => {
      if (step !== 'load: on its way back') return
      begun.resolve()
      await release.promise
    })
    slow.versions.set(1, 1)
    const at = startNode(shared, slow)
    await settled()
    return { at, slow, begun: begun.promise, release: release.resolve }
  }

  test('serves a request that began after it, when nothing was changed in between', async () => {
    const { at, slow, begun, release } = await slowNode()
    const first = at.read(1)
    await begun
    const second = at.read(1)
    await settled()
    release()
    expect(await Promise.all([first, second])).toEqual([
      { id: 1, version: 1 },
      { id: 1, version: 1 },
    ])
    expect(slow.loads).toHaveLength(1)
  })

  test('does not serve a request that began after a change that it may have missed', async () => {
    const { at, slow, begun, release } = await slowNode()
    const first = at.read(1)
    await begun
    await at.write(1)
    const second = at.read(1)
    await settled()
    release()
    expect((await first)?.version).toBe(1)
    expect((await second)?.version).toBe(2)
    expect(slow.loads).toHaveLength(2)
  })
})

describe('what stands in the store and is of no use', () => {
  test.each([
    ['nonsense', 'hello'],
    ['another source', 'db2/life-1/1/1:99999999;{"id":1,"version":7}'],
    ['another life', 'db/life-0/1/1:99999999;{"id":1,"version":7}'],
    ['another epoch', 'db/life-1/0/1:99999999;{"id":1,"version":7}'],
    ['another shape by its number', 'db/life-1/1/2:99999999;{"id":1,"version":7}'],
    ['another shape unannounced', 'db/life-1/1/1:99999999;{"name":"Ada"}'],
    ['half a value', 'db/life-1/1/1:99999999;{"id":1,"ver'],
    ['a value past its end', 'db/life-1/1/1:0;{"id":1,"version":7}'],
    ['a value without an end', 'db/life-1/1/1:{"id":1,"version":7}'],
  ])('is replaced: %s', async (_, value) => {
    shared.now = 1
    shared.entries.set(keyOfOne, { value, endsAt: Number.POSITIVE_INFINITY })
    expect(await node.read(1)).toEqual({ id: 1, version: 1 })
    await settled()
    expect(shared.entries.get(keyOfOne)?.value).toMatch(/^db\/life-1\/1\/1:1aap\.1;\{"id":1,"version":1\}$/)
    expect(node.count('unusable')).toBe(1)
  })

  test('what an earlier release has stored, which does not say when that was loaded, is of use', async () => {
    shared.entries.set(keyOfOne, { value: 'db/life-1/1/1:99999999;{"id":1,"version":7}', endsAt: 60_000 })
    expect(await node.read(1)).toEqual({ id: 1, version: 7 })
    expect([source.loads, node.count('unusable')]).toEqual([[], 0])
  })

  test("somebody's lease is left alone, and the thing is loaded without it", async () => {
    shared.entries.set(keyOfOne, { value: 'lease:somebody', endsAt: 3_000 })
    expect(await node.read(1)).toEqual({ id: 1, version: 1 })
    await settled()
    expect(shared.entries.get(keyOfOne)?.value).toBe('lease:somebody')
  })

  test('a lease that nobody honours ends by itself', async () => {
    shared.entries.set(keyOfOne, { value: 'lease:somebody', endsAt: 3_000 })
    shared.now = 3_000
    await (await anotherNode()).read(1)
    await settled()
    expect(shared.entries.get(keyOfOne)?.value).toContain('"version":1')
  })

  test('what another has put there while we set out is taken as it is', async () => {
    const store = shared.connect()
    const late = await anotherNode({
      store: {
        ...store,
        async lease(...asked) {
          await node.read(1)
          await settled()
          return store.lease(...asked)
        },
      },
    })
    expect(await late.read(1)).toEqual({ id: 1, version: 1 })
    expect(source.loads).toHaveLength(1)
  })
})

describe('a request may ask for', () => {
  test('everything loaded anew, and then others have it too', async () => {
    await node.read(1)
    source.versions.set(1, 5)
    expect(await node.read(1, 'REFRESH')).toEqual({ id: 1, version: 5 })
    await settled()
    expect(await (await anotherNode()).read(1)).toEqual({ id: 1, version: 5 })
    expect(source.loads).toHaveLength(2)
  })

  test('everything loaded and nothing kept', async () => {
    await node.read(1, 'BYPASS')
    await node.read(1, 'BYPASS')
    await settled()
    expect(source.loads).toHaveLength(2)
    expect(shared.entries.size).toBe(0)
    expect(node.l1.size).toBe(0)
  })
})

describe('when loading fails', () => {
  test('everyone who waits for it fails, and nobody later', async () => {
    source.failing = true
    const [one, other] = await Promise.all([node.cache.open('USE'), node.cache.open('USE')])
    const failures = await Promise.allSettled([node.things.getMany([1], one), node.things.getMany([1, 2], other)])
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    source.failing = false
    expect(await node.read(1)).toEqual({ id: 1, version: 1 })
  })

  test('the failure is not remembered anywhere', async () => {
    source.failing = true
    await expect(node.read(1)).rejects.toThrow('the source is gone')
    expect([...shared.entries.values()].every(({ value }) => value.startsWith('lease:'))).toBe(true)
    expect(node.l1.size).toBe(0)
  })
})

describe('a value whose time to live cannot be told', () => {
  test('is answered all the same, to every request, and hardly kept', async () => {
    const odd = await anotherNode({
      policy: {
        ...thingPolicy,
        ttlMs() {
          throw new RangeError('no such time zone')
        },
      },
    })
    const [one, other] = await Promise.all([odd.read(1), odd.read(1)])
    expect([one, other]).toEqual([
      { id: 1, version: 1 },
      { id: 1, version: 1 },
    ])
    await settled()
    shared.now += 1
    source.versions.set(1, 2)
    expect(await odd.read(1)).toEqual({ id: 1, version: 2 })
  })
})

describe('when the store is gone', () => {
  test('everything is loaded, and memory is not trusted', async () => {
    await node.read(1)
    shared.gone = true
    source.versions.set(1, 2)
    expect(await node.read(1)).toEqual({ id: 1, version: 2 })
    expect(await node.read(1)).toEqual({ id: 1, version: 2 })
    expect(source.loads).toHaveLength(3)
  })

  test('a change says that it is not confirmed', async () => {
    shared.gone = true
    await expect(node.write(1)).rejects.toMatchObject({ name: 'StoreUnavailable' })
  })

  test('the rest of the request that changed something bypasses everything', async () => {
    await node.read(1)
    source.versions.set(1, 2)
    const found = await node.things.getMany([1], node.cache.after(null))
    expect(found.get(1)).toEqual({ id: 1, version: 2 })
  })

  test('between the beginning of a request and its reading, the reading goes on without it', async () => {
    const view = await node.cache.open('USE')
    shared.gone = true
    expect((await node.things.getMany([1], view)).get(1)).toEqual({ id: 1, version: 1 })
    expect(node.count('store-failed', { during: 'read' })).toBe(1)
  })
})

test('after its own change a request sees it, whether or not the message has come back', async () => {
  await node.read(1)
  source.versions.set(1, 2)
  const mark = await node.invalidate([thingPolicy.tagOf(1)])
  const found = await node.things.getMany([1], node.cache.after(mark))
  expect(found.get(1)).toEqual({ id: 1, version: 2 })
})
