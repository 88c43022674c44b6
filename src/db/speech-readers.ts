import { eq, sql } from 'drizzle-orm'
import type { Readers } from '../loaders/readers.ts'
import { arrayLiteral } from './arrays.ts'
import { speeches } from './job-schema.ts'
import type { Orm } from './orm.ts'
import { first } from './rows.ts'
import { messages } from './schema.ts'

export function createSpeechReaders(orm: Orm): Pick<Readers, 'speeches' | 'speech'> {
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
    .select({ id: messages.id, userId: messages.userId, format: speeches.format, audio: speeches.audio })
    .from(speeches)
    .innerJoin(messages, eq(messages.id, speeches.messageId))
    .where(eq(speeches.messageId, sql.placeholder('id')))
    .prepare('speech_of_message')

  return {
    speeches: async (ids) =>
      new Map((await facts.execute({ ids: arrayLiteral(ids) })).map(({ id, ...known }) => [id, known])),
    speech: async (id) => first(await whole.execute({ id })),
  }
}
