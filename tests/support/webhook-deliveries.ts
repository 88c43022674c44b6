import { createWebhookSender, type WebhookSenderOptions } from '../../src/webhooks/sender.ts'
import { newWebhookSecret } from '../../src/webhooks/signature.ts'

export const SECRET = newWebhookSecret()

export const deliveryTo = (url: string) => ({
  url,
  id: 'msg_1',
  timestamp: Temporal.Now.instant(),
  payload: '{"type":"job.succeeded","data":{"word":"kůň"}}',
  secrets: [SECRET],
})

/** A sender whose clock stands still, for receivers whose names the test gives addresses. */
export const senderTo = (options: Partial<WebhookSenderOptions> = {}) =>
  createWebhookSender({ allowPrivate: true, now: () => 0, lookup: async () => ['127.0.0.1'], ...options })
