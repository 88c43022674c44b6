import { describe, expect, test } from 'vitest'
import {
  type Act,
  type ActivityInput,
  type Idempotency,
  parseActivity,
  parseIdempotency,
  requireRecent,
  sameAct,
} from '../../src/domain/activity.ts'
import { parseCalendarDate } from '../../src/domain/calendar.ts'
import { badInputOn, refusal } from '../support/refusals.ts'

const NOW = Temporal.Instant.from('2026-11-23T08:30:00Z')
const input: ActivityInput = { userId: '7', wordsTotal: 12, correctnessScore: 85 }
const parse = (changes: Partial<ActivityInput> = {}, now = NOW) => parseActivity({ ...input, ...changes }, now)

/** What one act and a later one with the same key would be compared by. */
const described = (changes: Partial<ActivityInput>, now = NOW) =>
  parse({ idempotencyKey: 'lesson-1', ...changes }, now).idempotency

describe('practice in another client', () => {
  test('is what was said, and now when no time was', () => {
    expect(parse()).toEqual({ userId: 7, words: 12, score: 85, occurredAt: NOW, idempotency: null })
    expect(parse({ occurredAt: null, idempotencyKey: null })).toEqual(parse())
  })

  test('is nobody’s under an impossible id', () => {
    expect(parse({ userId: 'seven' }).userId).toBeNull()
  })

  test.each([0, 10_000])('may have %i words', (wordsTotal) => {
    expect(parse({ wordsTotal }).words).toBe(wordsTotal)
  })

  test.each([0, 100])('may have a score of %i', (correctnessScore) => {
    expect(parse({ correctnessScore }).score).toBe(correctnessScore)
  })

  test.each<[field: string, change: Partial<ActivityInput>]>([
    ['wordsTotal', { wordsTotal: -1 }],
    ['wordsTotal', { wordsTotal: 10_001 }],
    ['wordsTotal', { wordsTotal: 1.5 }],
    ['correctnessScore', { correctnessScore: -1 }],
    ['correctnessScore', { correctnessScore: 101 }],
    ['correctnessScore', { correctnessScore: 99.5 }],
    ['idempotencyKey', { idempotencyKey: '' }],
    ['idempotencyKey', { idempotencyKey: 'a\0' }],
    ['idempotencyKey', { idempotencyKey: 'k'.repeat(129) }],
  ])('is refused by the name of the wrong field: %s in %j', (field, change) => {
    expect(() => parse(change)).toThrow(badInputOn(field))
  })
})

describe('the time of practice', () => {
  const count = (input: { occurredAt: string }) => requireRecent(parse(input), NOW)

  test('of a repeat is not asked again: what was counted is counted', () => {
    expect(() => parse({ occurredAt: at({ hours: -49 }) })).not.toThrow()
  })

  const at = (duration: Temporal.DurationLike) => NOW.add(duration).toString()

  test.each([
    ['now', { seconds: 0 }],
    ['a nanosecond ago', { nanoseconds: -1 }],
    ['exactly 48 hours ago', { hours: -48 }],
  ])('may be %s', (_, duration) => {
    const occurredAt = at(duration)
    expect(parse({ occurredAt }).occurredAt.toString()).toBe(occurredAt)
  })

  test('may be written with an offset', () => {
    expect(parse({ occurredAt: '2026-11-23T09:00:00+01:00' }).occurredAt.toString()).toBe('2026-11-23T08:00:00Z')
  })

  test.each([{ nanoseconds: 1 }, { milliseconds: 1 }, { hours: 24 }])('is refused in the future, by %j', (duration) => {
    expect(() => count({ occurredAt: at(duration) })).toThrow(badInputOn('occurredAt'))
    expect(() => count({ occurredAt: at(duration) })).toThrow('must not be in the future.')
  })

  test.each([{ hours: -48, nanoseconds: -1 }, { hours: -48, milliseconds: -1 }, { hours: -9000 }])(
    'is refused when it is long past, by %j',
    (duration) => {
      expect(() => count({ occurredAt: at(duration) })).toThrow(badInputOn('occurredAt'))
      expect(() => count({ occurredAt: at(duration) })).toThrow('must lie within the last 48 hours.')
    },
  )
})

describe('the key of an act', () => {
  test('is a line of up to 128 characters', () => {
    expect(parseIdempotency('k'.repeat(128), {})?.key).toBe('k'.repeat(128))
    expect(parseIdempotency(null, {})).toBeNull()
  })

  test('comes with what was said of the act, and not with when it was said', () => {
    const later = NOW.add({ minutes: 5 })
    expect(described({}, later)).toEqual(described({}))
    const occurredAt = '2026-11-23T08:00:00.000Z'
    expect(described({ occurredAt }, later)).toEqual(described({ occurredAt }))
  })

  test.each<Partial<ActivityInput>>([
    { wordsTotal: 13 },
    { correctnessScore: 84 },
    { occurredAt: '2026-11-23T08:00:00.000Z' },
  ])('comes with another description when the act differs by %j', (change) => {
    expect(described(change)?.key).toBe('lesson-1')
    expect(described(change)?.input).not.toBe(described({})?.input)
  })
})

describe('an act under a key that was used before', () => {
  const practised = {
    day: {
      date: parseCalendarDate('date', '2026-11-23'),
      messagesCount: 1,
      wordsSaid: 12,
      scoredWords: 1020,
      streakDay: 1,
    },
    stars: { total: 2, available: 2, lifetime: 2 },
    starsEarned: 2,
  }
  const first: Act = { input: '{"words":12}', messageId: null, jobId: null, practised }
  const repeat: Idempotency = { key: 'lesson-1', input: '{"words":12}' }

  test('is the first act when it is the same', () => {
    expect(sameAct(first, repeat)).toBe(first)
  })

  test('is a conflict when it is another one', () => {
    expect(() => sameAct(first, { ...repeat, input: '{"words":13}' })).toThrow(refusal('CONFLICT', 'idempotencyKey'))
  })
})
