import type { DeliveryState, DisabledReason, Webhook, WebhookDelivery } from '../domain/delivery.ts'
import type { DeliveryId, WebhookId } from '../domain/ids.ts'
import type { DeliveryEnd, WebhookEvent } from '../domain/webhook.ts'
import type { Occurrence } from '../domain/webhook-event.ts'

/** A webhook that is about to be made. */
export interface NewWebhook {
  readonly url: string
  readonly events: readonly WebhookEvent[]
  /** Its secret as it is kept, which depends on the id. */
  readonly sealed: (id: WebhookId) => string
}

/** What may change of a webhook. */
export interface WebhookChanges {
  readonly url?: string
  readonly events?: readonly WebhookEvent[]
  /** Its new secret as it is kept; the one before goes on to be used for a while. */
  readonly sealed?: string
}

/** Receivers of events. */
export interface WebhookWrites {
  /** Null when there are as many as may be. */
  insert(webhook: NewWebhook, most: number, now: Temporal.Instant): Promise<Webhook | null>
  /** Nobody else changes the webhook until the transaction ends. */
  lock(id: WebhookId): Promise<Webhook | null>
  /** Changes a locked webhook. */
  update(id: WebhookId, changes: WebhookChanges, now: Temporal.Instant): Promise<Webhook>
  /** Switches a locked webhook on: what happens from now on is delivered. */
  enable(id: WebhookId, now: Temporal.Instant): Promise<Webhook>
  /** Switches a locked webhook off, and cancels what it was still to be told. */
  disable(id: WebhookId, reason: DisabledReason, now: Temporal.Instant): Promise<Webhook>
  /** Removes the webhook and its deliveries; false when there is no such webhook. */
  delete(id: WebhookId): Promise<boolean>
  /** Whether any webhook that is switched on wants to be told of such events. */
  isWanted(event: WebhookEvent): Promise<boolean>
}

/** Where one delivery goes, and what it is signed with. */
export interface Dispatch {
  readonly delivery: WebhookDelivery
  readonly url: string
  /** Sealed under the webhook's id; the newest first. */
  readonly sealed: readonly string[]
}

/** One try at a delivery. Of all tries at it only the newest may store what it has come to. */
export interface DeliveryAttempt {
  /** The entry of a queue that it was taken from, and how often that was taken before. */
  readonly entry: {
    readonly queue: 'deliveries' | 'lost-deliveries'
    readonly id: string
    readonly retryCount: number
  }
  readonly deliveryId: DeliveryId
  /** Of the delivery as it was queued. */
  readonly revision: number
}

/** Events on their way to receivers. What has come of them and what is queued change together or not at all. */
export interface DeliveryWrites {
  /** Writes down and queues one delivery of each for every webhook that is switched on and wants it. */
  announce(occurrences: readonly Occurrence[], now: Temporal.Instant): Promise<void>
  find(id: DeliveryId): Promise<WebhookDelivery | null>
  /** The same; nobody else changes it until the transaction ends. */
  lock(id: DeliveryId): Promise<WebhookDelivery | null>
  /** All that is needed to send it. @param now decides which secrets are still used */
  dispatch(id: DeliveryId, now: Temporal.Instant): Promise<Dispatch | null>
  /** Gives a locked delivery its next state. */
  change(delivery: WebhookDelivery, state: DeliveryState): Promise<WebhookDelivery>
  /** How the webhook's deliveries ended since it was switched on, the last one first. */
  ends(webhook: Webhook, limit: number): Promise<readonly DeliveryEnd[]>
  /** Has a delivery sent by some worker, in whatever process. @param delaySeconds not before that time is over */
  queue(delivery: WebhookDelivery, delaySeconds: number): Promise<void>
  /** Ends an attempt. False when there is a newer one, or it has ended already: then nothing of it may be kept. */
  settle(attempt: DeliveryAttempt): Promise<boolean>
}
