import { expect, onTestFinished, test } from 'vitest'
import { Footprint } from '../../src/cache/footprint.ts'
import { MemoryStore } from './memory-store.ts'
import { Source, settled, startNode } from './node.ts'

test('a footprint of nothing has no tags and never ends', () => {
  const footprint = new Footprint()
  expect(footprint.tags).toEqual(new Set())
  expect(footprint.until).toBe(Number.POSITIVE_INFINITY)
})

test('a footprint has every tag once, however often it was stepped on', () => {
  const footprint = new Footprint()
  for (const tag of ['user:1', 'users', 'user:1']) footprint.add(tag)
  expect(footprint.tags).toEqual(new Set(['user:1', 'users']))
})

test('a footprint of what is not kept has no tags, but an end', () => {
  const footprint = new Footprint({ tagged: false })
  footprint.add('user:1')
  footprint.endBy(300)
  expect([footprint.tags, footprint.until]).toEqual([null, 300])
})

test('a footprint ends with the first of what it is made from', () => {
  const footprint = new Footprint()
  for (const instant of [500, 300, 400]) footprint.endBy(instant)
  expect(footprint.until).toBe(300)
  footprint.endBy(Number.NEGATIVE_INFINITY)
  expect(footprint.until).toBe(Number.NEGATIVE_INFINITY)
})

test('a footprint ends with what was loaded past a store that failed, though that is kept nowhere', async () => {
  const shared = new MemoryStore()
  const source = new Source()
  source.versions.set(1, 1)
  const node = startNode(shared, source)
  onTestFinished(() => node[Symbol.asyncDispose]())
  await settled()
  const footprint = new Footprint()
  const view = await node.cache.open('USE', { footprint })
  shared.gone = true
  expect((await node.things.getMany([1], view)).get(1)).toEqual({ id: 1, version: 1 })
  expect(footprint.until).toBeGreaterThan(shared.now)
  expect(footprint.until).toBeLessThanOrEqual(shared.now + 60_000)
})

test('a footprint is as of the oldest place at which something was read', () => {
  const footprint = new Footprint()
  expect(footprint.asOf).toBe(Number.POSITIVE_INFINITY)
  for (const number of [7, 5, 6]) footprint.beginBy(number)
  expect(footprint.asOf).toBe(5)
})
