import { and, asc, eq, inArray, isNull, lt, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { UpkeepWrites } from '../commands/schedule-writes.ts'
import { type Timestamp, toTimestamp } from '../domain/calendar.ts'
import type { MessageId } from '../domain/ids.ts'
import { arrayLiteral } from './arrays.ts'
import { jobs, recordings, speeches } from './job-schema.ts'
import type { Orm } from './orm.ts'
import { reminderEvenings, streakReminders } from './schedule-schema.ts'
import { messages, users } from './schema.ts'
import { webhookDeliveries } from './webhook-schema.ts'

export function createUpkeepWriter(orm: Orm): UpkeepWrites {
  return {
    removeExchanges: (before, most) => removeExchanges(orm, toTimestamp(before), most),
    async removeJobs(before, most) {
      const old = orm
        .select({ id: jobs.id })
        .from(jobs)
        .where(lt(jobs.finishedAt, toTimestamp(before)))
        .orderBy(asc(jobs.finishedAt))
        .limit(most)
      return count(await orm.delete(jobs).where(inArray(jobs.id, old)).returning({ id: jobs.id }))
    },
    ...createAudioUpkeep(orm),
    async removeDeliveries(before, most) {
      const { id, endedAt } = webhookDeliveries
      const old = orm
        .select({ id })
        .from(webhookDeliveries)
        .where(lt(endedAt, toTimestamp(before)))
        .orderBy(asc(endedAt))
        .limit(most)
      return count(await orm.delete(webhookDeliveries).where(inArray(id, old)).returning({ id }))
    },
    async removeReminders(before, most) {
      // As many as there are zones in a week at most.
      await orm.delete(reminderEvenings).where(lt(reminderEvenings.date, before))
      const { userId, date } = streakReminders
      const old = orm
        .select({ userId, date })
        .from(streakReminders)
        .where(lt(date, before))
        .orderBy(asc(date))
        .limit(most)
      return count(await orm.delete(streakReminders).where(sql`(${userId}, ${date}) in ${old}`).returning({ userId }))
    },
  }
}

function createAudioUpkeep(orm: Orm): Pick<UpkeepWrites, 'removeRecordings' | 'removeSpeeches'> {
  return {
    async removeRecordings(before, most) {
      const old = orm
        .select({ id: recordings.jobId })
        .from(recordings)
        .innerJoin(jobs, eq(jobs.id, recordings.jobId))
        .where(lt(jobs.finishedAt, toTimestamp(before)))
        .limit(most)
      return count(
        await orm.delete(recordings).where(inArray(recordings.jobId, old)).returning({ id: recordings.jobId }),
      )
    },
    async removeSpeeches(before, most) {
      const { messageId: id, createdAt } = speeches
      const old = orm
        .select({ id })
        .from(speeches)
        .where(lt(createdAt, toTimestamp(before)))
        .orderBy(asc(createdAt))
        .limit(most)
      return count(await orm.delete(speeches).where(inArray(id, old)).returning({ id }))
    },
  }
}

const count = (rows: readonly unknown[]): number => rows.length

async function removeExchanges(orm: Orm, before: Timestamp, most: number): Promise<number> {
  const answer = alias(messages, 'answer')
  const old = await orm
    .select({ id: messages.id })
    .from(messages)
    .innerJoin(users, eq(users.id, messages.userId))
    .leftJoin(answer, eq(answer.answers, messages.id))
    .where(
      and(
        isNull(messages.answers),
        lt(messages.createdAt, before),
        sql`coalesce(${answer.createdAt} < ${before}, true)`,
        sql`not exists (select 1 from ${jobs} where ${jobs.messageId} = ${messages.id} and ${jobs.finishedAt} is null)`,
      ),
    )
    .orderBy(asc(messages.createdAt))
    .limit(most)
    // As whoever writes to a conversation does; nobody waits for the other.
    .for('no key update', { of: users, skipLocked: true })
  const free = await withoutRevived(
    orm,
    old.map(({ id }) => id),
  )
  if (free.length === 0) return 0
  const ids = arrayLiteral(free)
  // Both at once: left to the foreign key, each answer would be a statement of its own.
  await orm
    .delete(messages)
    .where(sql`${messages.id} = any(${ids}::bigint[]) or ${messages.answers} = any(${ids}::bigint[])`)
  return old.length
}

/** A job that had failed may be retried at this very moment. */
async function withoutRevived(orm: Orm, ids: readonly MessageId[]): Promise<readonly MessageId[]> {
  if (ids.length === 0) return []
  const rows = await orm
    .select({ messageId: jobs.messageId, finishedAt: jobs.finishedAt })
    .from(jobs)
    .where(sql`${jobs.messageId} = any(${arrayLiteral(ids)}::bigint[])`)
    .for('update')
  const revived = new Set(rows.filter(({ finishedAt }) => finishedAt === null).map(({ messageId }) => messageId))
  return ids.filter((id) => !revived.has(id))
}
