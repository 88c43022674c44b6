import { z } from 'zod'
import type { Policy } from '../cache/policy.ts'
import { type CalendarDate, millisecondsToMidnight, type TimeZone } from '../domain/calendar.ts'
import type { TelegramId, UserId } from '../domain/ids.ts'
import type { Practice } from '../domain/practice.ts'
import {
  CHARACTERS,
  CONVERSATION_STYLES,
  CORRECTIONS_LEVELS,
  type UserSettings,
  VOICE_SPEEDS,
} from '../domain/settings.ts'
import type { Stars } from '../domain/stars.ts'
import { LEVELS, type User } from '../domain/user.ts'

/** Seconds that cached values live at most. */
export interface CacheTtls {
  readonly user: number
  readonly stats: number
  readonly other: number
}

/** Seconds that "there is no such thing" lives at most. */
const ABSENT_TTL_S = 30

/** A text that was checked before it was stored; only that it is one is checked again. */
const text = <Text extends string>() => z.string() as z.ZodType<string> as z.ZodType<Text>

const count = z.int().nonnegative()
const id = z.int().positive()

const profile = z.object({
  id,
  telegramId: z.string(),
  username: z.string().nullable(),
  firstName: z.string(),
  nativeLanguage: z.string(),
  level: z.enum(LEVELS),
  createdAt: z.string(),
  updatedAt: z.string(),
})

const settings = z.object({
  conversationStyle: z.enum(CONVERSATION_STYLES),
  voiceSpeed: z.enum(VOICE_SPEEDS),
  correctionsLevel: z.enum(CORRECTIONS_LEVELS),
  character: z.enum(CHARACTERS),
  timezone: z.string(),
  notificationsEnabled: z.boolean(),
})

const stars = z.object({ total: count, available: count, lifetime: count })

const practice = z.object({
  recentDays: z.array(
    z.object({
      date: text<CalendarDate>(),
      messagesCount: count,
      wordsSaid: count,
      scoredWords: count,
      streakDay: count,
    }),
  ),
  totalMessages: count,
  totalWords: count,
  scoredWords: count,
  maxStreak: count,
  timezone: text<TimeZone>(),
})

/**
 * Everything of Honzík's that is cached: its tag, which is also its key, how long it lives, and how it is read back.
 * Which change makes which tag stale is told by the triggers in `drizzle/0001_cache_invalidation.sql`.
 * A shape that changes gets a higher version: values of other releases are then no values.
 */
export const policiesFor = (ttl: CacheTtls) => ({
  profile: {
    ...lasting('profile', ttl.user),
    tagOf: (userId: UserId) => `user:${userId}`,
    decode: (json) => profile.parse(json) as User,
  } satisfies Policy<UserId, User>,

  telegramId: {
    ...lasting('telegramId', ttl.user),
    tagOf: (telegramId: TelegramId) => `telegram:${telegramId}`,
    decode: (json) => id.parse(json) as UserId,
  } satisfies Policy<TelegramId, UserId>,

  settings: {
    ...lasting('settings', ttl.user),
    tagOf: (userId: UserId) => `settings:${userId}`,
    decode: (json) => settings.parse(json) as UserSettings,
  } satisfies Policy<UserId, UserSettings>,

  stars: {
    ...lasting('stars', ttl.other),
    tagOf: (userId: UserId) => `stars:${userId}`,
    decode: (json) => stars.parse(json) as Stars,
  } satisfies Policy<UserId, Stars>,

  practice: {
    ...lasting('practice', ttl.stats),
    tagOf: (userId: UserId) => `practice:${userId}`,
    ttlMs: ({ timezone }: Practice, now: number) =>
      Math.min(ttl.stats * 1000, millisecondsToMidnight(Temporal.Instant.fromEpochMilliseconds(now), timezone)),
    decode: (json) => practice.parse(json),
  } satisfies Policy<UserId, Practice>,
})

/** What lives as long as its variable says; "there is none" at most {@link ABSENT_TTL_S}. */
const lasting = (name: string, ttlSeconds: number) => ({
  name,
  ttlMs: () => ttlSeconds * 1000,
  absentTtlMs: Math.min(ABSENT_TTL_S, ttlSeconds) * 1000,
  version: 1,
})
