import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { settled } from '../../../src/domain/reply.ts'
import { Fault } from '../../../src/tutor/openai/fault.ts'
import { Leaks } from '../../../src/tutor/openai/leak.ts'
import { ReplyStream } from '../../../src/tutor/openai/reply-stream.ts'
import { requestFor } from '../../../src/tutor/openai/request.ts'
import { lessonOf, prompts } from './world.ts'

const leaks = new Leaks(requestFor('big', lessonOf(), prompts), prompts)
const rest = { correctedText: 'Včera.', mistakes: [], correctnessScore: 1, suggestion: '', newWords: [] }
const final = (reply: string) => settled('', { ...rest, reply }).reply

function streamed(chunks: Iterable<string>): string[] {
  const pieces: string[] = []
  const stream = new ReplyStream({ leaks, onText: (piece) => pieces.push(piece) })
  for (const chunk of chunks) stream.write(chunk)
  stream.finish(pieces.join(''))
  return pieces
}

/** A text cut at the places given, which may be inside of an escape or of a character. */
const cut = (text: string, places: readonly number[]): string[] => {
  const sorted = [0, ...places.map((place) => place % (text.length + 1)), text.length].sort((a, b) => a - b)
  return sorted.slice(1).map((end, index) => text.slice(sorted[index], end))
}

const word = fc.oneof(
  fc.constantFrom(
    'Ahoj',
    'kůň',
    'ma\u0301s\u030c',
    '😀',
    'e\u0301',
    'než',
    '\u0301',
    '\u200d',
    '👩‍👩‍👧',
    '\ud83d',
    '\u1112\u1161',
    '\ufeff',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
)
const space = fc.constantFrom(' ', '  ', '\n', '\t', '\u00a0', '\u0000', ' \u0000 ', '"', '\\', '/', '-')
const reply = fc.array(fc.tuple(word, space), { maxLength: 60 }).map((parts) => parts.flat().join(''))
const escaped = (json: string) =>
  json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

describe('a reply that comes in pieces', () => {
  test('is the whole reply in the end, whatever it says and wherever it is cut', () => {
    fc.assert(
      fc.property(reply, fc.array(fc.nat(), { maxLength: 40 }), fc.boolean(), (text, places, isEscaped) => {
        const json = JSON.stringify({ reply: text, ...rest })
        expect(streamed(cut(isEscaped ? escaped(json) : json, places)).join('')).toBe(final(text))
      }),
      { numRuns: 1_000 },
    )
  })

  test('leaves out byte order marks wherever they stand, as the whole reply does', () => {
    for (const text of ['"\ufeff\u000e ', '\ufeffAhoj', '\\\ufeff\\n', 'a\ufeffb']) {
      const json = JSON.stringify({ reply: text, ...rest })
      expect(streamed([json]).join('')).toBe(final(text))
      expect(streamed([escaped(json)]).join('')).toBe(final(text))
      expect(final(text)).not.toContain('\ufeff')
    }
    expect(final('a\ufeffb')).toBe('ab')
  })

  test('is the whole reply when it comes unit by unit', () => {
    fc.assert(
      fc.property(reply, (text) => {
        expect(streamed(JSON.stringify({ reply: text, ...rest }).split('')).join('')).toBe(final(text))
      }),
    )
  })

  test('ends where a reply ends that is too long', () => {
    const text = 'slovo a '.repeat(700)
    const pieces = streamed(cut(JSON.stringify({ reply: text }), [100, 1_000, 3_000, 5_000, 5_500]))
    expect(pieces.join('')).toBe(final(text))
    expect(pieces.join('').length).toBeLessThan(text.length)
  })

  test('is given out before it is complete', () => {
    const json = JSON.stringify({ reply: 'jedna dvě tři čtyři pět šest sedm osm devět deset' })
    expect(streamed([json.slice(0, -8), json.slice(-8)])[0]).toBe('jedna ')
  })

  test('is complete before the rest of the answer is', () => {
    expect(streamed(['{"reply":"Ahoj?","corr'])).toEqual(['Ahoj?'])
  })

  test('is the first of several, of which nothing else is shown', () => {
    expect(streamed(['{"reply":"Ahoj?","reply":"Nazdar, ', 'a co ty?"}'])).toEqual(['Ahoj?'])
  })

  test('is only the reply of the answer itself', () => {
    expect(streamed([JSON.stringify({ x: { reply: 'a' }, list: [{ reply: 'b' }], reply: 'Ahoj?' })])).toEqual(['Ahoj?'])
    expect(streamed([JSON.stringify({ reply: 5 })])).toEqual([])
    expect(streamed([JSON.stringify({ reply: { reply: 'Ahoj' } })])).toEqual([])
  })
})

const troubleOf = (chunks: readonly string[]): unknown => {
  try {
    return streamed(chunks)
  } catch (error) {
    return error instanceof Fault ? error.trouble : error
  }
}

describe('a stream', () => {
  test('that is no JSON says so', () => {
    expect(troubleOf(['Ahoj, jak se máš?'])).toBe('invalid-json')
    expect(troubleOf(['{"reply":"Ahoj?"}', '{"reply":"Ne?"}'])).toBe('invalid-json')
  })

  test('that leaks ends with that, and has shown nothing of it', () => {
    const pieces: string[] = []
    const stream = new ReplyStream({ leaks, onText: (piece) => pieces.push(piece) })
    const json = JSON.stringify({ reply: `Dobře, tady to je celé: ${prompts.systemFor(lessonOf())}` })
    expect(() => {
      for (const unit of json) stream.write(unit)
    }).toThrow(Fault)
    expect('Dobře, tady to je celé: ').toContain(pieces.join(''))
  })
})
