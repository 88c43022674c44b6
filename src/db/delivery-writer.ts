import { and, desc, eq, gte, sql } from 'drizzle-orm'
import type { DeliveryWrites, Dispatch } from '../commands/webhook-writes.ts'
import { toTimestamp } from '../domain/calendar.ts'
import { endOf, fresh } from '../domain/delivery.ts'
import type { DeliveryId } from '../domain/ids.ts'
import type { Occurrence } from '../domain/webhook-event.ts'
import { noticeOfQueue } from '../work/notices.ts'
import type { QueueWrites } from '../work/queue.ts'
import { notify } from './notices.ts'
import type { Orm } from './orm.ts'
import { first, only } from './rows.ts'
import { webhookDeliveries as d, webhooks } from './webhook-schema.ts'

export function createDeliveryWriter(orm: Orm, queue: QueueWrites): DeliveryWrites {
  const byId = (id: DeliveryId) => eq(d.id, id)
  return {
    announce: (occurrences, now) => announce(orm, queue, occurrences, now),
    find: async (id) => first(await orm.select().from(d).where(byId(id))),
    lock: async (id) => first(await orm.select().from(d).where(byId(id)).for('update')),
    dispatch: (id, now) => dispatch(orm, id, now),
    async change(delivery, { status, attempts, firstAttemptAt, lastAttemptAt, nextAttemptAt, ...last }) {
      const state = { status, attempts, firstAttemptAt, lastAttemptAt, nextAttemptAt }
      const { lastStatus, lastError, endedAt } = last
      const rows = orm.update(d).set({ ...state, lastStatus, lastError, endedAt, revision: delivery.revision + 1 })
      return only(await rows.where(byId(delivery.id)).returning())
    },
    async ends({ id, enabledAt }, limit) {
      const rows = await orm
        .select({ status: d.status, lastStatus: d.lastStatus })
        .from(d)
        .where(and(eq(d.webhookId, id), gte(d.endedAt, enabledAt), sql`${d.status} in ('DELIVERED', 'FAILED')`))
        .orderBy(desc(d.endedAt))
        .limit(limit)
      return rows.map(endOf).filter((end) => end !== null)
    },
    async queue({ id: deliveryId, revision }, delaySeconds) {
      await queue.send('deliveries', { deliveryId, revision }, delaySeconds)
      if (delaySeconds === 0) await notify(orm, noticeOfQueue('deliveries'))
    },
    settle: ({ entry }) => queue.settle(entry.queue, entry),
  }
}

async function dispatch(orm: Orm, id: DeliveryId, now: Temporal.Instant): Promise<Dispatch | null> {
  const found = first(
    await orm
      .select({ delivery: d, webhook: webhooks })
      .from(d)
      .innerJoin(webhooks, eq(webhooks.id, d.webhookId))
      .where(eq(d.id, id)),
  )
  if (found === null) return null
  const { delivery, webhook } = found
  const { url, secret, previousSecret, previousSecretUntil: until } = webhook
  const isOldUsed = previousSecret !== null && until !== null && until > toTimestamp(now)
  return { delivery, url, sealed: isOldUsed ? [secret, previousSecret] : [secret] }
}

async function announce(
  orm: Orm,
  queue: QueueWrites,
  occurrences: readonly Occurrence[],
  now: Temporal.Instant,
): Promise<void> {
  // Locked against deletion, which a foreign key would otherwise notice too late.
  const wanting = await orm
    .select({ webhookId: webhooks.id, events: webhooks.events })
    .from(webhooks)
    .where(eq(webhooks.enabled, true))
    .for('key share')
  const rows = occurrences.flatMap(({ event, about, payload }) =>
    wanting
      .filter(({ events }) => events.includes(event))
      .map(({ webhookId }) => ({
        webhookId,
        ...about,
        event,
        payload,
        revision: 0,
        createdAt: toTimestamp(now),
        ...fresh(now),
      })),
  )
  if (rows.length === 0) return
  const made = await orm.insert(d).values(rows).returning({ deliveryId: d.id, revision: d.revision })
  await queue.sendAll('deliveries', made)
  await notify(orm, noticeOfQueue('deliveries'))
}
