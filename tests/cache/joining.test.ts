import { expect, onTestFinished, test } from 'vitest'
import type { SharedStore } from '../../src/cache/shared-store.ts'
import { MemoryStore } from './memory-store.ts'
import { type Node, type NodeOptions, Source, settled, startNode } from './node.ts'

/** A store that already holds version 1 of thing 1, and a node over a connection of one's choice. */
async function open(connect: (base: SharedStore) => SharedStore): Promise<Opened> {
  const shared = new MemoryStore()
  const source = new Source()
  source.versions.set(1, 1)
  const start = (options: NodeOptions = {}) => {
    const node = startNode(shared, source, options)
    onTestFinished(() => node[Symbol.asyncDispose]())
    return node
  }
  await start().read(1)
  const node = start({ store: connect(shared.connect()) })
  await settled()
  const changeEverything = async () => {
    source.versions.set(1, 2)
    await shared.connect().newEpoch()
  }
  return { node, source, changeEverything }
}

interface Opened {
  readonly node: Node
  readonly source: Source
  readonly changeEverything: () => Promise<void>
}

test('a request does not join a load of an epoch that ended before it began', async () => {
  const held = Promise.withResolvers<void>()
  let holding = false
  const { node, changeEverything } = await open((base) => ({
    ...base,
    async read(...asked) {
      const found = await base.read(...asked)
      if (holding) await held.promise
      return found
    },
  }))
  const early = await node.cache.open('USE')
  await changeEverything()
  const opening = node.cache.open('USE')
  holding = true
  // Its loading begins after the later request has, but at a place that the later request has left behind.
  const earlyRead = node.things.getMany([1], early)
  const late = await opening
  await settled()
  const lateRead = node.things.getMany([1], late)
  held.resolve()
  await earlyRead
  expect((await lateRead).get(1)).toEqual({ id: 1, version: 2 })
})

test('a request that could not learn where the sequence stands is not gathered with one that could before', async () => {
  let failing = false
  const { node, changeEverything } = await open((base) => ({
    ...base,
    mark: () => (failing ? Promise.reject(new Error('late')) : base.mark()),
  }))
  const early = await node.cache.open('USE')
  await changeEverything()
  failing = true
  const late = await node.cache.open('USE')
  const [found] = await Promise.all([node.things.getMany([1], late), node.things.getMany([1], early)])
  expect(found.get(1)).toEqual({ id: 1, version: 2 })
})

test('requests that know the same of the sequence share one load', async () => {
  const { node, source } = await open((base) => base)
  source.loads.length = 0
  const [one, other] = await Promise.all([node.cache.open('REFRESH'), node.cache.open('REFRESH')])
  await Promise.all([node.things.getMany([1], one), node.things.getMany([1], other)])
  expect(source.loads).toEqual([[1]])
})
