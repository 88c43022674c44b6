import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseInteger, parseLine } from '../../src/domain/text.ts'
import { badInputOn } from '../support/refusals.ts'

const line = (text: string, max = 10) => parseLine('firstName', text, max)

describe('a line of text', () => {
  test('is trimmed at both ends and nowhere else', () => {
    expect(line('  Jan  Novák \n')).toBe('Jan  Novák')
  })

  test('is counted in code points after trimming: an emoji is one', () => {
    expect(line('🦊'.repeat(10))).toBe('🦊'.repeat(10))
    expect(line(` ${'ž'.repeat(10)} `)).toBe('ž'.repeat(10))
    expect(() => line('🦊'.repeat(11))).toThrow('firstName must not be longer than 10 characters.')
    expect(() => line('ž'.repeat(11))).toThrow(badInputOn('firstName'))
  })

  test.each(['', ' ', '\n\t', '\u00a0\u2003', '\ufeff'])('is refused when it is empty, as %j', (text) => {
    expect(() => line(text)).toThrow(badInputOn('firstName'))
    expect(() => line(text)).toThrow('must not be empty.')
  })

  test.each(['\0', 'a\0b', '\0a', ' a\0 '])('is refused with a NUL, as %j', (text) => {
    expect(() => line(text)).toThrow(badInputOn('firstName'))
    expect(() => line(text)).toThrow('must not contain NUL characters.')
  })

  test.each(['\ud83e', 'a\udd8a', '\udd8a\ud83e', ' \ud800 '])(
    'is refused with half a surrogate pair, as %j',
    (text) => {
      expect(() => line(text)).toThrow(badInputOn('firstName'))
      expect(() => line(text)).toThrow('must be well-formed Unicode')
    },
  )

  test.each(['a\nb', 'a\tb', 'a\rb', 'a\u001bb', '\u007fa', 'a\u0085b', 'a\u2028b', 'a\u2029b'])(
    'is refused with a control character or a line break, as %j',
    (text) => {
      expect(() => line(text)).toThrow(badInputOn('firstName'))
      expect(() => line(text)).toThrow('must not contain control characters.')
    },
  )

  test('is as it will be stored: reading it again changes nothing', () => {
    const raw = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map((text) => ` ${text} `)
    fc.assert(
      fc.property(raw, (text) => {
        fc.pre(text.trim() !== '' && !/\p{Cc}|[\u2028\u2029]/u.test(text.trim()))
        const parsed = line(text, 1000)
        expect(parsed).toBe(text.trim())
        expect(line(parsed, 1000)).toBe(parsed)
      }),
    )
  })
})

describe('a number', () => {
  test.each([1, 2, 99, 100])('may be %d between 1 and 100', (value) => {
    expect(parseInteger('first', value, 1, 100)).toBe(value)
  })

  test.each([0, 101, -5, 1.5, 99.999, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'is refused when it is %d',
    (value) => {
      expect(() => parseInteger('first', value, 1, 100)).toThrow(badInputOn('first'))
    },
  )

  test('is told its bounds in words that read well', () => {
    expect(() => parseInteger('wordsTotal', -1, 0, 10_000)).toThrow('wordsTotal must be an integer from 0 to 10,000.')
  })
})
