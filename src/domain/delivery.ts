import { type Timestamp, toTimestamp } from './calendar.ts'
import type { DeliveryId, JobId, UserId, WebhookId } from './ids.ts'
import { type DeliveryEnd, nextAttemptDelaySeconds, type WebhookEvent } from './webhook.ts'

export const DELIVERY_STATUSES = ['PENDING', 'DELIVERED', 'FAILED', 'CANCELLED'] as const
export const DELIVERY_ERRORS = [
  'REFUSED',
  'DNS',
  'ADDRESS',
  'CONNECTION',
  'TLS',
  'TIMEOUT',
  'RESPONSE',
  'SECRET_UNREADABLE',
  'WORKER_LOST',
  'INTERNAL_SERVER_ERROR',
] as const
export const DISABLED_REASONS = ['REQUESTED', 'GONE', 'FAILING'] as const

export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]
export type DeliveryError = (typeof DELIVERY_ERRORS)[number]
export type DisabledReason = (typeof DISABLED_REASONS)[number]

/** A receiver of events. Its secrets are no part of it: nothing but a sender needs them. */
export interface Webhook {
  readonly id: WebhookId
  readonly url: string
  readonly events: readonly WebhookEvent[]
  readonly enabled: boolean
  /** Why it is switched off; null while it is on. */
  readonly disabledReason: DisabledReason | null
  /** When it was last switched on. */
  readonly enabledAt: Timestamp
  readonly createdAt: Timestamp
}

/** How far a delivery is. */
export interface DeliveryState {
  readonly status: DeliveryStatus
  /** How often it was tried. */
  readonly attempts: number
  readonly firstAttemptAt: Timestamp | null
  readonly lastAttemptAt: Timestamp | null
  /** Null when it is not tried any more. */
  readonly nextAttemptAt: Timestamp | null
  /** Of the last answer; null when there was none. */
  readonly lastStatus: number | null
  /** Of the last attempt; null when that was accepted. */
  readonly lastError: DeliveryError | null
  /** When it was delivered, given up or cancelled; null until then. */
  readonly endedAt: Timestamp | null
}

/** One event for one receiver. */
export interface WebhookDelivery extends DeliveryState {
  readonly id: DeliveryId
  readonly webhookId: WebhookId
  /** The job that the event is about; null when it is about a learner. */
  readonly jobId: JobId | null
  /** The learner that the event is about; null when it is about a job. */
  readonly userId: UserId | null
  readonly event: WebhookEvent
  /** As it is signed and sent, the same in each attempt. */
  readonly payload: string
  /** Counts the changes of its state: 0 when it was made. What is queued for an earlier one is of no use. */
  readonly revision: number
  readonly createdAt: Timestamp
}

/** What one attempt has come to. */
export interface AttemptOutcome {
  /** Of the answer; null when there was none. */
  readonly status: number | null
  /** Null when the receiver has accepted it. */
  readonly error: DeliveryError | null
  readonly retryAfterSeconds: number | null
}

export interface AttemptTimes {
  /** When the attempt began. */
  readonly begun: Temporal.Instant
  readonly now: Temporal.Instant
}

/** What a delivery is after an attempt, and in how many seconds the next one is due; null when there is none. */
export interface Tried {
  readonly state: DeliveryState
  readonly delaySeconds: number | null
}

const GONE = 410

/** When a secret that was replaced at an instant is not signed with any more: receivers change theirs meanwhile. */
export const secretEnds = (replaced: Temporal.Instant): Timestamp => toTimestamp(replaced.add({ hours: 24 }))

/** @param chance from 0 to 1, 1 excluded */
export function tried(
  delivery: DeliveryState,
  { status, error, retryAfterSeconds }: AttemptOutcome,
  { begun, now }: AttemptTimes,
  chance: number,
): Tried {
  const first = delivery.firstAttemptAt ?? toTimestamp(begun)
  const attempts = delivery.attempts + 1
  const elapsedSeconds = now.since(first).total('seconds')
  const isOver = error === null || status === GONE
  const delaySeconds = isOver
    ? null
    : nextAttemptDelaySeconds({ attempts, elapsedSeconds, retryAfterSeconds }, () => chance)
  const state: DeliveryState = {
    status: error === null ? 'DELIVERED' : delaySeconds === null ? 'FAILED' : 'PENDING',
    attempts,
    firstAttemptAt: first,
    lastAttemptAt: toTimestamp(begun),
    nextAttemptAt: delaySeconds === null ? null : toTimestamp(now.add({ seconds: delaySeconds })),
    lastStatus: status,
    lastError: error,
    endedAt: delaySeconds === null ? toTimestamp(now) : null,
  }
  return { state, delaySeconds }
}

/** Nobody has lived to see what came of it. */
export const lost = (delivery: DeliveryState, now: Temporal.Instant): DeliveryState => ({
  ...delivery,
  status: 'FAILED',
  nextAttemptAt: null,
  lastError: 'WORKER_LOST',
  endedAt: toTimestamp(now),
})

/** To be delivered from now on, as if it had never been tried. */
export const fresh = (now: Temporal.Instant): DeliveryState => ({
  status: 'PENDING',
  attempts: 0,
  firstAttemptAt: null,
  lastAttemptAt: null,
  nextAttemptAt: toTimestamp(now),
  lastStatus: null,
  lastError: null,
  endedAt: null,
})

/** How a delivery ended; null while it has not, and for one that was not needed any more. */
export function endOf({ status, lastStatus }: Pick<DeliveryState, 'status' | 'lastStatus'>): DeliveryEnd | null {
  if (status === 'DELIVERED') return 'delivered'
  if (status === 'FAILED') return lastStatus === GONE ? 'gone' : 'given-up'
  return null
}
