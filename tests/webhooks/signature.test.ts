import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { parseWebhookSecret } from '../../src/domain/webhook.ts'
import { newWebhookSecret, signatureHeaders } from '../../src/webhooks/signature.ts'

const secret = newWebhookSecret()
const delivery = {
  url: 'https://hooks.example.com/',
  id: 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W',
  timestamp: Temporal.Instant.from('2023-01-19T00:13:51.999Z'),
  payload: '{"type":"job.succeeded","data":{"text":"žluťoučký kůň 🦊"}}',
  secrets: [secret],
}

describe('a signature', () => {
  test('is the one that Standard Webhooks publishes: HMAC-SHA256 of id, second and payload', () => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
    const signed = `${delivery.id}.1674087231.${delivery.payload}`
    expect(signatureHeaders(delivery)).toEqual({
      'webhook-id': delivery.id,
      'webhook-timestamp': '1674087231',
      'webhook-signature': `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    })
  })

  test('is made with each of several secrets, in their order, so that a receiver may change its own at leisure', () => {
    const secrets = [newWebhookSecret(), newWebhookSecret()]
    const headers = signatureHeaders({ ...delivery, timestamp: Temporal.Now.instant(), secrets })
    expect(headers['webhook-signature']).toMatch(/^v1,[\w+/]{43}= v1,[\w+/]{43}=$/)
    for (const each of secrets) expect(new Webhook(each).verify(delivery.payload, headers)).toHaveProperty('type')
    expect(() => new Webhook(newWebhookSecret()).verify(delivery.payload, headers)).toThrow('No matching signature')
  })

  test.each(['msg.1', '', 'a b', 'a\nb', 'ž'])('is not made for the id %j, which could be mistaken', (id) => {
    expect(() => signatureHeaders({ ...delivery, id })).toThrow(RangeError)
  })

  test('is not made without a secret', () => {
    expect(() => signatureHeaders({ ...delivery, secrets: [] })).toThrow(RangeError)
  })
})

test('a new secret is another each time, and of the form that is asked of everybody', () => {
  expect(parseWebhookSecret(secret)).toBe(secret)
  expect(new Set(Array.from({ length: 100 }, newWebhookSecret)).size).toBe(100)
})
