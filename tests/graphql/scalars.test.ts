import { GraphQLError, type GraphQLScalarType, parseValue } from 'graphql'
import { describe, expect, test } from 'vitest'
import { BigIntScalar, DateScalar, DateTimeScalar } from '../../src/graphql/scalars.ts'

type Textual = GraphQLScalarType<string, string>

const variable = (scalar: Textual, value: unknown) => scalar.parseValue(value)
const literal = (scalar: Textual, source: string) => scalar.parseLiteral(parseValue(source))

const scalars: readonly [name: string, scalar: Textual, text: string][] = [
  ['Date', DateScalar, '2026-11-23'],
  ['DateTime', DateTimeScalar, '2026-11-23T08:30:00.000Z'],
  ['BigInt', BigIntScalar, '9223372036854775807'],
]

describe.each(scalars)('%s', (name, scalar, text) => {
  test('is called so, and says what it is', () => {
    expect(scalar.name).toBe(name)
    expect(scalar.description).toBeTruthy()
  })

  test('goes out as the text it is', () => {
    expect(scalar.serialize(text)).toBe(text)
  })

  test('comes in as text, in the document and in the variables', () => {
    expect(variable(scalar, text)).toBe(text)
    expect(literal(scalar, `"${text}"`)).toBe(text)
  })

  test.each([null, true, {}, [], [text], 1.5])('is not %j', (value) => {
    expect(() => variable(scalar, value)).toThrow(GraphQLError)
  })

  test.each(['true', 'null', '{}', '[]', `["${text}"]`, '1.5', 'ENUM', '""', '"x"'])('is not written %s', (source) => {
    expect(() => literal(scalar, source)).toThrow(GraphQLError)
  })

  test('names itself and the literal that it cannot be', () => {
    expect(() => literal(scalar, 'true')).toThrow(`${name} cannot represent true.`)
  })
})

describe('a Date', () => {
  test('may be any day of the years with four digits', () => {
    for (const day of ['0001-01-01', '2024-02-29', '9999-12-31']) expect(variable(DateScalar, day)).toBe(day)
  })

  test.each(['2026-02-29', '2026-13-01', '2026-11-23T00:00:00Z', '23.11.2026', '2026-11', '20261123'])(
    'is not %s',
    (text) => {
      expect(() => variable(DateScalar, text)).toThrow(GraphQLError)
      expect(() => literal(DateScalar, `"${text}"`)).toThrow(GraphQLError)
    },
  )

  test('is not a number', () => {
    expect(() => variable(DateScalar, 20261123)).toThrow(GraphQLError)
    expect(() => literal(DateScalar, '20261123')).toThrow('Date cannot represent 20261123.')
  })
})

describe('a DateTime', () => {
  test.each([
    ['2026-11-23T09:30:00+01:00', '2026-11-23T08:30:00.000Z'],
    ['2026-11-23T08:30:00Z', '2026-11-23T08:30:00.000Z'],
    ['2026-11-22T22:30:00.5-10:00', '2026-11-23T08:30:00.500Z'],
    ['2026-11-23T08:30:00.123456789Z', '2026-11-23T08:30:00.123Z'],
    ['2026-11-23t08:30:00z', '2026-11-23T08:30:00.000Z'],
  ])('written %s is %s, whatever its offset', (text, instant) => {
    expect(variable(DateTimeScalar, text)).toBe(instant)
    expect(literal(DateTimeScalar, `"${text}"`)).toBe(instant)
  })

  test.each(['2026-11-23', '2026-11-23T08:30:00', '2026-02-30T00:00:00Z', '2026-11-23T24:00:00Z', 'now'])(
    'is not %s',
    (text) => {
      expect(() => variable(DateTimeScalar, text)).toThrow(GraphQLError)
    },
  )

  test('is not a number of milliseconds', () => {
    expect(() => variable(DateTimeScalar, 1_795_422_600_000)).toThrow(GraphQLError)
    expect(() => literal(DateTimeScalar, '1795422600000')).toThrow('DateTime cannot represent 1795422600000.')
  })
})

describe('a BigInt', () => {
  test('keeps every digit of an integer in the document, quoted or not', () => {
    expect(literal(BigIntScalar, '9223372036854775807')).toBe('9223372036854775807')
    expect(literal(BigIntScalar, '"9223372036854775807"')).toBe('9223372036854775807')
    expect(literal(BigIntScalar, '-5')).toBe('-5')
    expect(literal(BigIntScalar, '0')).toBe('0')
  })

  test.each([0, 5, -5, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])('may be the number %i', (value) => {
    expect(variable(BigIntScalar, value)).toBe(String(value))
  })

  test.each([2 ** 53, -(2 ** 53), 2 ** 63, Number.NaN, Number.POSITIVE_INFINITY])(
    'is not the number %d, whose last digits may be lost',
    (value) => {
      expect(() => variable(BigIntScalar, value)).toThrow('give an integer, past 2^53 as a string')
    },
  )

  test.each(['', ' 5', '5 ', '05', '+5', '-0', '1e3', '0x10', '5n', '1_000', '5\n'])('is not the text %j', (text) => {
    expect(() => variable(BigIntScalar, text)).toThrow(GraphQLError)
  })
})
