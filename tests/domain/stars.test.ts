import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type EarningMessage, starsEarned } from '../../src/domain/stars.ts'

const plain: EarningMessage = { score: 0, scoreEarns: true, streakDay: 1, messagesCount: 1 }

describe('a message earns', () => {
  test.each<[stars: number, why: string, message: Partial<EarningMessage>]>([
    [1, 'for itself', {}],
    [1, 'with a score just below the bonus', { score: 79 }],
    [2, 'with a score of 80', { score: 80 }],
    [2, 'with a full score', { score: 100 }],
    [1, 'with a full score of the embedded tutor', { score: 100, scoreEarns: false }],
    [1, 'on the 6th day of a streak', { streakDay: 6 }],
    [3, 'on the 7th day of a streak', { streakDay: 7 }],
    [3, 'on the 29th day of a streak', { streakDay: 29 }],
    [6, 'on the 30th day of a streak', { streakDay: 30 }],
    [6, 'on the 365th day of a streak', { streakDay: 365 }],
    [1, 'as the fourth of its day', { messagesCount: 4 }],
    [6, 'as the fifth of its day', { messagesCount: 5 }],
    [1, 'as the sixth of its day', { messagesCount: 6 }],
    [1, 'as the tenth of its day', { messagesCount: 10 }],
    [4, 'for a good score in a long streak', { score: 90, streakDay: 7 }],
    [7, 'for a good score as the fifth of its day', { score: 90, messagesCount: 5 }],
    [12, 'for everything at once', { score: 100, streakDay: 30, messagesCount: 5 }],
    [
      11,
      'for everything at once with the embedded tutor',
      {
        score: 100,
        scoreEarns: false,
        streakDay: 30,
        messagesCount: 5,
      },
    ],
  ])('%i %s', (stars, _, message) => {
    expect(starsEarned({ ...plain, ...message })).toBe(stars)
  })

  test('the bonus of the day once in a day of any length', () => {
    const day = fc.integer({ min: 5, max: 60 })
    fc.assert(
      fc.property(day, (messages) => {
        const earned = Array.from({ length: messages }, (_, index) =>
          starsEarned({ ...plain, messagesCount: index + 1 }),
        )
        expect(earned.reduce((sum, stars) => sum + stars)).toBe(messages + 5)
      }),
    )
  })
})
