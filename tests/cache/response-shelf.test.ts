import { describe, expect, test } from 'vitest'
import { createL1 } from '../../src/cache/l1.ts'
import type { ResponseOptions } from '../../src/cache/response-shelf.ts'

/** What a response of no tags under a key of one letter costs besides its bytes, and each tag more. */
const [OVERHEAD, TAG] = [601, 120]

const forever: ResponseOptions = {
  asOf: 0,
  tags: ['a'],
  bytes: 100,
  freshUntil: Number.POSITIVE_INFINITY,
  expiresAt: Number.POSITIVE_INFINITY,
}

/** Memory with a shelf of responses, and one of entities beside it. */
function open(maxBytes = 1_000_000, began = 0) {
  const l1 = createL1({ maxBytes, began })
  const { responses } = l1
  const found = (...keys: string[]) => keys.map((key) => responses.get(key, began)?.value)
  return { l1, responses, entities: l1.shelf<string, string>(), found }
}

describe('a response', () => {
  test('is found under its key, as good as new until its time is over, then stale, then not at all', () => {
    const { responses, l1 } = open(10_000, 1_000)
    responses.put('k', 'v', { ...forever, freshUntil: 1_050, expiresAt: 1_080 })
    expect(responses.get('k', 1_049)).toEqual({ value: 'v', stale: false })
    expect(responses.get('k', 1_050)).toEqual({ value: 'v', stale: true })
    expect(responses.get('k', 1_079)).toEqual({ value: 'v', stale: true })
    expect(responses.get('k', 1_080)).toBeUndefined()
    expect([responses.has('k'), l1.bytes]).toEqual([false, 0])
  })

  test('is there to be looked up until it is looked up too late', () => {
    const { responses } = open()
    expect(responses.has('k')).toBe(false)
    responses.put('k', 'v', { ...forever, expiresAt: 50 })
    expect(responses.has('k')).toBe(true)
    responses.get('k', 50)
    expect(responses.has('k')).toBe(false)
  })

  test('takes the place of the one before it, whose tags do not count for it', () => {
    const { responses, l1, found } = open()
    responses.put('k', 'old', { ...forever, tags: ['a'], bytes: 500 })
    responses.put('k', 'new', { ...forever, tags: ['b'] })
    expect(found('k')).toEqual(['new'])
    expect(l1.bytes).toBe(OVERHEAD + TAG + 100)
    l1.invalidate(['a'], 1)
    expect(found('k')).toEqual(['new'])
    l1.invalidate(['b'], 2)
    expect(found('k')).toEqual([undefined])
  })

  test('costs its bytes, its key, its tags and something for itself', () => {
    const { responses, l1 } = open()
    responses.put('k', 'v', { ...forever, tags: ['a', 'b', 'c'], bytes: 1_000 })
    expect(l1.bytes).toBe(OVERHEAD + 3 * TAG + 1_000)
    responses.put('a longer key', 'v', { ...forever, tags: [] })
    expect(l1.bytes).toBe(OVERHEAD + 3 * TAG + 1_000 + OVERHEAD + 11 + 100)
  })

  test('that alone is too large is not kept, and neither is the one whose place it would take', () => {
    const { responses, l1, found } = open(OVERHEAD + TAG + 100)
    expect(responses.put('k', 'small', forever)).toBe(true)
    expect(found('k')).toEqual(['small'])
    expect(responses.put('k', 'large', { ...forever, bytes: 101 })).toBe(true)
    expect([...found('k'), l1.bytes]).toEqual([undefined, 0])
  })

  test('that alone is too large lets nothing else go', () => {
    const { responses, found } = open(2 * (OVERHEAD + TAG + 100))
    responses.put('k', 'v', forever)
    responses.put('l', 'w', forever)
    responses.put('m', 'x', { ...forever, bytes: 2_000 })
    expect(found('k', 'l', 'm')).toEqual(['v', 'w', undefined])
  })

  test('that has become larger counts so, and lets others go for it', () => {
    const { responses, l1, found } = open(2 * (OVERHEAD + TAG + 100) + 50)
    responses.put('k', 'v', forever)
    responses.put('l', 'w', forever)
    responses.grow('k', 'v', 50)
    expect(l1.bytes).toBe(2 * (OVERHEAD + TAG + 100) + 50)
    responses.get('k', 0)
    responses.grow('k', 'v', 1)
    expect(found('k', 'l')).toEqual(['v', undefined])
    expect(l1.bytes).toBe(OVERHEAD + TAG + 151)
    responses.grow('nothing', 'v', 1_000)
    responses.grow('k', 'another', 1_000)
    expect(l1.bytes).toBe(OVERHEAD + TAG + 151)
  })
})

describe('responses and entities', () => {
  test('share the bytes: either lets the other go, what was not used first', () => {
    const { responses, entities, l1, found } = open(2_000)
    responses.put('k', 'v', forever)
    responses.put('l', 'w', forever)
    found('l')
    entities.put('e', 'e', 'entity', { asOf: 0, bytes: 300, expiresAt: Number.POSITIVE_INFINITY })
    expect(responses.has('k')).toBe(false)
    responses.put('m', 'x', { ...forever, bytes: 400 })
    expect([...found('l', 'm'), entities.get('e', 0)]).toEqual(['w', 'x', undefined])
    expect(l1.bytes).toBeLessThanOrEqual(2_000)
  })

  test('are forgotten by the same invalidation and the same clearing', () => {
    const { responses, entities, l1, found } = open()
    entities.put('e', 'a', 'entity', { asOf: 0, bytes: 1, expiresAt: Number.POSITIVE_INFINITY })
    responses.put('k', 'v', forever)
    responses.put('l', 'w', { ...forever, tags: ['b'] })
    l1.invalidate(['a'], 1)
    expect([entities.get('e', 0), ...found('k', 'l')]).toEqual([undefined, undefined, 'w'])
    l1.clear(2)
    expect([...found('l'), responses.has('l'), l1.bytes]).toEqual([undefined, false, 0])
    responses.put('l', 'x', { ...forever, asOf: 2 })
    expect(found('l')).toEqual(['x'])
  })
})

describe('a fence', () => {
  test('refuses a response when any of its tags was named since it was begun', () => {
    const { responses, l1, found } = open()
    l1.invalidate(['b'], 7)
    expect(responses.put('k', 'old', { ...forever, tags: ['a', 'b', 'c'], asOf: 6 })).toBe(false)
    expect(found('k')).toEqual([undefined])
    expect(responses.put('l', 'other', { ...forever, tags: ['a', 'c'], asOf: 6 })).toBe(true)
    expect(responses.put('k', 'new', { ...forever, tags: ['a', 'b', 'c'], asOf: 7 })).toBe(true)
    expect(found('k', 'l')).toEqual(['new', 'other'])
  })

  test('leaves in place what stands there and is newer', () => {
    const { responses, l1, found } = open()
    l1.invalidate(['a'], 7)
    responses.put('k', 'new', { ...forever, asOf: 7 })
    expect(responses.put('k', 'old', { ...forever, asOf: 6 })).toBe(false)
    expect(found('k')).toEqual(['new'])
  })

  test('stands around everything after a clearing, tags or none', () => {
    const { responses, l1 } = open()
    l1.clear(5)
    expect(responses.put('k', 'old', { ...forever, tags: [], asOf: 4 })).toBe(false)
    expect(responses.put('k', 'old', { ...forever, asOf: 4 })).toBe(false)
    expect(responses.put('k', 'new', { ...forever, tags: [], asOf: 5 })).toBe(true)
  })
})
