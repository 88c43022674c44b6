import type { Webhook } from '../domain/delivery.ts'
import { HonzikError } from '../domain/error.ts'
import { requireStaff } from '../domain/viewer.ts'
import { parseWebhookEvents, parseWebhookSecret, parseWebhookUrl, type WebhookEvent } from '../domain/webhook.ts'
import type { Command } from './command.ts'
import type { WebhookMeans } from './webhook-means.ts'

export interface RegisterWebhookInput {
  readonly url: string
  readonly events: readonly WebhookEvent[]
  readonly secret?: string | null | undefined
}

export interface RegisteredWebhook {
  readonly webhook: Webhook
  /** The secret that was made, said this once; null when the caller brought one. */
  readonly secret: string | null
}

/** Every event is written down once for each. */
export const WEBHOOKS_MAX = 20

/** Has a receiver told of events from now on. For staff. Throws CONFLICT when there are as many as may be. */
export const registerWebhook =
  (input: RegisterWebhookInput, { urlRules, newSecret, seal }: WebhookMeans): Command<RegisteredWebhook> =>
  async ({ webhooks, viewer, now }) => {
    requireStaff(viewer)
    const url = parseWebhookUrl(input.url, urlRules)
    const events = parseWebhookEvents(input.events)
    const own = input.secret == null ? null : parseWebhookSecret(input.secret)
    const secret = own ?? newSecret()
    const webhook = await webhooks.insert({ url, events, sealed: (id) => seal(secret, id) }, WEBHOOKS_MAX, now)
    if (webhook === null)
      throw new HonzikError('CONFLICT', `There are ${WEBHOOKS_MAX} webhooks already; delete one of them first.`)
    return { webhook, secret: own === null ? secret : null }
  }
