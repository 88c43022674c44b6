import { asc, gt, sql } from 'drizzle-orm'
import type { TelegramId, UserId } from '../domain/ids.ts'
import type { Readers } from '../loaders/readers.ts'
import { createActivityReader } from './activity-reader.ts'
import { arrayLiteral } from './arrays.ts'
import { createJobReaders } from './job-readers.ts'
import { createMessageReader } from './message-reader.ts'
import type { Orm } from './orm.ts'
import { createPracticeReaders } from './practice-readers.ts'
import { stars, userSettings, users } from './schema.ts'
import { createSpeechReaders } from './speech-readers.ts'
import { createUsageReader } from './usage-reader.ts'
import { createWebhookReaders } from './webhook-readers.ts'

/** Reads through prepared statements: parsed and planned once per connection, one round trip each. */
export function createReaders(orm: Orm): Readers {
  return {
    ...createProfileReaders(orm),
    ...createSettingsReaders(orm),
    ...createPracticeReaders(orm),
    messages: createMessageReader(orm),
    lastActive: createActivityReader(orm),
    usage: createUsageReader(orm),
    ...createJobReaders(orm),
    ...createSpeechReaders(orm),
    ...createWebhookReaders(orm),
  }
}

function createProfileReaders(orm: Orm): Pick<Readers, 'users' | 'userIdsByTelegramId' | 'listUsers'> {
  const byId = orm.select().from(users).where(anyOf(users.id)).prepare('users_by_id')
  const byTelegramId = orm
    .select({ id: users.id, telegramId: users.telegramId })
    .from(users)
    .where(anyOf(users.telegramId))
    .prepare('user_ids_by_telegram_id')
  const list = orm
    .select()
    .from(users)
    .where(gt(users.id, sql.placeholder('after')))
    .orderBy(asc(users.id))
    .limit(sql.placeholder('limit'))
    .prepare('users_page')

  return {
    users: async (ids) => keyed(await byId.execute(keys(ids)), (user) => user.id),
    userIdsByTelegramId: async (ids) =>
      new Map((await byTelegramId.execute(keys(ids))).map(({ telegramId, id }) => [telegramId, id])),
    listUsers: (after, limit) => list.execute({ after: after?.id ?? 0, limit }),
  }
}

function createSettingsReaders(orm: Orm): Pick<Readers, 'settings' | 'stars'> {
  const settingsOf = orm.select().from(userSettings).where(anyOf(userSettings.userId)).prepare('settings_by_user')
  const starsOf = orm.select().from(stars).where(anyOf(stars.userId)).prepare('stars_by_user')

  return {
    settings: async (ids) =>
      new Map((await settingsOf.execute(keys(ids))).map(({ userId, ...settings }) => [userId, settings])),
    stars: async (ids) => new Map((await starsOf.execute(keys(ids))).map(({ userId, ...counts }) => [userId, counts])),
  }
}

const keys = (ids: readonly (UserId | TelegramId)[]) => ({ ids: arrayLiteral(ids) })

const anyOf = (column: typeof users.id | typeof users.telegramId | typeof userSettings.userId | typeof stars.userId) =>
  sql`${column} = any(${sql.placeholder('ids')}::bigint[])`

const keyed = <Key, Row>(rows: readonly Row[], keyOf: (row: Row) => Key): ReadonlyMap<Key, Row> =>
  new Map(rows.map((row) => [keyOf(row), row]))
