import { eq } from 'drizzle-orm'
import type { Transaction } from '../commands/unit-of-work.ts'
import { toTimestamp } from '../domain/calendar.ts'
import { recordings, speeches } from './job-schema.ts'
import type { Orm } from './orm.ts'
import { first } from './rows.ts'

export function createVoiceWriter(orm: Orm): Pick<Transaction, 'recordings' | 'speeches'> {
  return {
    recordings: {
      async keep(jobId, recording) {
        await orm.insert(recordings).values({ jobId, ...recording })
      },
      async find(jobId) {
        const found = first(await orm.select().from(recordings).where(eq(recordings.jobId, jobId)))
        if (found === null) return null
        const { jobId: _, ...recording } = found
        return recording
      },
      async remove(jobId) {
        await orm.delete(recordings).where(eq(recordings.jobId, jobId))
      },
    },
    speeches: {
      async keep(messageId, speech, now) {
        await orm
          .insert(speeches)
          .values({ messageId, ...speech, createdAt: toTimestamp(now) })
          .onConflictDoNothing()
      },
    },
  }
}
