import { sql } from 'drizzle-orm'
import { bigint, boolean, check, index, integer, pgEnum, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { DELIVERY_ERRORS, DELIVERY_STATUSES, DISABLED_REASONS } from '../domain/delivery.ts'
import type { DeliveryId, JobId, UserId, WebhookId } from '../domain/ids.ts'
import { WEBHOOK_EVENTS, type WebhookEvent } from '../domain/webhook.ts'
import { timestamp } from './columns.ts'
import { jobs } from './job-schema.ts'
import { users } from './schema.ts'

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
    // Not the job's learner: whoever ends a job holds it, and a deletion, which holds the learner, waits for the job.
    jobId: uuid()
      .$type<JobId>()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    userId: bigint({ mode: 'number' })
      .$type<UserId>()
      .references(() => users.id, { onDelete: 'cascade' }),
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
    index('webhook_deliveries_of_job').on(t.jobId).where(sql`${t.jobId} is not null`),
    index('webhook_deliveries_of_learner').on(t.userId).where(sql`${t.userId} is not null`),
    check('webhook_deliveries_subject', sql`num_nonnulls(${t.jobId}, ${t.userId}) = 1`),
    index('webhook_deliveries_pending').on(t.webhookId).where(sql`${t.endedAt} is null`),
    index('webhook_deliveries_ended').on(t.webhookId, t.endedAt).where(sql`${t.endedAt} is not null`),
    index('webhook_deliveries_by_end').on(t.endedAt).where(sql`${t.endedAt} is not null`),
  ],
)
