import { eq, isNull, min, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { JobUpdate } from '../domain/job.ts'
import type { Readers } from '../loaders/readers.ts'
import { arrayLiteral } from './arrays.ts'
import { jobs, jobUpdates } from './job-schema.ts'
import { saidOf } from './message-writer.ts'
import type { Orm } from './orm.ts'
import { only } from './rows.ts'
import { messages } from './schema.ts'

export function createJobReaders(orm: Orm): Pick<Readers, 'backlog' | 'jobs' | 'jobUpdates' | 'said'> {
  const byId = orm
    .select()
    .from(jobs)
    .where(sql`${jobs.id} = any(${sql.placeholder('ids')}::uuid[])`)
    .prepare('jobs_by_id')
  const replies = alias(messages, 'replies')
  const said = orm
    .select({ question: messages, answer: replies })
    .from(messages)
    .leftJoin(replies, eq(replies.answers, messages.id))
    .where(sql`${messages.id} = any(${sql.placeholder('ids')}::bigint[])`)
    .prepare('said_by_id')

  const backlog = orm
    .select({ jobs: sql`count(*)`.mapWith(Number), since: min(jobs.createdAt) })
    .from(jobs)
    .where(isNull(jobs.finishedAt))
    .prepare('backlog')

  return {
    backlog: async () => only(await backlog.execute()),
    jobs: async (ids) => new Map((await byId.execute({ ids: arrayLiteral(ids) })).map((job) => [job.id, job])),
    said: async (ids) =>
      new Map(
        (await said.execute({ ids: arrayLiteral(ids) })).map(({ question, answer }) => [
          question.id,
          saidOf(question, answer),
        ]),
      ),
    jobUpdates: createUpdateReader(orm),
  }
}

function createUpdateReader(orm: Orm): Readers['jobUpdates'] {
  const slices = orm
    .select({ position: sql`asked.position`.mapWith(Number), update: jobUpdates })
    .from(
      sql`unnest(${sql.placeholder('ids')}::uuid[], ${sql.placeholder('after')}::int[])
        with ordinality as asked(job_id, revision, position)`,
    )
    .innerJoin(jobUpdates, sql`${jobUpdates.jobId} = asked.job_id and ${jobUpdates.revision} > asked.revision`)
    .orderBy(sql`asked.position, ${jobUpdates.revision}`)
    .prepare('job_updates_after')

  return async (asked) => {
    const rows = await slices.execute({
      ids: arrayLiteral(asked.map(({ jobId }) => jobId)),
      after: arrayLiteral(asked.map(({ after }) => after ?? -1)),
    })
    const lists: JobUpdate[][] = asked.map(() => [])
    for (const { position, update } of rows) lists[position - 1]?.push(update)
    return lists
  }
}
