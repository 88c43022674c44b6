import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  numeric,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { CalendarDate, TimeZone } from '../domain/calendar.ts'
import type { MessageId, UserId } from '../domain/ids.ts'
import type { LanguageCode } from '../domain/language.ts'
import { MESSAGE_ROLES, type Mistake } from '../domain/message.ts'
import type { TutorReply } from '../domain/reply.ts'
import { CHARACTERS, CONVERSATION_STYLES, CORRECTIONS_LEVELS, VOICE_SPEEDS } from '../domain/settings.ts'
import { LEVELS } from '../domain/user.ts'
import { telegramId, timestamp, transactionId } from './columns.ts'

export const level = pgEnum('level', LEVELS)
export const conversationStyle = pgEnum('conversation_style', CONVERSATION_STYLES)
export const voiceSpeed = pgEnum('voice_speed', VOICE_SPEEDS)
export const correctionsLevel = pgEnum('corrections_level', CORRECTIONS_LEVELS)
export const character = pgEnum('tutor_character', CHARACTERS)
export const messageRole = pgEnum('message_role', MESSAGE_ROLES)

const userId = () => bigint({ mode: 'number' }).$type<UserId>()

export const ownerId = () =>
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

export const userSettings = pgTable(
  'user_settings',
  {
    userId: ownerId().primaryKey(),
    conversationStyle: conversationStyle().notNull(),
    voiceSpeed: voiceSpeed().notNull(),
    correctionsLevel: correctionsLevel().notNull(),
    character: character().notNull(),
    timezone: text().$type<TimeZone>().notNull(),
    notificationsEnabled: boolean().notNull(),
  },
  (t) => [index('user_settings_to_remind').on(t.timezone, t.userId).where(sql`${t.notificationsEnabled}`)],
)

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

/** What the tutor says besides the text of its message and the correction of the learner's. */
export type Remarks = Pick<TutorReply, 'suggestion' | 'newWords' | 'engine' | 'model'>

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
    /** Of a learner's message: whether the tutor has answered it, and it counts as practice. */
    answered: boolean().notNull().default(true),
    /** Of a learner's message that the tutor has answered: what it earned. */
    starsEarned: integer(),
    /** Of the tutor's message: the one that it answers, which has no other answer. */
    answers: bigint({ mode: 'number' })
      .$type<MessageId>()
      .references((): AnyPgColumn => messages.id, { onDelete: 'cascade' }),
    /** Of the tutor's message: what was said besides. */
    remarks: jsonb().$type<Remarks>(),
  },
  (t) => [
    index('messages_in_order').on(t.userId, t.createdAt, t.id),
    index('messages_by_time').on(t.createdAt).where(sql`${t.answers} is null`),
    uniqueIndex('messages_one_answer').on(t.answers).where(sql`${t.answers} is not null`),
    check('messages_score', sql`${t.correctnessScore} between 0 and 100`),
  ],
)

/** USD with ten decimal places: one token of the cheapest model costs some hundred-millionths. */
const usd = () => numeric({ precision: 20, scale: 10, mode: 'number' })

/** What a learner's questions to models came to on one day of theirs. */
export const modelUsage = pgTable(
  'model_usage',
  {
    userId: ownerId(),
    date: date({ mode: 'string' }).$type<CalendarDate>().notNull(),
    calls: integer().notNull().default(0),
    tokensIn: bigint({ mode: 'number' }).notNull().default(0),
    tokensCached: bigint({ mode: 'number' }).notNull().default(0),
    tokensOut: bigint({ mode: 'number' }).notNull().default(0),
    /** Of the calls whose price is known. */
    usdSpent: usd().notNull().default(0),
    unpricedCalls: integer().notNull().default(0),
    recalled: integer().notNull().default(0),
    usdSaved: usd().notNull().default(0),
    unpricedRecalled: integer().notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.userId, t.date] })],
)

/** Every answered call of a model. It stays when its learner goes, as nobody's: the money is spent. */
export const modelCalls = pgTable(
  'model_calls',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    userId: userId().references(() => users.id, { onDelete: 'set null' }),
    at: timestamp().notNull(),
    model: text().notNull(),
    tokensIn: bigint({ mode: 'number' }),
    tokensCached: bigint({ mode: 'number' }),
    tokensOut: bigint({ mode: 'number' }),
    usd: usd(),
  },
  (t) => [index('model_calls_by_time').on(t.at), index('model_calls_by_user').on(t.userId)],
)

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
