import { randomBytes } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CacheEvent } from '../../src/cache/cache-event.ts'
import { packed, unpacked } from '../../src/cache/codec.ts'
import { isTooLarge } from '../../src/cache/size.ts'

const LIMIT = 1_048_576

function pack(json: string) {
  const events: CacheEvent[] = []
  return { text: packed(json, 'thing', (event) => events.push(event)), events }
}

/** JSON of about so many characters that says the same over and over. */
const repeating = (length: number) => JSON.stringify('Žluťoučký kůň. '.repeat(Math.ceil(length / 15)))

describe('what is stored', () => {
  test('comes back as it was', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.nat(300), (one, times) => {
        const json = JSON.stringify(Array.from({ length: times }, () => one))
        expect(unpacked(pack(json).text, 100 * LIMIT)).toBe(json)
      }),
      { numRuns: 50 },
    )
  })

  test('is compressed when it is large, which is told in bytes', () => {
    const json = repeating(3_000)
    const { text, events } = pack(json)
    expect(text).toMatch(/^~[A-Za-z0-9+/]+=*$/)
    expect(events).toEqual([{ kind: 'compressed', policy: 'thing', from: Buffer.byteLength(json), to: text.length }])
    expect(text.length).toBeLessThan(json.length / 10)
  })

  test('stays as it is when it is small', () => {
    const json = repeating(900)
    expect(json.length).toBeLessThan(1_024)
    expect(pack(json)).toEqual({ text: json, events: [] })
  })

  test('stays as it is when compressing saves little', () => {
    const json = JSON.stringify(randomBytes(3_000).toString('base64'))
    expect(pack(json)).toEqual({ text: json, events: [] })
  })

  test('is nothing that JSON begins with, so that an earlier release has a miss', () => {
    expect(() => JSON.parse(pack(repeating(3_000)).text)).toThrow(SyntaxError)
  })
})

describe('what was tampered with', () => {
  test.each([
    ['nothing', '~'],
    ['no base64', '~!!!'],
    ['noise', `~${Buffer.from('hello, hello').toString('base64')}`],
    ['half of it', pack(repeating(3_000)).text.slice(0, 40)],
  ])('is not read: %s', (_, text) => {
    expect(() => unpacked(text, LIMIT)).toThrow()
  })

  test('takes no more memory than what may be kept: a bomb', () => {
    const bomb = `~${deflateRawSync(Buffer.alloc(50 * LIMIT)).toString('base64')}`
    expect(bomb.length).toBeLessThan(LIMIT / 10)
    expect(() => unpacked(bomb, LIMIT)).toThrow(/larger than/)
  })
})

describe('a text', () => {
  test.each([
    ['a'.repeat(10), 10, false],
    ['a'.repeat(11), 10, true],
    ['ů'.repeat(5), 10, false],
    ['ů'.repeat(6), 10, true],
    ['語'.repeat(3), 9, false],
    ['語'.repeat(3), 8, true],
    ['🎓'.repeat(2), 8, false],
    ['🎓'.repeat(2), 7, true],
  ])('is too large by its bytes: %s of %i, %s', (text, most, expected) => {
    expect(isTooLarge(text, most)).toBe(expected)
    if (expected) expect(() => unpacked(text, most)).toThrow(RangeError)
    else expect(unpacked(text, most)).toBe(text)
  })
})
