import { describe, expect, test } from 'vitest'
import type { Memoised } from '../../src/cache/memo.ts'
import { shownTo } from '../../src/replies/shown.ts'
import type { Answer } from '../../src/replies/tutor.ts'
import { NOW } from '../support/test-app.ts'

const value: Answer = {
  reply: {
    reply: 'Ahoj! Jak se máš?',
    correctedText: 'Ahoj!',
    mistakes: [],
    correctnessScore: 100,
    suggestion: '',
    newWords: [],
    engine: 'OPENAI',
    model: 'a-model',
  },
  tokens: null,
  usd: null,
}
const memoised = (from: Memoised<Answer>['from'], askedBefore = false): Memoised<Answer> => ({
  value,
  from,
  askedBefore,
  computedAt: NOW.epochMilliseconds - 61_500,
})
const seen = (staff: boolean, mode: 'USE' | 'REFRESH' | 'BYPASS', answer: Memoised<Answer>) =>
  shownTo({ staff, mode }, answer, { key: 'reply:1', now: NOW }).cache

describe('a learner', () => {
  test('sees a hit, and how old it is, where they have asked the same before', () => {
    expect(seen(false, 'USE', memoised('STORED', true))).toEqual({ status: 'HIT', key: null, ageSeconds: 61 })
  })

  test.each<[Memoised<Answer>['from'], boolean]>([
    ['STORED', false],
    ['COMPUTED', false],
    ['JOINED', false],
    ['JOINED', true],
    ['COMPUTED', true],
  ])('sees something new where it is %s and asked before is %s', (from, askedBefore) => {
    expect(seen(false, 'USE', memoised(from, askedBefore))).toEqual({ status: 'MISS', key: null, ageSeconds: 0 })
  })
})

describe('staff', () => {
  test.each([
    ['USE', 'STORED', 'HIT', 61],
    ['USE', 'JOINED', 'COALESCED', 0],
    ['USE', 'COMPUTED', 'MISS', 0],
    ['REFRESH', 'COMPUTED', 'BYPASS', 0],
    ['BYPASS', 'COMPUTED', 'BYPASS', 0],
  ] as const)('who ask with %s see what was %s as %s', (mode, from, status, ageSeconds) => {
    expect(seen(true, mode, memoised(from))).toEqual({ status, key: 'reply:1', ageSeconds })
  })

  test('see no negative age where clocks differ', () => {
    const early = { ...memoised('STORED'), computedAt: NOW.epochMilliseconds + 5_000 }
    expect(seen(true, 'USE', early)).toMatchObject({ ageSeconds: 0 })
  })
})
