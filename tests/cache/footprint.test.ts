import { expect, test } from 'vitest'
import { Footprint } from '../../src/cache/footprint.ts'

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
