import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTelegramId, parseUserId } from '../../src/domain/ids.ts'
import { badInputOn } from '../support/refusals.ts'

const NOT_CANONICAL = ['', '0', '-1', '+1', '01', '1.0', '1e3', '0x10', ' 1', '1 ', '1\n', '1_000', '１', 'NaN', 'one']

describe("a learner's id", () => {
  test('is any positive safe integer in its canonical form', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (id) => {
        expect(parseUserId(String(id))).toBe(id)
      }),
    )
  })

  test.each(NOT_CANONICAL)('is nobody’s when it reads %j', (text) => {
    expect(parseUserId(text)).toBeNull()
  })

  test('is nobody’s when a number could not hold its last digit', () => {
    expect(parseUserId('9007199254740991')).toBe(9_007_199_254_740_991)
    expect(parseUserId('9007199254740992')).toBeNull()
    expect(parseUserId('9'.repeat(400))).toBeNull()
  })
})

describe('a Telegram id', () => {
  test('keeps every digit of a 64-bit integer', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }), (id) => {
        expect(parseTelegramId(String(id))).toBe(String(id))
      }),
    )
  })

  test('ends at 2^63 − 1', () => {
    expect(parseTelegramId('9223372036854775807')).toBe('9223372036854775807')
    expect(() => parseTelegramId('9223372036854775808')).toThrow(badInputOn('telegramId'))
  })

  test.each(NOT_CANONICAL)('is refused when it reads %j', (text) => {
    expect(() => parseTelegramId(text)).toThrow(badInputOn('telegramId'))
  })
})
