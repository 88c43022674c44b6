import { describe, expect, test } from 'vitest'
import { costOf } from '../../src/domain/usage.ts'

const price = { in: 0.4, cached: 0.1, out: 1.6 }
const tokens = { tokensIn: 1_000_000, tokensCached: 250_000, tokensOut: 500_000 }

describe('the cost of a call', () => {
  test('is that of new, cached and written tokens', () => {
    expect(costOf(tokens, price)).toBeCloseTo(0.75 * 0.4 + 0.25 * 0.1 + 0.5 * 1.6, 12)
    expect(costOf({ tokensIn: 0, tokensCached: 0, tokensOut: 0 }, price)).toBe(0)
  })

  test('is unknown, not nothing, without a price or without tokens', () => {
    expect(costOf(tokens, null)).toBeNull()
    expect(costOf(null, price)).toBeNull()
  })
})
