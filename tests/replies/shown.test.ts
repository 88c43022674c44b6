import { describe, expect, test } from 'vitest'
import type { Memoised } from '../../src/cache/memo.ts'
import { shownTo } from '../../src/replies/shown.ts'
import type { Answer } from '../../src/replies/tutor.ts'
import { aReply } from '../support/a-reply.ts'
import { NOW } from '../support/test-app.ts'

const value: Answer = { reply: aReply, tokens: null, usd: null }
const ago = (seconds: number) => NOW.epochMilliseconds - seconds * 1000
const memoised = (from: Memoised<Answer>['from'], askedAt: number | null = null): Memoised<Answer> => ({
  value,
  from,
  askedAt,
  computedAt: ago(61.5),
})
const seen = (staff: boolean, mode: 'USE' | 'REFRESH' | 'BYPASS', answer: Memoised<Answer>) =>
  shownTo({ staff, mode }, answer, { key: 'reply:1', now: NOW }).cache

describe('a learner', () => {
  test('sees a hit, and how old it is, where they have asked the same before', () => {
    expect(seen(false, 'USE', memoised('STORED', ago(61.5)))).toEqual({ status: 'HIT', key: null, ageSeconds: 61 })
  })

  test('does not see when somebody else asked first', () => {
    const earlier = { ...memoised('STORED', ago(60)), computedAt: ago(3 * 3600) }
    expect(seen(false, 'USE', earlier).ageSeconds).toBe(60)
    expect(seen(true, 'USE', earlier).ageSeconds).toBe(3 * 3600)
  })

  test('does not see when somebody else had it computed anew', () => {
    expect(seen(false, 'USE', memoised('STORED', ago(3600))).ageSeconds).toBe(3600)
  })

  test.each<[Memoised<Answer>['from'], number | null]>([
    ['STORED', null],
    ['COMPUTED', null],
    ['JOINED', null],
    ['JOINED', ago(60)],
    ['COMPUTED', ago(60)],
  ])('sees something new where it is %s and was asked before at %s', (from, askedAt) => {
    expect(seen(false, 'USE', memoised(from, askedAt))).toEqual({ status: 'MISS', key: null, ageSeconds: 0 })
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
    const early = { ...memoised('STORED'), computedAt: ago(-5) }
    expect(seen(true, 'USE', early)).toMatchObject({ ageSeconds: 0 })
  })
})
