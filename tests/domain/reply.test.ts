import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalized } from '../../src/domain/lesson.ts'
import { NEW_WORDS_MAX, type Said, settled, wordsIn } from '../../src/domain/reply.ts'

const TEXT = 'Včera jsem byl v škole.'
const said = (changes: Partial<Said> = {}): Said => ({
  reply: 'Aha. A co dál?',
  correctedText: TEXT,
  mistakes: [],
  correctnessScore: 100,
  suggestion: 'Zkus víc.',
  newWords: [],
  ...changes,
})
const mistake = { original: 'v škole', corrected: 've škole', explanation: 'Před „šk“ je „ve“.' }

describe('what a model said', () => {
  test('is taken as given when it fits together', () => {
    expect(settled(TEXT, said())).toEqual(said())
    const corrected = said({ correctedText: 'Včera jsem byl ve škole.', mistakes: [mistake], correctnessScore: 80 })
    expect(settled(TEXT, corrected)).toEqual(corrected)
  })

  test.each([
    [1000, 100],
    [100.4, 100],
    [-5, 0],
    [87.5, 88],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 100],
    [Number.NEGATIVE_INFINITY, 0],
  ])('has a whole score from 0 to 100: %d counts as %d', (correctnessScore, score) => {
    expect(settled(TEXT, said({ correctnessScore })).correctnessScore).toBe(score)
  })

  test.each([
    ['the text was changed', { correctedText: 'Včera jsem byl ve škole.' }],
    ['there are mistakes', { mistakes: [mistake] }],
    ['both', { correctedText: 'Včera jsem byl ve škole.', mistakes: [mistake] }],
  ])('is not full marks when %s', (_, changes) => {
    expect(settled(TEXT, said(changes)).correctnessScore).toBe(99)
  })

  test('may be full marks when only spaces and encoding differ', () => {
    expect(settled(` ${TEXT.normalize('NFD')}  `, said()).correctnessScore).toBe(100)
  })

  test('leaves the text as it is when it says nothing of it', () => {
    expect(settled(TEXT, said({ correctedText: '  ' })).correctedText).toBe(TEXT)
  })

  test('has no mistakes that are none', () => {
    const none = { original: 'škole', corrected: 'škole', explanation: 'Správně!' }
    expect(settled(TEXT, said({ mistakes: [none, mistake] })).mistakes).toEqual([mistake])
    expect(settled(TEXT, said({ mistakes: [none] })).correctnessScore).toBe(100)
  })

  test('has three new words at most, none of them empty', () => {
    const word = (czech: string) => ({ czech, translation: 't', example: 'e' })
    const newWords = ['', 'a', 'b', 'c', 'd'].map(word)
    expect(settled(TEXT, said({ newWords })).newWords).toEqual(['a', 'b', 'c'].map(word))
    expect(NEW_WORDS_MAX).toBe(3)
  })

  test('is never longer than a reader would read, and has no halves of characters', () => {
    const endless = settled(TEXT, said({ reply: '🦊'.repeat(5_000), suggestion: 'a\0b\uD800c' }))
    expect([...endless.reply]).toHaveLength(4_000)
    expect(endless.reply.isWellFormed()).toBe(true)
    expect(endless.suggestion).toBe('ab\uFFFDc')
    expect(settled(TEXT, said({ mistakes: Array(200).fill(mistake) })).mistakes).toHaveLength(50)
  })

  test('is settled once: doing it again changes nothing, whatever was said', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 })
    const anything = fc.record({
      reply: text,
      correctedText: text,
      mistakes: fc.array(fc.record({ original: text, corrected: text, explanation: text }), { maxLength: 4 }),
      correctnessScore: fc.double(),
      suggestion: text,
      newWords: fc.array(fc.record({ czech: text, translation: text, example: text }), { maxLength: 5 }),
    })
    fc.assert(
      fc.property(text, anything, (learnerText, raw) => {
        const once = settled(learnerText, raw)
        expect(settled(learnerText, once)).toEqual(once)
        const { correctnessScore, mistakes, correctedText } = once
        expect(Number.isInteger(correctnessScore) && correctnessScore >= 0 && correctnessScore <= 100).toBe(true)
        if (correctnessScore === 100) expect([mistakes.length, correctedText]).toEqual([0, normalized(learnerText)])
      }),
    )
  })
})

describe('the words of a text', () => {
  test.each([
    [[], 5],
    [[mistake], 3],
    [[mistake, { ...mistake, original: 'jsem' }], 2],
    [[{ ...mistake, original: '!' }], 4],
    [Array(9).fill(mistake), 0],
  ])('are correct where no mistake is: %#', (mistakes, correct) => {
    expect(wordsIn(TEXT, mistakes)).toEqual({ total: 5, correct })
  })
})
