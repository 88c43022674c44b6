import DataLoader from 'dataloader'
import postgres from 'postgres'
import { settings } from './settings.ts'

export interface User {
  readonly id: string
  readonly username: string | null
  readonly firstName: string
  readonly nativeLanguage: string
  readonly level: string
}

export interface UserSettings {
  readonly conversationStyle: string
  readonly voiceSpeed: string
  readonly correctionsLevel: string
  readonly character: string
  readonly timezone: string
  readonly notificationsEnabled: boolean
}

export interface Stars {
  readonly total: number
  readonly available: number
  readonly lifetime: number
}

export interface DailyStats {
  readonly date: string
  readonly messagesCount: number
  readonly wordsSaid: number
  readonly correctPercent: number
  readonly streakDay: number
}

/** What one request reads, each kind of thing in one statement for everyone it is asked of. */
export interface Loaders {
  readonly users: DataLoader<string, User | null>
  readonly settings: DataLoader<string, UserSettings | null>
  readonly stars: DataLoader<string, Stars | null>
  stats(id: string, days: number): Promise<readonly DailyStats[] | null>
}

/** A practised day as the statement writes it: date, messages, words, score × words, streak. */
type DayRow = readonly [date: string, messages: number, words: number, scored: number, streak: number]

interface StatsRow {
  readonly id: string
  readonly today: string
  readonly days: readonly DayRow[] | null
}

const DAY_MS = 86_400_000

/** Statements are prepared, as is the driver's default. */
const sql = postgres(settings.databaseUrl, { max: 10, onnotice: () => {} })

export function createLoaders(): Loaders {
  const stats = new Map<number, DataLoader<string, readonly DailyStats[] | null>>()
  return {
    users: byId(readUsers, asItIs),
    settings: byId(readSettings, asItIs),
    stars: byId(readStars, asItIs),
    stats(id, days) {
      const loader = stats.getOrInsertComputed(days, () => byId((ids) => readStats(ids, days), rangeOf(days)))
      return loader.load(id)
    },
  }
}

/** Null for a learner who does not exist. */
export async function renameUser(id: string, firstName: string): Promise<User | null> {
  const rows = await sql<User[]>`
    update users set first_name = ${firstName}, updated_at = now() where id = ${id}
    returning id::text as id, username, first_name as "firstName", native_language as "nativeLanguage", level`
  return rows[0] ?? null
}

interface Row {
  readonly id: string
}

/** DataLoader wants one result for each key, in the order of the keys. */
function byId<R extends Row, Value>(
  read: (ids: string) => Promise<readonly R[]>,
  toValue: (row: R) => Value,
): DataLoader<string, Value | null> {
  return new DataLoader(async (ids) => {
    const rows = await read(`{${ids.join(',')}}`)
    const found = new Map(rows.map((row) => [row.id, row]))
    return ids.map((id) => {
      const row = found.get(id)
      return row ? toValue(row) : null
    })
  })
}

const asItIs = <R>(row: R): R => row

const readUsers = (ids: string) => sql<User[]>`
  select id::text as id, username, first_name as "firstName", native_language as "nativeLanguage", level
  from users where id = any(${ids}::text::bigint[])`

const readSettings = (ids: string) => sql<(UserSettings & Row)[]>`
  select user_id::text as id, conversation_style as "conversationStyle", voice_speed as "voiceSpeed",
         corrections_level as "correctionsLevel", character, timezone, notifications_enabled as "notificationsEnabled"
  from user_settings where user_id = any(${ids}::text::bigint[])`

const readStars = (ids: string) => sql<(Stars & Row)[]>`
  select user_id::text as id, total, available, lifetime from stars where user_id = any(${ids}::text::bigint[])`

const readStats = (ids: string, days: number) => sql<StatsRow[]>`
  select user_id::text as id, today::text as today, days
  from user_settings as s
  cross join lateral (select (now() at time zone s.timezone)::date as today) as calendar
  cross join lateral (
    select json_agg(json_build_array(date, messages_count, words_said, scored_words, streak_day)) as days
    from daily_stats as d
    where d.user_id = s.user_id and d.date between today - ${days}::int + 1 and today
  ) as practised
  where s.user_id = any(${ids}::text::bigint[])`

/** One row a day without gaps, oldest first. */
function rangeOf(days: number): (row: StatsRow) => readonly DailyStats[] {
  return ({ today, days: rows }) => {
    const practised = new Map(rows?.map((row) => [row[0], row]))
    const end = Date.parse(today)
    return Array.from({ length: days }, (_, index) => {
      const date = new Date(end - (days - 1 - index) * DAY_MS).toISOString().slice(0, 10)
      const [, messagesCount = 0, wordsSaid = 0, scored = 0, streakDay = 0] = practised.get(date) ?? []
      const correctPercent = wordsSaid === 0 ? 0 : Math.round(scored / wordsSaid)
      return { date, messagesCount, wordsSaid, correctPercent, streakDay }
    })
  }
}
