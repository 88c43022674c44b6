import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createL1 as createMemory, type L1Options, type PutOptions } from '../../src/cache/l1.ts'

/** With one shelf of things that are their own tags. */
function createL1(options: L1Options) {
  const l1 = createMemory(options)
  const { get, put } = l1.shelf<string, unknown>()
  const putUnderItself = (tag: string, value: unknown, options: PutOptions) => put(tag, tag, value, options)
  return Object.assign(l1, { get, put: putUnderItself })
}

const forever = { asOf: 0, bytes: 100, expiresAt: Number.POSITIVE_INFINITY }

describe('memory', () => {
  test('tells "there is none" from "not here"', () => {
    const l1 = createL1({ maxBytes: 10_000 })
    l1.put('a', null, forever)
    expect(l1.get('a', 0)).toBeNull()
    expect(l1.get('b', 0)).toBeUndefined()
  })

  test('forgets what has expired, at that very instant', () => {
    const l1 = createL1({ maxBytes: 10_000 })
    l1.put('a', 1, { ...forever, expiresAt: 50 })
    expect(l1.get('a', 49)).toBe(1)
    expect(l1.get('a', 50)).toBeUndefined()
    expect(l1.bytes).toBe(0)
  })

  test('stays within its bytes by letting the least recently used go', () => {
    const l1 = createL1({ maxBytes: 1_000 })
    for (const tag of ['a', 'b', 'c']) l1.put(tag, tag, forever)
    l1.get('a', 0)
    l1.put('d', 'd', forever)
    expect(['a', 'b', 'c', 'd'].map((tag) => l1.get(tag, 0))).toEqual(['a', undefined, 'c', 'd'])
  })

  test('does not keep what alone is too large', () => {
    const l1 = createL1({ maxBytes: 1_000 })
    l1.put('a', 'x', { ...forever, bytes: 5_000 })
    expect(l1.get('a', 0)).toBeUndefined()
    expect(l1.bytes).toBe(0)
  })

  test('counts its bytes exactly, whatever happens', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('put' as const), tag: fc.integer({ min: 0, max: 20 }), bytes: fc.nat(500) }),
      fc.record({ kind: fc.constant('drop' as const), tag: fc.integer({ min: 0, max: 20 }), bytes: fc.constant(0) }),
      fc.record({ kind: fc.constant('clear' as const), tag: fc.constant(0), bytes: fc.constant(0) }),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 100 }), (actions) => {
        const l1 = createL1({ maxBytes: 3_000 })
        actions.forEach(({ kind, tag, bytes }, number) => {
          if (kind === 'put') l1.put(String(tag), tag, { ...forever, bytes, asOf: number })
          else if (kind === 'drop') l1.invalidate([String(tag)], number)
          else l1.clear(number)
          expect(l1.bytes).toBeLessThanOrEqual(3_000)
          expect(l1.size === 0).toBe(l1.bytes === 0)
        })
        l1.clear(1_000)
        expect([l1.bytes, l1.size]).toEqual([0, 0])
      }),
    )
  })
})

describe('a fence', () => {
  test('refuses what was loaded before the invalidation, and takes what was loaded at or after it', () => {
    const l1 = createL1({ maxBytes: 10_000 })
    l1.invalidate(['a'], 7)
    expect(l1.put('a', 'old', { ...forever, asOf: 6 })).toBe(false)
    expect(l1.put('b', 'other', { ...forever, asOf: 6 })).toBe(true)
    expect(l1.put('a', 'new', { ...forever, asOf: 7 })).toBe(true)
    expect(l1.get('a', 0)).toBe('new')
  })

  test('is not lowered by an older invalidation that comes late', () => {
    const l1 = createL1({ maxBytes: 10_000 })
    l1.invalidate(['a'], 9)
    l1.invalidate(['a'], 3)
    expect(l1.put('a', 'old', { ...forever, asOf: 8 })).toBe(false)
  })

  test('stands around everything after a clearing', () => {
    const l1 = createL1({ maxBytes: 10_000 })
    l1.clear(5)
    expect(l1.put('a', 'old', { ...forever, asOf: 4 })).toBe(false)
    expect(l1.put('a', 'new', { ...forever, asOf: 5 })).toBe(true)
  })

  test('is never forgotten, only widened: after very many, whatever is older than the forgotten ones is refused', () => {
    const l1 = createL1({ maxBytes: 10_000 })
    for (let number = 1; number <= 10_001; number += 1) l1.invalidate([`tag ${number}`], number)
    expect(l1.put('tag 1', 'old', { ...forever, asOf: 0 })).toBe(false)
    expect(l1.put('never named', 'old', { ...forever, asOf: 0 })).toBe(false)
    expect(l1.put('never named', 'new', { ...forever, asOf: 10_001 })).toBe(true)
  })
})
