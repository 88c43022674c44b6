import { randomUUID } from 'node:crypto'
import { eq, isNull, min, sql } from 'drizzle-orm'
import type { JobWrites, NewJob, OwnBacklog } from '../commands/unit-of-work.ts'
import { toTimestamp } from '../domain/calendar.ts'
import { jobIdFromRow, type UserId } from '../domain/ids.ts'
import { firstStage, isOver, type Job, type JobChanges } from '../domain/job.ts'
import { NOTICES_CHANNEL, noticeOfJob, noticeOfQueue } from '../work/notices.ts'
import type { QueueWrites } from '../work/queue.ts'
import { jobs } from './job-schema.ts'
import { notify } from './notices.ts'
import type { Orm } from './orm.ts'
import { rawIn } from './raw.ts'
import { first, only } from './rows.ts'

export function createJobWriter(orm: Orm, queue: QueueWrites): JobWrites {
  return {
    newId: () => jobIdFromRow(randomUUID()),
    insert: (job, now) => insert(orm, job, now),
    find: async (id) => first(await orm.select().from(jobs).where(eq(jobs.id, id)).prepare('find_job').execute()),
    lock: async (id) =>
      first(await orm.select().from(jobs).where(eq(jobs.id, id)).for('update').prepare('lock_job').execute()),
    change: (job, changes, now) => change(orm, job, changes, now),
    async name(id, keys) {
      await orm.update(jobs).set(keys).where(eq(jobs.id, id)).execute()
    },
    backlog: (id) => backlog(orm, id),
    async queue(id, stage, delaySeconds) {
      const queued = queue.send('stages', { jobId: id, stage }, delaySeconds)
      await Promise.all([queued, delaySeconds === 0 && notify(orm, noticeOfQueue('stages'))])
    },
    settle: ({ entry }) => queue.settle(entry.queue, entry),
  }
}

/*
 * A job changes some seven times in half a minute, so each of its changes is one statement, written out: the row, what
 * followers are told, and the notice to them.
 */

const INSERT = `
  with made as (
    insert into jobs (id, user_id, kind, status, stage, revision, attempts, failures, message_id, created_at, updated_at)
    values ($1::uuid, $2::bigint, $3::job_kind, $4::job_status, $5::job_stage, 0, 0, 0, $6::bigint,
            $7::timestamptz, $7::timestamptz)
    returning *),
  told as (
    insert into job_updates (job_id, revision, status, stage, attempts, at)
    select id, revision, status, stage, attempts, updated_at from made)
  select pg_notify($8, $9)`

async function insert(orm: Orm, { id, userId, kind, messageId }: NewJob, now: Temporal.Instant): Promise<Job> {
  const at = toTimestamp(now)
  const nothingYet = { practised: null, transcriptKey: null, speechKey: null, finishedAt: null }
  const job: Job = {
    ...{ id: id ?? jobIdFromRow(randomUUID()), userId, kind, messageId, ...nothingYet },
    ...{ status: 'QUEUED', stage: firstStage(kind), attempts: 0, failures: 0, error: null },
    ...{ revision: 0, createdAt: at, updatedAt: at },
  }
  const notice = [NOTICES_CHANNEL, noticeOfJob(job.id)]
  await rawIn(orm)(INSERT, [job.id, userId, kind, job.status, job.stage, messageId, at, ...notice])
  return job
}

const CHANGE = `
  with changed as (
    update jobs set status = $2::job_status, stage = $3::job_stage, revision = $4::int, attempts = $5::int,
      failures = $6::int, error = $7::jsonb, message_id = $8::bigint, practised = $9::jsonb,
      updated_at = $10::timestamptz, finished_at = $11::timestamptz
    where id = $1::uuid
    returning *),
  told as (
    insert into job_updates (job_id, revision, status, stage, attempts, error, at)
    select id, revision, status, stage, attempts, error, updated_at from changed)
  select pg_notify($12, $13) from changed`

async function change(orm: Orm, job: Job, changes: JobChanges, now: Temporal.Instant): Promise<Job> {
  const updatedAt = toTimestamp(now)
  const finishedAt = isOver(changes) ? updatedAt : null
  const changed: Job = { ...job, ...changes, revision: job.revision + 1, updatedAt, finishedAt }
  const { id, status, stage, revision, attempts, failures, messageId } = changed
  const state = [id, status, stage, revision, attempts, failures, json(changed.error), messageId]
  const times = [json(changed.practised), updatedAt, finishedAt]
  const { rows } = await rawIn(orm)(CHANGE, [...state, ...times, NOTICES_CHANNEL, noticeOfJob(id)])
  only(rows)
  return changed
}

const json = (value: object | null): string | null => value && JSON.stringify(value)

async function backlog(orm: Orm, userId: UserId): Promise<OwnBacklog> {
  const rows = await orm
    .select({
      jobs: sql`count(*)`.mapWith(Number),
      own: sql`count(*) filter (where ${jobs.userId} = ${userId})`.mapWith(Number),
      since: min(jobs.createdAt),
    })
    .from(jobs)
    .where(isNull(jobs.finishedAt))
    .prepare('own_backlog')
    .execute()
  return only(rows)
}
