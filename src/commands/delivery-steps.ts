import { type AttemptOutcome, lost, tried, type WebhookDelivery } from '../domain/delivery.ts'
import { isDisabling } from '../domain/webhook.ts'
import type { Command, Unit } from './command.ts'
import { Overtaken } from './job-steps.ts'
import type { DeliveryAttempt, Dispatch } from './webhook-writes.ts'

/** What is to be sent; null when there is nothing left to do, and then the attempt has ended. */
export const beginDelivery =
  (attempt: DeliveryAttempt): Command<Dispatch | null> =>
  async ({ deliveries, now }) => {
    const dispatch = await deliveries.dispatch(attempt.deliveryId, now)
    if (dispatch !== null && isNeeded(dispatch.delivery, attempt)) return dispatch
    await deliveries.settle(attempt)
    return null
  }

/**
 * Writes down what an attempt has come to, and has it repeated where that is due.
 * @param begun when the attempt began
 * @param chance from 0 to 1, 1 excluded
 */
export const endDelivery =
  (attempt: DeliveryAttempt, outcome: AttemptOutcome, begun: Temporal.Instant, chance: number): Command<void> =>
  async (unit) => {
    const delivery = await current(unit, attempt)
    if (delivery === null) return
    const { state, delaySeconds } = tried(delivery, outcome, { begun, now: unit.now }, chance)
    const after = await unit.deliveries.change(delivery, state)
    if (delaySeconds !== null) await unit.deliveries.queue(after, delaySeconds)
    else if (state.status === 'FAILED') await disableIfDead(unit, delivery)
  }

/** Gives an attempt back that this process cannot bring to its end; it does not count. */
export const releaseDelivery =
  (attempt: DeliveryAttempt): Command<void> =>
  async (unit) => {
    const delivery = await current(unit, attempt)
    if (delivery !== null) await unit.deliveries.queue(delivery, 0)
  }

/** Gives up a delivery that no worker has survived. */
export const buryDelivery =
  (attempt: DeliveryAttempt): Command<void> =>
  async (unit) => {
    const delivery = await current(unit, attempt)
    if (delivery === null) return
    await unit.deliveries.change(delivery, lost(delivery, unit.now))
    await disableIfDead(unit, delivery)
  }

/** Ends the attempt and locks its delivery; null when that is not to be sent any more. @throws Overtaken */
async function current({ webhooks, deliveries }: Unit, attempt: DeliveryAttempt): Promise<WebhookDelivery | null> {
  const known = await deliveries.find(attempt.deliveryId)
  // First the webhook, as whoever switches it off: then nobody waits for the other in turn.
  if (known !== null) await webhooks.lock(known.webhookId)
  const delivery = await deliveries.lock(attempt.deliveryId)
  if (!(await deliveries.settle(attempt))) throw new Overtaken()
  return delivery !== null && isNeeded(delivery, attempt) ? delivery : null
}

/** Not after it was cancelled, and not for what was queued before it was cancelled and then wanted once more. */
const isNeeded = ({ status, revision }: WebhookDelivery, attempt: DeliveryAttempt): boolean =>
  status === 'PENDING' && revision === attempt.revision

/** Deliveries that may decide on a webhook: {@link isDisabling} looks at no more. */
const ENDS_LOOKED_AT = 5

async function disableIfDead({ webhooks, deliveries, now }: Unit, { webhookId }: WebhookDelivery): Promise<void> {
  const webhook = await webhooks.lock(webhookId)
  if (webhook === null || !webhook.enabled) return
  const ends = await deliveries.ends(webhook, ENDS_LOOKED_AT)
  if (isDisabling(ends)) await webhooks.disable(webhookId, ends[0] === 'gone' ? 'GONE' : 'FAILING', now)
}
