import { sql } from 'drizzle-orm'
import { boolean, index, integer, pgEnum, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { DELIVERY_ERRORS, DELIVERY_STATUSES, DISABLED_REASONS } from '../domain/delivery.ts'
import type { DeliveryId, WebhookId } from '../domain/ids.ts'
import { WEBHOOK_EVENTS, type WebhookEvent } from '../domain/webhook.ts'
import { timestamp } from './columns.ts'
import { ownerId } from './schema.ts'

export const webhookEvent = pgEnum('webhook_event', WEBHOOK_EVENTS)
export const webhookDisabledReason = pgEnum('webhook_disabled_reason', DISABLED_REASONS)
export const deliveryStatus = pgEnum('webhook_delivery_status', DELIVERY_STATUSES)
export const deliveryError = pgEnum('webhook_delivery_error', DELIVERY_ERRORS)

/** Receivers of events. Their secrets are sealed. */
export const webhooks = pgTable('webhooks', {
  id: uuid().$type<WebhookId>().primaryKey(),
  url: text().notNull(),
  events: text().array().$type<readonly WebhookEvent[]>().notNull(),
  secret: text().notNull(),
  /** The secret before, and until when it is signed with too. */
  previousSecret: text(),
  previousSecretUntil: timestamp(),
  enabled: boolean().notNull().default(true),
  disabledReason: webhookDisabledReason(),
  enabledAt: timestamp().notNull(),
  createdAt: timestamp().notNull(),
})

/** What receivers are, were and could not be told. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: uuid().$type<DeliveryId>().primaryKey().defaultRandom(),
    webhookId: uuid()
      .$type<WebhookId>()
      .notNull()
      .references(() => webhooks.id, { onDelete: 'cascade' }),
    userId: ownerId(),
    event: webhookEvent().notNull(),
    payload: text().notNull(),
    revision: integer().notNull(),
    status: deliveryStatus().notNull(),
    attempts: integer().notNull(),
    createdAt: timestamp().notNull(),
    firstAttemptAt: timestamp(),
    lastAttemptAt: timestamp(),
    nextAttemptAt: timestamp(),
    lastStatus: integer(),
    lastError: deliveryError(),
    endedAt: timestamp(),
  },
  (t) => [
    index('webhook_deliveries_in_order').on(t.webhookId, t.createdAt, t.id),
    index('webhook_deliveries_of_learner').on(t.userId),
    index('webhook_deliveries_pending').on(t.webhookId).where(sql`${t.endedAt} is null`),
    index('webhook_deliveries_ended').on(t.webhookId, t.endedAt).where(sql`${t.endedAt} is not null`),
    index('webhook_deliveries_by_end').on(t.endedAt).where(sql`${t.endedAt} is not null`),
  ],
)
