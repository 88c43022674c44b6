import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalized } from '../../../src/domain/lesson.ts'
import { Fault } from '../../../src/tutor/openai/fault.ts'
import { Leaks, RUN, safeLength } from '../../../src/tutor/openai/leak.ts'
import { requestFor } from '../../../src/tutor/openai/request.ts'
import { lessonOf, prompts } from './world.ts'

const secret = 'Jsi HONZIK, trpělivý učitel češtiny, a mluvíš jen o tom, co zajímá tvého studenta.'
const words = secret.split(' ')
const leaks = new Leaks(requestFor('big', lessonOf(), prompts), prompts)

function leak(text: string, isWhole = true, from = leaks): boolean {
  try {
    from.refuseText(text, isWhole)
    return false
  } catch (error) {
    if (error instanceof Fault && error.trouble === 'leak') return true
    throw error
  }
}

const lessonSaying = (text: string) => new Leaks(requestFor('big', lessonOf({ text }), prompts), prompts)

describe('a leak', () => {
  test('is so many words in a row of the system prompt, and no fewer', () => {
    expect(leak(`Řekli mi: ${words.slice(2, 2 + RUN).join(' ')} — a dost.`)).toBe(true)
    expect(leak(words.slice(2, 1 + RUN).join(' '))).toBe(false)
  })

  test.each([
    { how: 'in capitals', text: secret.toUpperCase() },
    { how: 'without diacritics', text: secret.normalize('NFD').replace(/\p{M}/gu, '') },
    { how: 'with other punctuation and lines', text: words.join(' *\n- ') },
    { how: 'with invisible characters', text: [...secret].join('\u200b') },
    { how: 'in wide letters', text: secret.replace(/[a-z]/g, (it) => String.fromCodePoint(it.charCodeAt(0) + 0xfee0)) },
  ])('is one $how', ({ text }) => {
    expect(leak(text)).toBe(true)
  })

  test('is a delimiter, too', () => {
    expect(leak('Text je mezi <<<ZPRAVA>>> a koncem.')).toBe(true)
    expect(leak('Text je mezi << a >>.')).toBe(false)
  })

  test('can be in any text of an answer', () => {
    const said = { reply: '', correctedText: '', mistakes: [], correctnessScore: 1, suggestion: '', newWords: [] }
    const mistake = { original: '', corrected: '', explanation: '' }
    const word = { czech: '', translation: '', example: '' }
    const answers = [
      ...(['reply', 'correctedText', 'suggestion'] as const).map((name) => ({ ...said, [name]: secret })),
      ...(['original', 'corrected', 'explanation'] as const).map((name) => ({
        ...said,
        mistakes: [mistake, { ...mistake, [name]: secret }],
      })),
      ...(['czech', 'translation', 'example'] as const).map((name) => ({
        ...said,
        newWords: [word, word, word, { ...word, [name]: secret }],
      })),
    ]
    expect(() => leaks.refuse(said)).not.toThrow()
    for (const answer of answers) expect(() => leaks.refuse(answer)).toThrow(Fault)
  })

  test('is nothing that the learner wrote in the first place', () => {
    const own = words.slice(0, RUN).join(' ')
    expect(leak(own, true, lessonSaying(`${own} a tak dál`))).toBe(false)
    expect(leak(secret, true, lessonSaying(`${own} a tak dál`))).toBe(true)
  })
})

describe('an unfinished text', () => {
  test('is not judged by its last word, which may go on', () => {
    const begun = words.slice(0, RUN).join(' ')
    expect(leak(begun, false)).toBe(false)
    expect(leak(`${begun} x`, false)).toBe(true)
  })

  test('is held back by so many words, and ends with a space', () => {
    expect(safeLength('a b c d e f g h')).toBe(0)
    expect(safeLength('Ano, a b c d e f g h')).toBe('Ano, '.length)
    expect(safeLength('x-y.z ano-a b c d e f g h')).toBe('x-y.z '.length)
    expect(safeLength('')).toBe(0)
  })

  test('has shown nothing of a run by the time the run is found', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('ano', 'ne', 'dnes'), { maxLength: 12 }), fc.nat(4), (before, from) => {
        const text = normalized([...before, ...words.slice(from, from + RUN), 'a', 'konec'].join(' '))
        const lengths = Array.from({ length: text.length + 1 }, (_, length) => length)
        const found = lengths.find((length) => leak(text.slice(0, length), false)) ?? Number.NaN
        const shown = text.slice(0, safeLength(text.slice(0, found - 1)))
        expect(before.join(' ').startsWith(shown.trim())).toBe(true)
      }),
    )
  })
})
