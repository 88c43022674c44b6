import { fresh, type Webhook, type WebhookDelivery } from '../domain/delivery.ts'
import { HonzikError, notFound } from '../domain/error.ts'
import { parseDeliveryId, parseWebhookId, type WebhookId } from '../domain/ids.ts'
import { required } from '../domain/user.ts'
import { requireStaff } from '../domain/viewer.ts'
import { parseWebhookEvents, parseWebhookSecret, parseWebhookUrl, type WebhookEvent } from '../domain/webhook.ts'
import type { Command, Unit } from './command.ts'
import type { WebhookMeans } from './webhook-means.ts'
import type { WebhookChanges } from './webhook-writes.ts'

/** `undefined` leaves a thing as it is; none can be null. */
export interface UpdateWebhookInput {
  readonly id: string
  readonly url?: string | null | undefined
  readonly events?: readonly WebhookEvent[] | null | undefined
  readonly secret?: string | null | undefined
  readonly enabled?: boolean | null | undefined
}

/** Changes a webhook, and switches it on or off. What waits to be delivered goes to the new URL. For staff. */
export const updateWebhook =
  ({ id, ...input }: UpdateWebhookInput, means: WebhookMeans): Command<Webhook> =>
  async (unit) => {
    requireStaff(unit.viewer)
    const { webhooks, now } = unit
    const enabled = input.enabled === undefined ? undefined : required('enabled', input.enabled)
    const webhook = await lock(unit, id)
    const changed = await webhooks.update(webhook.id, changesIn(webhook.id, input, means), now)
    if (enabled === undefined || enabled === changed.enabled) return changed
    return enabled ? webhooks.enable(changed.id, now) : webhooks.disable(changed.id, 'REQUESTED', now)
  }

/** Removes a webhook with its deliveries. For staff. */
export const deleteWebhook =
  ({ id: text }: { readonly id: string }): Command<WebhookId> =>
  async ({ webhooks, viewer }) => {
    requireStaff(viewer)
    const id = parseWebhookId(text)
    if (id === null || !(await webhooks.delete(id))) throw notFound('webhook')
    return id
  }

/**
 * Has something delivered once more, under the id by which its receiver may know it. For staff. Throws CONFLICT naming `id`
 * while it is on its way anyway, and when its webhook is switched off.
 */
export const redeliverWebhook =
  ({ id: text }: { readonly id: string }): Command<WebhookDelivery> =>
  async (unit) => {
    requireStaff(unit.viewer)
    const id = parseDeliveryId(text)
    const known = id && (await unit.deliveries.find(id))
    if (!known) throw notFound('delivery')
    // First the webhook, as everywhere.
    const webhook = await unit.webhooks.lock(known.webhookId)
    const delivery = await unit.deliveries.lock(known.id)
    if (webhook === null || delivery === null) throw notFound('delivery')
    if (delivery.endedAt === null) throw conflict('id is of a delivery that has not ended.')
    if (!webhook.enabled) throw conflict('id is of a delivery whose webhook is switched off.')
    const again = await unit.deliveries.change(delivery, fresh(unit.now))
    await unit.deliveries.queue(again, 0)
    return again
  }

const conflict = (message: string) => new HonzikError('CONFLICT', message, { field: 'id' })

async function lock({ webhooks }: Unit, text: string): Promise<Webhook> {
  const id = parseWebhookId(text)
  const webhook = id && (await webhooks.lock(id))
  if (webhook === null) throw notFound('webhook')
  return webhook
}

function changesIn(
  id: WebhookId,
  { url, events, secret }: Omit<UpdateWebhookInput, 'id' | 'enabled'>,
  { urlRules, seal }: WebhookMeans,
): WebhookChanges {
  return {
    ...(url !== undefined && { url: parseWebhookUrl(required('url', url), urlRules) }),
    ...(events !== undefined && { events: parseWebhookEvents(required('events', events)) }),
    ...(secret !== undefined && { sealed: seal(parseWebhookSecret(required('secret', secret)), id) }),
  }
}
