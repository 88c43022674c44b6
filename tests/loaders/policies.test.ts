import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dateFromRow, parseTimeZone } from '../../src/domain/calendar.ts'
import { telegramIdFromRow, userIdFromRow } from '../../src/domain/ids.ts'
import { policiesFor } from '../../src/loaders/policies.ts'

const policies = policiesFor({ user: 3_600, stats: 900, other: 1_800 })

const day = { date: dateFromRow('2026-11-23'), messagesCount: 1, wordsSaid: 5, scoredWords: 400, streakDay: 2 }
const practice = {
  recentDays: [day, { ...day, date: dateFromRow('2026-11-22') }],
  totalMessages: 2,
  totalWords: 10,
  scoredWords: 800,
  maxStreak: 2,
  timezone: parseTimeZone('timezone', 'Europe/Prague'),
}

/** What each kind of thing looks like in the store. */
const SAMPLES: Record<keyof typeof policies, unknown> = {
  profile: {
    id: 1,
    telegramId: '7000000000000001',
    username: null,
    firstName: 'Ondřej',
    nativeLanguage: 'en',
    level: 'BEGINNER',
    createdAt: '2026-11-23T08:30:00.000Z',
    updatedAt: '2026-11-23T08:30:00.000Z',
  },
  telegramId: 1,
  settings: {
    conversationStyle: 'FRIENDLY',
    voiceSpeed: 'NORMAL',
    correctionsLevel: 'BALANCED',
    character: 'HONZIK',
    timezone: 'Europe/Prague',
    notificationsEnabled: true,
  },
  stars: { total: 3, available: 2, lifetime: 3 },
  practice,
}

const names = Object.keys(policies) as (keyof typeof policies)[]
const records = names.flatMap((name) => {
  const sample = SAMPLES[name]
  return typeof sample === 'object' && sample !== null ? Object.keys(sample).map((field) => [name, field] as const) : []
})

describe('what was stored', () => {
  test.each(names)('comes back as it was: %s', (name) => {
    const stored: unknown = JSON.parse(JSON.stringify(SAMPLES[name]))
    expect(policies[name].decode(stored)).toEqual(SAMPLES[name])
  })

  test.each(records)('does not count without a property: %s.%s', (name, field) => {
    const { [field]: _, ...rest } = Object(SAMPLES[name])
    expect(() => policies[name].decode(rest)).toThrow('another shape')
  })

  test.each(records)('does not count with another type in a property: %s.%s', (name, field) => {
    for (const wrong of [{}, undefined, -1.5])
      expect(() => policies[name].decode({ ...Object(SAMPLES[name]), [field]: wrong })).toThrow('another shape')
  })

  test.each(names)('does not count when it is something else: %s', (name) => {
    for (const wrong of ['', 'x', 0, -1, 1.5, true, [], {}, { ...Object(SAMPLES[name]), more: 1 }])
      expect(() => policies[name].decode(wrong)).toThrow('another shape')
  })

  test('does not count when a day within it is wrong', () => {
    for (const wrong of [{ ...day, date: 1 }, { ...day, streakDay: '2' }, { ...day, wordsSaid: -1 }, null])
      expect(() => policies.practice.decode({ ...practice, recentDays: [day, wrong] })).toThrow('another shape')
  })
})

describe('a tag', () => {
  test('names one thing only', () => {
    const ids = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
    fc.assert(
      fc.property(ids, ids, (one, other) => {
        const tagsOf = (n: number) =>
          names.map((name) =>
            name === 'telegramId'
              ? policies.telegramId.tagOf(telegramIdFromRow(String(n)))
              : policies[name].tagOf(userIdFromRow(n)),
          )
        const all = [...tagsOf(one), ...tagsOf(other)]
        expect(new Set(all).size).toBe(one === other ? names.length : 2 * names.length)
      }),
    )
  })
})

describe('a time to live', () => {
  const now = Temporal.Instant.from('2026-11-23T08:30:00Z').epochMilliseconds

  test('is what the configuration says', () => {
    expect(policies.profile.ttlMs()).toBe(3_600_000)
    expect(policies.telegramId.ttlMs()).toBe(3_600_000)
    expect(policies.settings.ttlMs()).toBe(3_600_000)
    expect(policies.stars.ttlMs()).toBe(1_800_000)
    expect(policies.practice.ttlMs(practice, now)).toBe(900_000)
  })

  test('of what is not there is short, and never longer than of what is', () => {
    expect(names.map((name) => policies[name].absentTtlMs)).toEqual(names.map(() => 30_000))
    expect(policiesFor({ user: 10, stats: 10, other: 10 }).stars.absentTtlMs).toBe(10_000)
  })

  test.each([
    ['2026-11-23T22:59:30Z', 'Europe/Prague', 30_000],
    ['2026-11-23T22:59:59.999Z', 'Europe/Prague', 1],
    ['2026-11-23T23:00:00Z', 'Europe/Prague', 900_000],
    ['2026-03-29T21:50:00Z', 'Europe/Prague', 600_000],
    ['2026-10-25T22:50:00Z', 'Europe/Prague', 600_000],
    ['2026-11-23T11:59:00Z', 'Pacific/Auckland', 900_000],
    ['2026-11-23T10:59:00Z', 'Pacific/Auckland', 60_000],
  ])('of practice ends with the learner’s day: %s in %s', (at, zone, ms) => {
    const value = { ...practice, timezone: parseTimeZone('timezone', zone) }
    expect(policies.practice.ttlMs(value, Temporal.Instant.from(at).epochMilliseconds)).toBe(ms)
  })
})
