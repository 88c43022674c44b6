import { eq, getTableColumns, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { Readers } from '../loaders/readers.ts'
import { arrayLiteral } from './arrays.ts'
import { recordings, speeches } from './job-schema.ts'
import type { Orm } from './orm.ts'
import { first } from './rows.ts'
import { messages } from './schema.ts'

/** As in {@link bytea}: what the drivers make of bytes by themselves takes longer to write, to send and to read. */
const inBase64 = (bytes: AnyPgColumn) =>
  sql`encode(${bytes}, 'base64')`.mapWith((text: string) => Buffer.from(text, 'base64'))

export function createSpeechReaders(orm: Orm): Pick<Readers, 'recording' | 'speeches' | 'speech'> {
  const facts = orm
    .select({
      id: speeches.messageId,
      format: speeches.format,
      bytes: sql`octet_length(${speeches.audio})`.mapWith(Number),
    })
    .from(speeches)
    .where(sql`${speeches.messageId} = any(${sql.placeholder('ids')}::bigint[])`)
    .prepare('speeches_by_message')
  const whole = orm
    .select({ id: messages.id, userId: messages.userId, format: speeches.format, audio: inBase64(speeches.audio) })
    .from(speeches)
    .innerJoin(messages, eq(messages.id, speeches.messageId))
    .where(eq(speeches.messageId, sql.placeholder('id')))
    .prepare('speech_of_message')

  const { jobId, audio, ...known } = getTableColumns(recordings)
  const recording = orm
    .select({ ...known, audio: inBase64(audio) })
    .from(recordings)
    .where(eq(jobId, sql.placeholder('id')))
    .prepare('recording_of_job')

  return {
    recording: async (id) => first(await recording.execute({ id })),
    speeches: async (ids) =>
      new Map((await facts.execute({ ids: arrayLiteral(ids) })).map(({ id, ...known }) => [id, known])),
    speech: async (id) => first(await whole.execute({ id })),
  }
}
