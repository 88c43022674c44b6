import ISO6391 from 'iso-639-1'
import { describe, expect, test } from 'vitest'
import { isLanguageCode, parseLanguage } from '../../src/domain/language.ts'
import { badInputOn } from '../support/refusals.ts'

const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(97 + index))
const pairs = letters.flatMap((first) => letters.map((second) => first + second))

describe('a language', () => {
  test('is one of the codes that an independent list of ISO 639-1 has, and no other', () => {
    const codes = pairs.filter(isLanguageCode)
    expect(codes).toEqual(ISO6391.getAllCodes().sort())
    expect(codes).toHaveLength(183)
  })

  test.each(['cs', 'en', 'uk'])('may be %s', (code) => {
    expect(parseLanguage('nativeLanguage', code)).toBe(code)
  })

  test.each(['', 'CS', 'cs-CZ', 'ces', 'c', 'xx', ' cs', 'czech', 'aa ab'])('is refused when it reads %j', (text) => {
    expect(isLanguageCode(text)).toBe(false)
    expect(() => parseLanguage('nativeLanguage', text)).toThrow(badInputOn('nativeLanguage'))
  })
})
