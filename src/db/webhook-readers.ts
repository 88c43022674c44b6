import { asc, sql } from 'drizzle-orm'
import type { WebhookDelivery } from '../domain/delivery.ts'
import type { Readers } from '../loaders/readers.ts'
import { arrayLiteral } from './arrays.ts'
import type { Orm } from './orm.ts'
import { webhookDeliveries as d, webhooks as w } from './webhook-schema.ts'
import { readableColumns } from './webhook-writer.ts'

const NO_ID = '00000000-0000-0000-0000-000000000000'
const EVERY_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
const FROM_THE_OLDEST = { createdAt: '-infinity', id: NO_ID }
const FROM_THE_NEWEST = { createdAt: 'infinity', id: EVERY_ID }

export function createWebhookReaders(orm: Orm): Pick<Readers, 'listWebhooks' | 'deliveries'> {
  const page = orm
    .select(readableColumns)
    .from(w)
    .where(
      sql`(${w.createdAt}, ${w.id}) > (${sql.placeholder('createdAt')}::timestamptz, ${sql.placeholder('id')}::uuid)`,
    )
    .orderBy(asc(w.createdAt), asc(w.id))
    .limit(sql.placeholder('limit'))
    .prepare('webhooks_page')

  return {
    listWebhooks: (after, limit) => page.execute({ ...(after ?? FROM_THE_OLDEST), limit }),
    deliveries: createDeliveryReader(orm),
  }
}

/** The builder cannot name the columns of a lateral join whose limit differs from row to row. */
const foundColumns = {
  id: sql`found.id`.mapWith(d.id),
  webhookId: sql`found.webhook_id`.mapWith(d.webhookId),
  jobId: sql`found.job_id`.mapWith(d.jobId),
  userId: sql`found.user_id`.mapWith(d.userId),
  event: sql`found.event`.mapWith(d.event),
  payload: sql`found.payload`.mapWith(d.payload),
  revision: sql`found.revision`.mapWith(d.revision),
  status: sql`found.status`.mapWith(d.status),
  attempts: sql`found.attempts`.mapWith(d.attempts),
  createdAt: sql`found.created_at`.mapWith(d.createdAt),
  firstAttemptAt: sql`found.first_attempt_at`.mapWith(d.firstAttemptAt),
  lastAttemptAt: sql`found.last_attempt_at`.mapWith(d.lastAttemptAt),
  nextAttemptAt: sql`found.next_attempt_at`.mapWith(d.nextAttemptAt),
  lastStatus: sql`found.last_status`.mapWith(d.lastStatus),
  lastError: sql`found.last_error`.mapWith(d.lastError),
  endedAt: sql`found.ended_at`.mapWith(d.endedAt),
}

function createDeliveryReader(orm: Orm): Readers['deliveries'] {
  const slices = orm
    .select({ position: sql`asked.position`.mapWith(Number), delivery: foundColumns })
    .from(sql`unnest(
        ${sql.placeholder('webhooks')}::uuid[], ${sql.placeholder('createdAt')}::timestamptz[],
        ${sql.placeholder('id')}::uuid[], ${sql.placeholder('limit')}::bigint[]
      ) with ordinality as asked(webhook_id, created_at, id, count, position)
      cross join lateral (
        select * from ${d} as delivery
        where delivery.webhook_id = asked.webhook_id
          and (delivery.created_at, delivery.id) < (asked.created_at, asked.id)
        order by delivery.created_at desc, delivery.id desc limit asked.count) as found`)
    .orderBy(sql`asked.position, found.created_at desc, found.id desc`)
    .prepare('deliveries_after')

  return async (asked) => {
    const places = asked.map(({ after }) => after ?? FROM_THE_NEWEST)
    const rows = await slices.execute({
      webhooks: arrayLiteral(asked.map(({ webhookId }) => webhookId)),
      createdAt: arrayLiteral(places.map(({ createdAt }) => createdAt)),
      id: arrayLiteral(places.map(({ id }) => id)),
      limit: arrayLiteral(asked.map(({ limit }) => limit)),
    })
    const lists: WebhookDelivery[][] = asked.map(() => [])
    for (const { position, delivery } of rows) lists[position - 1]?.push(delivery)
    return lists
  }
}
