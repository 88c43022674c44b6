import postgres from 'postgres'
import type { Observation } from './history.ts'
import type { Learner } from './learners.ts'

/** What PostgreSQL itself says, past every server. */
export interface Truth extends AsyncDisposable {
  /** All registers of the learners. */
  observe(learners: readonly Learner[]): Promise<Observation[]>
  ghost(telegramId: string): Promise<{ readonly id: string; readonly firstName: string } | null>
  /** Changes a row as somebody at `psql` does. */
  rename(learner: Learner, number: number): Promise<void>
  firstName(learner: Learner): Promise<number>
  /** Ends this part, from 0 to 1, of the connections that servers ask their statements over. */
  endSessions(part: number): Promise<void>
}

interface Row {
  readonly firstName: string
  readonly settings: unknown
  readonly messages: number
  readonly lifetime: number
}

export function openTruth(databaseUrl: string): Truth {
  const sql = postgres(databaseUrl, { max: 2, fetch_types: false, onnotice: () => {} })

  async function rowOf(learner: Learner): Promise<Row> {
    const [row] = await sql<Row[]>`
      select u.first_name as "firstName",
        json_build_object('conversationStyle', s.conversation_style, 'voiceSpeed', s.voice_speed,
          'correctionsLevel', s.corrections_level, 'character', s.character) as settings,
        (select coalesce(sum(messages_count), 0)::int from daily_stats d where d.user_id = u.id) as messages,
        coalesce((select lifetime from stars where user_id = u.id), 0) as lifetime
      from users u join user_settings s on s.user_id = u.id where u.id = ${learner.id}`
    if (row === undefined) throw new Error(`learner ${learner.id} is gone`)
    return row
  }

  return {
    async observe(learners) {
      const rows = await Promise.all(learners.map(async (learner) => ({ learner, ...(await rowOf(learner)) })))
      return rows.flatMap(({ learner, firstName, settings, messages, lifetime }) => [
        { register: learner.profile, value: firstName },
        { register: learner.settings, value: settings },
        { register: learner.practice, value: messages },
        { register: learner.stars, value: lifetime },
      ])
    },
    async ghost(telegramId) {
      const [row] = await sql<{ id: string; firstName: string }[]>`
        select id::text, first_name as "firstName" from users where telegram_id = ${telegramId}`
      return row ?? null
    },
    async rename({ id }, number) {
      await sql`update users set first_name = ${String(number)} where id = ${id}`
    },
    firstName: async (learner) => Number((await rowOf(learner)).firstName),
    async endSessions(part) {
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'honzik' and random() < ${part}`
    },
    [Symbol.asyncDispose]: () => sql.end({ timeout: 5 }),
  }
}
