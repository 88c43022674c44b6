import { EXCHANGES, FIRST_NAMES, LANGUAGES, ZONES } from './seed-texts.ts'

/** Runs one SQL statement with either driver. */
export type RunSql = (text: string, parameters: (string | number)[]) => Promise<readonly Record<string, unknown>[]>

export interface Seed {
  readonly users: number
  /** Days of practice up to each learner's today, 1 to 366. */
  readonly days: number
}

export interface Seeded {
  users: number
  practiceDays: number
  messages: number
}

const BATCH = 5_000

/** Above every id that Telegram gives out (at most 52 bits), so that made-up learners never take a real one's place. */
const MADE_UP_TELEGRAM_IDS = 7_000_000_000_000_000

/**
 * Makes learners with settings, stars, practice and a short conversation. All rows are made inside the database;
 * streaks and stars follow the rules of the domain. More learners are added each time it runs.
 * @param lanes how many statements `run` may have under way at once
 */
export async function seed(
  run: RunSql,
  { users, days }: Seed,
  progress: (done: number) => void,
  lanes = 1,
): Promise<Seeded> {
  const made: Seeded = { users: 0, practiceDays: 0, messages: 0 }
  const batches: Batch[] = []
  for (let left = users; left > 0; left -= BATCH) batches.push(await seedUsers(run, Math.min(BATCH, left)))

  async function lane() {
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
      const practiceDays = await seedPractice(run, batch, days)
      await seedStars(run, batch)
      const messages = await seedMessages(run, batch)
      made.practiceDays += practiceDays
      made.messages += messages
      made.users += batch.users
      progress(made.users)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  await run('analyze', [])
  return made
}

/** Learners that were just made, by their first and last id; real ones who joined meanwhile may lie between. */
interface Batch {
  readonly users: number
  readonly first: number
  readonly last: number
}

async function seedUsers(run: RunSql, users: number): Promise<Batch> {
  const [made] = await run(
    `with base as (
       select greatest(coalesce(max(telegram_id), 0), ${MADE_UP_TELEGRAM_IDS}) as telegram_id from users
       where telegram_id >= ${MADE_UP_TELEGRAM_IDS}
     ), made as (
       insert into users (telegram_id, username, first_name, native_language, level, created_at, updated_at)
       select base.telegram_id + n, 'learner_' || (base.telegram_id + n - ${MADE_UP_TELEGRAM_IDS}),
              ($2::text[])[1 + n % cardinality($2::text[])], ($3::text[])[1 + n % cardinality($3::text[])],
              (enum_range(null::level))[1 + n % 4], now() - interval '400 days', now()
       from base, generate_series(1, $1::int) as n
       returning id
     ), settings as (
       insert into user_settings
         (user_id, conversation_style, voice_speed, corrections_level, character, timezone, notifications_enabled)
       select id, (enum_range(null::conversation_style))[1 + id % 3], (enum_range(null::voice_speed))[1 + id % 4],
              (enum_range(null::corrections_level))[1 + id % 3], (enum_range(null::tutor_character))[1 + id % 2],
              ($4::text[])[1 + id % cardinality($4::text[])], id % 5 <> 0
       from made
     ), stars as (insert into stars (user_id) select id from made)
     select min(id) as first, max(id) as last from made`,
    [users, array(FIRST_NAMES), array(LANGUAGES), array(ZONES)],
  )
  return { users, first: Number(made?.['first']), last: Number(made?.['last']) }
}

/** Each learner practises on about 85 % of the days; the streaks come out of the gaps. */
async function seedPractice(run: RunSql, { first, last }: Batch, days: number): Promise<number> {
  const [made] = await run(
    `with practised as (
       select user_id, (now() at time zone timezone)::date - n as date,
              1 + floor(random() * 8)::int as messages, 70 + floor(random() * 31)::int as score
       from user_settings join users on users.id = user_id, generate_series(0, $3::int - 1) as n
       where telegram_id > ${MADE_UP_TELEGRAM_IDS} and user_id between $1::bigint and $2::bigint and random() < 0.85
     ), islands as (
       select *, date - row_number() over (partition by user_id order by date)::int as island from practised
     ), made as (
       insert into daily_stats (user_id, date, messages_count, words_said, scored_words, streak_day)
       select user_id, date, messages, messages * 9, messages * 9 * score,
              row_number() over (partition by user_id, island order by date)
       from islands
       returning 1
     )
     select count(*) as count from made`,
    [first, last, days],
  )
  return Number(made?.['count'])
}

/** The stars that the practice would have earned. */
async function seedStars(run: RunSql, { first, last }: Batch): Promise<void> {
  await run(
    `update stars set total = earned, available = earned, lifetime = earned
     from (
       select user_id, sum(
         messages_count * (1 + case when scored_words >= 80 * words_said then 1 else 0 end
                             + case when streak_day >= 30 then 5 when streak_day >= 7 then 2 else 0 end)
         + case when messages_count >= 5 then 5 else 0 end) as earned
       from daily_stats join users on users.id = user_id
       where telegram_id > ${MADE_UP_TELEGRAM_IDS} and user_id between $1::bigint and $2::bigint group by user_id
     ) as practice
     where stars.user_id = practice.user_id`,
    [first, last],
  )
}

/** Two exchanges for each learner, a few minutes apart. */
async function seedMessages(run: RunSql, { first, last }: Batch): Promise<number> {
  const [made] = await run(
    `with exchanges as (
       select *, row_number() over () - 1 as number
       from jsonb_to_recordset($3::text::jsonb) as e(
         text text, corrected text, score int, words int, wrong int, mistakes jsonb, reply text, "replyWords" int)
     ), spoken as (
       select id as user_id, round, e.*, now() - interval '1 day' + round * interval '3 minutes' as at
       from users, generate_series(0, 1) as round, exchanges as e
       where telegram_id > ${MADE_UP_TELEGRAM_IDS} and id between $1::bigint and $2::bigint
         and e.number = (id * 2 + round) % (select count(*) from exchanges)
     ), lines as (
       select user_id, 'USER'::message_role as role, text, corrected, score, mistakes, words, words - wrong as correct, at
       from spoken
       union all
       select user_id, 'ASSISTANT', reply, null, null, '[]', "replyWords", "replyWords", at + interval '2 seconds'
       from spoken
     ), made as (
       insert into messages
         (user_id, role, text, corrected_text, correctness_score, mistakes, words_total, words_correct, created_at)
       select * from lines order by at
       returning 1
     )
     select count(*) as count from made`,
    [first, last, JSON.stringify(EXCHANGES)],
  )
  return Number(made?.['count'])
}

const array = (words: readonly string[]): string => `{${words.map((word) => JSON.stringify(word)).join(',')}}`
