import { randomUUID } from 'node:crypto'
import { eq, isNull, min, sql } from 'drizzle-orm'
import type { JobWrites, NewJob, OwnBacklog } from '../commands/unit-of-work.ts'
import { toTimestamp } from '../domain/calendar.ts'
import { jobIdFromRow, type UserId } from '../domain/ids.ts'
import { firstStage, isOver, type Job, type JobChanges } from '../domain/job.ts'
import { noticeOfJob, noticeOfQueue } from '../work/notices.ts'
import type { QueueWrites } from '../work/queue.ts'
import { jobs, jobUpdates } from './job-schema.ts'
import { notify } from './notices.ts'
import type { Orm } from './orm.ts'
import { first, only } from './rows.ts'

export function createJobWriter(orm: Orm, queue: QueueWrites): JobWrites {
  return {
    newId: () => jobIdFromRow(randomUUID()),
    insert: (job, now) => insert(orm, job, now),
    find: async (id) => first(await orm.select().from(jobs).where(eq(jobs.id, id)).execute()),
    lock: async (id) => first(await orm.select().from(jobs).where(eq(jobs.id, id)).for('update').execute()),
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

async function insert(orm: Orm, { id, userId, kind, messageId }: NewJob, now: Temporal.Instant): Promise<Job> {
  const at = toTimestamp(now)
  const nothingYet = { practised: null, transcriptKey: null, speechKey: null, finishedAt: null }
  const job: Job = {
    ...{ id: id ?? jobIdFromRow(randomUUID()), userId, kind, messageId, ...nothingYet },
    ...{ status: 'QUEUED', stage: firstStage(kind), attempts: 0, failures: 0, error: null },
    ...{ revision: 0, createdAt: at, updatedAt: at },
  }
  const inserted = orm.insert(jobs).values(job).execute()
  await Promise.all([inserted, tell(orm, job)])
  return job
}

async function change(orm: Orm, job: Job, changes: JobChanges, now: Temporal.Instant): Promise<Job> {
  const at = toTimestamp(now)
  const rows = orm
    .update(jobs)
    .set({ ...changes, revision: job.revision + 1, updatedAt: at, finishedAt: isOver(changes) ? at : null })
    .where(eq(jobs.id, job.id))
    .returning()
    .execute()
  const next = { ...job, ...changes, revision: job.revision + 1, updatedAt: at }
  const [changed] = await Promise.all([rows, tell(orm, next)])
  return only(changed)
}

async function backlog(orm: Orm, userId: UserId): Promise<OwnBacklog> {
  const rows = await orm
    .select({
      jobs: sql`count(*)`.mapWith(Number),
      own: sql`count(*) filter (where ${jobs.userId} = ${userId})`.mapWith(Number),
      since: min(jobs.createdAt),
    })
    .from(jobs)
    .where(isNull(jobs.finishedAt))
    .execute()
  return only(rows)
}

/** The change is written down for whoever follows the job, who is told once this is kept. */
async function tell(orm: Orm, job: Job): Promise<void> {
  const { id, revision, status, stage, attempts, error, updatedAt } = job
  const update = { jobId: id, revision, status, stage, attempts, error, at: updatedAt }
  const updated = orm.insert(jobUpdates).values(update).execute()
  await Promise.all([updated, notify(orm, noticeOfJob(id))])
}
