import { randomUUID } from 'node:crypto'
import { and, count, eq, isNull, sql } from 'drizzle-orm'
import type { WebhookChanges, WebhookWrites } from '../commands/webhook-writes.ts'
import { toTimestamp } from '../domain/calendar.ts'
import { secretEnds } from '../domain/delivery.ts'
import { type WebhookId, webhookIdFromRow } from '../domain/ids.ts'
import type { Orm } from './orm.ts'
import { first, only } from './rows.ts'
import { webhookDeliveries as d, webhooks as w } from './webhook-schema.ts'

/** All but the secrets. */
export const readableColumns = {
  id: w.id,
  url: w.url,
  events: w.events,
  enabled: w.enabled,
  disabledReason: w.disabledReason,
  enabledAt: w.enabledAt,
  createdAt: w.createdAt,
}

export function createWebhookWriter(orm: Orm): WebhookWrites {
  const set = async (id: WebhookId, values: Parameters<ReturnType<typeof orm.update<typeof w>>['set']>[0]) =>
    only(await orm.update(w).set(values).where(eq(w.id, id)).returning(readableColumns))

  return {
    async insert({ url, events, sealed }, most, now) {
      // Two at once would both count the same webhooks; the lock lets deliveries go on.
      await orm.execute(sql`lock table ${w} in share row exclusive mode`)
      const { webhooks } = only(await orm.select({ webhooks: count() }).from(w))
      if (webhooks >= most) return null
      const id = webhookIdFromRow(randomUUID())
      const at = toTimestamp(now)
      const row = { id, url, events, secret: sealed(id), enabledAt: at, createdAt: at }
      return only(await orm.insert(w).values(row).returning(readableColumns))
    },
    lock: async (id) => first(await orm.select(readableColumns).from(w).where(eq(w.id, id)).for('no key update')),
    update: (id, changes, now) => set(id, columnsOf(changes, now)),
    enable: (id, now) => set(id, { enabled: true, disabledReason: null, enabledAt: toTimestamp(now) }),
    async disable(id, reason, now) {
      await orm
        .update(d)
        .set({ status: 'CANCELLED', nextAttemptAt: null, endedAt: toTimestamp(now), revision: sql`${d.revision} + 1` })
        .where(and(eq(d.webhookId, id), isNull(d.endedAt)))
      return set(id, { enabled: false, disabledReason: reason })
    },
    delete: async (id) => (await orm.delete(w).where(eq(w.id, id)).returning({ id: w.id })).length > 0,
    isWanted: async (event) =>
      (
        await orm
          .select({ id: w.id })
          .from(w)
          .where(and(eq(w.enabled, true), sql`${event} = any(${w.events})`))
          .limit(1)
      ).length > 0,
  }
}

const columnsOf = ({ url, events, sealed }: WebhookChanges, now: Temporal.Instant) => ({
  // An update has to set something.
  url: url ?? sql`${w.url}`,
  ...(events !== undefined && { events }),
  ...(sealed !== undefined && {
    secret: sealed,
    previousSecret: sql`${w.secret}`,
    previousSecretUntil: secretEnds(now),
  }),
})
