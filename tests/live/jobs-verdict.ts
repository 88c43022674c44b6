import postgres from 'postgres'

/** What a soak of jobs has come to, read past everything of ours. */
export interface Verdict {
  /** How many jobs ended how. */
  readonly statuses: Readonly<Record<string, number>>
  /** How often a stage was begun: of how many jobs the most was so many. */
  readonly attempts: Readonly<Record<string, number>>
  /** Seconds from a job's making to its end. */
  readonly seconds: { readonly median: number; readonly p99: number; readonly most: number }
  /** Promises that were broken, one line each. */
  readonly broken: readonly string[]
}

/** Every promise as a query that finds what breaks it. */
const BROKEN: Readonly<Record<string, string>> = {
  'a job that is not over': `select id from jobs where status not in ('SUCCEEDED', 'FAILED', 'CANCELLED')`,
  'a job whose changes do not end with its one end': `
    select job_id from job_updates group by job_id
    having count(*) filter (where status in ('SUCCEEDED', 'FAILED', 'CANCELLED')) <> 1
      or (array_agg(status order by revision desc))[1] not in ('SUCCEEDED', 'FAILED', 'CANCELLED')`,
  'a job whose changes have a gap, or are not told': `
    select id from jobs where revision + 1 <> (select count(*) from job_updates where job_id = id)
      or revision <> (select max(revision) from job_updates where job_id = id)`,
  'a job that succeeded without an answer': `
    select id from jobs where status = 'SUCCEEDED'
      and not exists (select from messages where answers = jobs.message_id)`,
  'a job that gave no answer but has one': `
    select id from jobs where status <> 'SUCCEEDED' and stage in ('TRANSCRIBE', 'REPLY')
      and exists (select from messages where answers = jobs.message_id)`,
  'a message answered twice':
    'select answers from messages where answers is not null group by answers having count(*) > 1',
  'a learner whose practice is not what was answered': `
    select id from users where
      (select coalesce(sum(messages_count), 0) from daily_stats where user_id = users.id)
        <> (select count(*) from messages where user_id = users.id and role = 'USER' and answered)`,
  'a learner whose stars do not add up': `
    select user_id from stars where total
      <> (select coalesce(sum(stars_earned), 0) from messages where user_id = stars.user_id)`,
  'a recording that nobody needs any more': `
    select job_id from recordings join jobs on id = job_id where status in ('SUCCEEDED', 'CANCELLED')`,
  'an entry left in a queue': `select id from pgboss.job where state < 'completed' and name in ('stages', 'lost-stages')`,
}

/** @param acknowledged the ids of all jobs that callers were told of */
export async function judge(url: string, acknowledged: readonly string[]): Promise<Verdict> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} })
  try {
    const broken: string[] = []
    const missing = await missingIn(sql, acknowledged)
    if (missing > 0) broken.push(`${missing} × a job that was acknowledged and is not there`)
    for (const [promise, query] of Object.entries(BROKEN)) {
      const found = await sql.unsafe(query)
      if (found.length > 0) broken.push(`${found.length} × ${promise}, such as ${Object.values(found[0] ?? {})}`)
    }
    return {
      broken,
      statuses: await counted(sql, 'select status as name, count(*) from jobs group by 1 order by 1'),
      attempts: await counted(
        sql,
        `select most as name, count(*) from (select job_id, max(attempts) as most from job_updates group by 1) as each
         group by 1 order by 1`,
      ),
      seconds: await durations(sql),
    }
  } finally {
    await sql.end()
  }
}

async function missingIn(sql: postgres.Sql, acknowledged: readonly string[]): Promise<number> {
  const rows = await sql.unsafe('select id from jobs')
  const kept = new Set(rows.map(({ id }) => String(id)))
  return acknowledged.filter((id) => !kept.has(id)).length
}

async function counted(sql: postgres.Sql, query: string): Promise<Record<string, number>> {
  return Object.fromEntries((await sql.unsafe(query)).map(({ name, count }) => [String(name), Number(count)]))
}

async function durations(sql: postgres.Sql): Promise<Verdict['seconds']> {
  const took = 'extract(epoch from finished_at - created_at)'
  const [row] = await sql.unsafe(
    `select percentile_cont(0.5) within group (order by ${took}) as median,
       percentile_cont(0.99) within group (order by ${took}) as p99, max(${took}) as most
     from jobs where finished_at is not null`,
  )
  return { median: Number(row?.['median']), p99: Number(row?.['p99']), most: Number(row?.['most']) }
}

/** How many jobs are not over yet. */
export async function waitingIn(url: string): Promise<number> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} })
  try {
    const [row] = await sql.unsafe('select count(*) from jobs where finished_at is null')
    return Number(row?.['count'])
  } finally {
    await sql.end()
  }
}
