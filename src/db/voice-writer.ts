import { eq } from 'drizzle-orm'
import type { Transaction } from '../commands/unit-of-work.ts'
import { toTimestamp } from '../domain/calendar.ts'
import { recordings, speeches } from './job-schema.ts'
import type { Orm } from './orm.ts'

export function createVoiceWriter(orm: Orm): Pick<Transaction, 'recordings' | 'speeches'> {
  return {
    recordings: {
      async keep(jobId, recording) {
        await orm
          .insert(recordings)
          .values({ jobId, ...recording })
          .prepare('keep_recording')
          .execute()
      },
      async remove(jobId) {
        await orm.delete(recordings).where(eq(recordings.jobId, jobId)).prepare('remove_recording').execute()
      },
    },
    speeches: {
      async keep(messageId, speech, now) {
        await orm
          .insert(speeches)
          .values({ messageId, ...speech, createdAt: toTimestamp(now) })
          .onConflictDoNothing()
          .prepare('keep_speech')
          .execute()
      },
    },
  }
}
