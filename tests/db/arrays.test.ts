import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arrayLiteral } from '../../src/db/arrays.ts'

describe('an array literal', () => {
  test.each([
    [[], '{}'],
    [[7], '{7}'],
    [[1, -2, 9007199254740991], '{1,-2,9007199254740991}'],
    [['9223372036854775807', '1'], '{9223372036854775807,1}'],
    [['2026-11-23', '0001-01-01'], '{2026-11-23,0001-01-01}'],
    [['2026-11-23T08:30:00.001Z', 'infinity'], '{2026-11-23T08:30:00.001Z,infinity}'],
    [['2026-11-23T08:30:00+01:00'], '{2026-11-23T08:30:00+01:00}'],
  ])('of %j is %s', (values, literal) => {
    expect(arrayLiteral(values)).toBe(literal)
  })

  test('has all whole numbers, in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger()), (numbers) => {
        const elements = arrayLiteral(numbers).slice(1, -1)
        expect(elements === '' ? [] : elements.split(',').map(Number)).toEqual(numbers)
      }),
    )
  })

  test.each(['', ' ', 'a b', 'a,b', '{', '}', '"', "'", '\\', '1\n', '\n1', '1;2', 'á', '🦉'])(
    'refuses %j, which would need quoting',
    (text) => {
      expect(() => arrayLiteral(['2026-11-23', text])).toThrow(TypeError)
    },
  )
})
