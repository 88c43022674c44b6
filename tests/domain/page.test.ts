import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pageOf, parsePageSize } from '../../src/domain/page.ts'
import { badInputOn } from '../support/refusals.ts'

describe('the size of a page', () => {
  test.each([1, 20, 100])('may be %d', (first) => {
    expect(parsePageSize(first)).toBe(first)
  })

  test.each([0, -1, 101, 2.5, Number.NaN])('is refused when it is %d', (first) => {
    expect(() => parsePageSize(first)).toThrow(badInputOn('first'))
  })
})

describe('a page', () => {
  test('knows that there is more because one item too many was read', () => {
    expect(pageOf(['a', 'b', 'c'], 2, null)).toEqual({ items: ['a', 'b'], hasNext: true, hasPrevious: false })
    expect(pageOf(['a', 'b'], 2, null)).toEqual({ items: ['a', 'b'], hasNext: false, hasPrevious: false })
    expect(pageOf([], 2, null)).toEqual({ items: [], hasNext: false, hasPrevious: false })
  })

  test('has something before it when it was asked for after a place', () => {
    expect(pageOf([], 2, { id: 1 }).hasPrevious).toBe(true)
  })

  test('after page, every item comes once and in order', () => {
    const list = fc.array(fc.integer(), { maxLength: 50 })
    fc.assert(
      fc.property(list, fc.integer({ min: 1, max: 10 }), (all, first) => {
        const seen: number[] = []
        for (let more = true; more; ) {
          const page = pageOf(all.slice(seen.length, seen.length + first + 1), first, seen.length > 0 ? {} : null)
          expect(page.hasPrevious).toBe(seen.length > 0)
          seen.push(...page.items)
          more = page.hasNext
        }
        expect(seen).toEqual(all)
      }),
    )
  })
})
