import { sql } from 'drizzle-orm'
import type { Message } from '../domain/message.ts'
import type { Readers } from '../loaders/readers.ts'
import { arrayLiteral } from './arrays.ts'
import type { Orm } from './orm.ts'
import { messages } from './schema.ts'

/** Stands for "before the newest": sorts after every message's place. */
const FROM_THE_TOP = { createdAt: 'infinity', id: Number.MAX_SAFE_INTEGER }

/** The builder cannot name the columns of a lateral join whose limit differs from row to row. */
const foundColumns = {
  id: sql`found.id`.mapWith(messages.id),
  userId: sql`found.user_id`.mapWith(messages.userId),
  role: sql`found.role`.mapWith(messages.role),
  text: sql`found.text`.mapWith(messages.text),
  correctedText: sql`found.corrected_text`.mapWith(messages.correctedText),
  correctnessScore: sql`found.correctness_score`.mapWith(messages.correctnessScore),
  mistakes: sql`found.mistakes`.mapWith(messages.mistakes),
  wordsTotal: sql`found.words_total`.mapWith(messages.wordsTotal),
  wordsCorrect: sql`found.words_correct`.mapWith(messages.wordsCorrect),
  createdAt: sql`found.created_at`.mapWith(messages.createdAt),
  answered: sql`found.answered`.mapWith(messages.answered),
}

export function createMessageReader(orm: Orm): Readers['messages'] {
  const slices = orm
    .select({ position: sql`asked.position`.mapWith(Number), message: foundColumns })
    .from(sql`unnest(
        ${sql.placeholder('ids')}::bigint[], ${sql.placeholder('createdAt')}::timestamptz[],
        ${sql.placeholder('id')}::bigint[], ${sql.placeholder('limit')}::bigint[]
      ) with ordinality as asked(user_id, created_at, id, count, position)
      cross join lateral (
        select * from ${messages} as m
        where m.user_id = asked.user_id and (m.created_at, m.id) < (asked.created_at, asked.id)
        order by m.created_at desc, m.id desc limit asked.count) as found`)
    .orderBy(sql`asked.position, found.created_at desc, found.id desc`)
    .prepare('messages_after')

  return async (asked) => {
    const places = asked.map(({ after }) => after ?? FROM_THE_TOP)
    const rows = await slices.execute({
      ids: arrayLiteral(asked.map(({ userId }) => userId)),
      createdAt: arrayLiteral(places.map(({ createdAt }) => createdAt)),
      id: arrayLiteral(places.map(({ id }) => id)),
      limit: arrayLiteral(asked.map(({ limit }) => limit)),
    })
    const lists: Message[][] = asked.map(() => [])
    for (const { position, message } of rows) lists[position - 1]?.push(message)
    return lists
  }
}
