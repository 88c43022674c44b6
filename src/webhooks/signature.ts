import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import type { Delivery } from './delivery.ts'

/** A new signing secret: 32 random bytes, written as Standard Webhooks has them. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

/**
 * The headers that prove to a receiver who sent a webhook, when, and that nobody has touched it.
 * @throws RangeError when the delivery has no secret or an id that could be mistaken
 */
export function signatureHeaders({ id, timestamp, payload, secrets }: Delivery): Record<string, string> {
  // What is signed is `id.timestamp.payload`: with full stops in the id, two messages could be signed alike.
  if (!/^[\w-]+$/.test(id)) throw new RangeError('The id of a webhook is made of letters, digits, _ and -.')
  if (secrets.length === 0) throw new RangeError('A webhook needs a secret to be signed with.')
  const at = new Date(timestamp.epochMilliseconds)
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(timestamp.epochMilliseconds / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, payload)).join(' '),
  }
}
