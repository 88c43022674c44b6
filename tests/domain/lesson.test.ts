import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toTimestamp } from '../../src/domain/calendar.ts'
import { messageIdFromRow, userIdFromRow } from '../../src/domain/ids.ts'
import { countWords, HISTORY_MAX, historyOf, normalized, parseMessageText } from '../../src/domain/lesson.ts'
import type { Message } from '../../src/domain/message.ts'
import { badInputOn } from '../support/refusals.ts'
import { NOW } from '../support/test-app.ts'

describe('a message’s text', () => {
  test('may have several lines and 2,000 characters as a reader counts them', () => {
    expect(parseMessageText('  Ahoj!\n\tJak se máš?\r\n ')).toBe('Ahoj!\n\tJak se máš?')
    expect(parseMessageText('🦊'.repeat(2_000))).toHaveLength(4_000)
  })

  test.each(['', '   ', '\n\t', '\u200B\u200D', '🦊'.repeat(2_001), 'a\0b', 'a\u0007b', '\uD800'])(
    'is refused when it is %j',
    (text) => {
      expect(() => parseMessageText(text)).toThrow(badInputOn('text'))
    },
  )
})

describe('a normalised text', () => {
  test('has composed letters and single spaces', () => {
    expect(normalized(' Prˇ\u00a0\n\t dál ')).toBe('Prˇ dál')
    expect(normalized('\ufeffPra\ufeffha \ufeff!')).toBe('Praha !')
    expect(normalized('Pr\u030Ci\u0301lis\u030C')).toBe('Př\u00edliš')
  })

  test('keeps its capitals', () => {
    expect(normalized('V Praze')).not.toBe(normalized('v praze'))
  })

  test('is the same however the letters and spaces were written', () => {
    const words = fc.array(fc.stringMatching(/^[a-zěščřžýáíéúůóďťň]{1,8}$/u), { minLength: 1, maxLength: 6 })
    const gaps = fc.array(fc.stringMatching(/^[ \t\n\u00a0\u2003]{1,3}$/u), { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(words, gaps, (list, spaces) => {
        const spread = list.map((word, index) => `${spaces[index]}${word.normalize('NFD')}`).join('')
        expect(normalized(`${spread}${spaces[7]}`)).toBe(list.join(' ').normalize('NFC'))
        expect(normalized(normalized(spread))).toBe(normalized(spread))
      }),
    )
  })
})

describe('the history of a message', () => {
  const said = (minutes: number, text: string, role: Message['role'] = 'USER'): Message => ({
    id: messageIdFromRow(1),
    userId: userIdFromRow(1),
    role,
    text,
    correctedText: null,
    correctnessScore: null,
    mistakes: [],
    wordsTotal: 1,
    wordsCorrect: 1,
    createdAt: toTimestamp(NOW.subtract({ seconds: Math.round(minutes * 60) })),
    answered: true,
  })

  test('is what was said in the last 30 minutes, oldest first', () => {
    const newestFirst = [said(1, 'Ano?', 'ASSISTANT'), said(2, ' Ahoj '), said(30, 'na hraně'), said(30.1, 'dávno')]
    expect(historyOf(newestFirst, NOW)).toEqual([
      { role: 'USER', text: 'na hraně' },
      { role: 'USER', text: 'Ahoj' },
      { role: 'ASSISTANT', text: 'Ano?' },
    ])
  })

  test('is at most the last eight messages', () => {
    const many = Array.from({ length: 12 }, (_, n) => said(n / 10, String(n)))
    expect(historyOf(many, NOW).map(({ text }) => text)).toEqual(['7', '6', '5', '4', '3', '2', '1', '0'])
    expect(HISTORY_MAX).toBe(8)
  })

  test('is nothing when nothing was said', () => {
    expect(historyOf([], NOW)).toEqual([])
  })
})

test.each([
  ['', 0],
  ['...!?', 0],
  ['Ahoj!', 1],
  ['Včera jsem byl ve škole.', 5],
  ['česko-anglický slovník', 2],
  ['Mám 2 bratry — a sestru', 5],
  ["O'Neil", 1],
])('%j has %d words', (text, words) => {
  expect(countWords(text)).toBe(words)
})
