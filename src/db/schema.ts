import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  customType,
  date,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import type { CalendarDate, Timestamp, TimeZone } from '../domain/calendar.ts'
import { type MessageId, type TelegramId, telegramIdFromRow, type UserId } from '../domain/ids.ts'
import type { LanguageCode } from '../domain/language.ts'
import { MESSAGE_ROLES, type Mistake } from '../domain/message.ts'
import { CHARACTERS, CONVERSATION_STYLES, CORRECTIONS_LEVELS, VOICE_SPEEDS } from '../domain/settings.ts'
import { LEVELS } from '../domain/user.ts'

export const level = pgEnum('level', LEVELS)
export const conversationStyle = pgEnum('conversation_style', CONVERSATION_STYLES)
export const voiceSpeed = pgEnum('voice_speed', VOICE_SPEEDS)
export const correctionsLevel = pgEnum('corrections_level', CORRECTIONS_LEVELS)
export const character = pgEnum('tutor_character', CHARACTERS)
export const messageRole = pgEnum('message_role', MESSAGE_ROLES)

/** The drivers disagree on 64-bit integers (number, bigint, string); text is what all of them can be turned into. */
const telegramId = customType<{ data: TelegramId; driverData: string | number | bigint }>({
  dataType: () => 'bigint',
  fromDriver: (value) => telegramIdFromRow(String(value)),
})

/** Millisecond precision, so that what was written equals what is read. */
const timestamp = customType<{ data: Timestamp; driverData: string }>({
  dataType: () => 'timestamp(3) with time zone',
  fromDriver: (value) => new Date(value).toISOString() as Timestamp,
})

const userId = () => bigint({ mode: 'number' }).$type<UserId>()
const ownerId = () =>
  userId()
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' })

export const users = pgTable('users', {
  id: userId().primaryKey().generatedAlwaysAsIdentity(),
  telegramId: telegramId().notNull().unique('users_telegram_id_key'),
  username: text(),
  firstName: text().notNull(),
  nativeLanguage: text().$type<LanguageCode>().notNull(),
  level: level().notNull(),
  createdAt: timestamp().notNull().default(sql`now()`),
  updatedAt: timestamp().notNull().default(sql`now()`),
})

export const userSettings = pgTable('user_settings', {
  userId: ownerId().primaryKey(),
  conversationStyle: conversationStyle().notNull(),
  voiceSpeed: voiceSpeed().notNull(),
  correctionsLevel: correctionsLevel().notNull(),
  character: character().notNull(),
  timezone: text().$type<TimeZone>().notNull(),
  notificationsEnabled: boolean().notNull(),
})

export const stars = pgTable(
  'stars',
  {
    userId: ownerId().primaryKey(),
    total: integer().notNull().default(0),
    available: integer().notNull().default(0),
    lifetime: integer().notNull().default(0),
  },
  (t) => [
    check('stars_add_up', sql`0 <= ${t.available} and ${t.available} <= ${t.total} and ${t.total} <= ${t.lifetime}`),
  ],
)

export const dailyStats = pgTable(
  'daily_stats',
  {
    userId: ownerId(),
    date: date({ mode: 'string' }).$type<CalendarDate>().notNull(),
    messagesCount: integer().notNull(),
    wordsSaid: integer().notNull(),
    scoredWords: bigint({ mode: 'number' }).notNull(),
    streakDay: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.date] }),
    check('daily_stats_add_up', sql`${t.scoredWords} between 0 and 100 * ${t.wordsSaid}::bigint`),
  ],
)

export const messages = pgTable(
  'messages',
  {
    id: bigint({ mode: 'number' }).$type<MessageId>().primaryKey().generatedAlwaysAsIdentity(),
    userId: ownerId(),
    role: messageRole().notNull(),
    text: text().notNull(),
    correctedText: text(),
    correctnessScore: integer(),
    mistakes: jsonb().$type<readonly Mistake[]>().notNull().default([]),
    wordsTotal: integer().notNull(),
    wordsCorrect: integer().notNull(),
    createdAt: timestamp().notNull().default(sql`now()`),
  },
  (t) => [
    index('messages_in_order').on(t.userId, t.createdAt, t.id),
    check('messages_score', sql`${t.correctnessScore} between 0 and 100`),
  ],
)

/** What was done under callers' idempotency keys, with its first result. */
export const acts = pgTable(
  'acts',
  {
    userId: ownerId(),
    key: text().notNull(),
    input: text().notNull(),
    date: date({ mode: 'string' }).$type<CalendarDate>().notNull(),
    messagesCount: integer().notNull(),
    wordsSaid: integer().notNull(),
    scoredWords: bigint({ mode: 'number' }).notNull(),
    streakDay: integer().notNull(),
    starsTotal: integer().notNull(),
    starsAvailable: integer().notNull(),
    starsLifetime: integer().notNull(),
    starsEarned: integer().notNull(),
    createdAt: timestamp().notNull().default(sql`now()`),
  },
  (t) => [primaryKey({ columns: [t.userId, t.key] })],
)

const transactionId = customType<{ data: string }>({ dataType: () => 'xid8' })

/**
 * Names what committed changes have made stale in caches. Triggers write it in the transaction that changes something
 * (`drizzle/0001_cache_invalidation.sql`), so no command can forget it, and neither can another program.
 */
export const cacheInvalidation = pgTable(
  'cache_invalidation',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    xid: transactionId().notNull().default(sql`pg_current_xact_id()`),
    tag: text().notNull(),
    /** When the change was made, which may be long before its transaction was committed. */
    notedAt: timestamp().notNull().default(sql`clock_timestamp()`),
  },
  (t) => [index('cache_invalidation_of_transaction').on(t.xid)],
)

/** One row: which database this is, so that nothing cached from another one counts. Made with the table. */
export const databaseIdentity = pgTable('database_identity', { id: uuid().primaryKey().defaultRandom() })
