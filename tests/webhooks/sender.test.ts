import { createHmac } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { afterAll, describe, expect, test } from 'vitest'
import { createWebhookSender } from '../../src/webhooks/sender.ts'
import { newWebhookSecret } from '../../src/webhooks/signature.ts'
import { makeCertificates } from '../support/certificates.ts'
import { deliveryTo, SECRET, senderTo } from '../support/webhook-deliveries.ts'
import { type Received, startReceiver } from '../support/webhook-receiver.ts'

const certificates = makeCertificates()
afterAll(() => certificates[Symbol.dispose]())
const ca = certificates.authority

const answering =
  (status: number, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, headers).end('thank you')

const start = (answer: RequestListener) => startReceiver({ certificates }, answer)

const only = (received: readonly Received[]): Received => {
  const [first, ...more] = received
  if (first === undefined || more.length > 0) throw new Error(`${received.length} requests came`)
  return first
}

describe('a webhook that is accepted', () => {
  test('comes as a POST over TLS, with its payload byte for byte', async () => {
    await using receiver = await start(answering(204))
    const delivery = deliveryTo(`https://localhost:${receiver.port}/hooks?for=honzik`)
    expect(await senderTo({ ca }).send(delivery)).toEqual({ kind: 'delivered', status: 204, milliseconds: 0 })
    const { method, path, body, headers } = only(receiver.received)
    expect({ method, path, body }).toEqual({ method: 'POST', path: '/hooks?for=honzik', body: delivery.payload })
    expect(headers).toEqual({
      host: `localhost:${receiver.port}`,
      connection: 'close',
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(delivery.payload)),
      'user-agent': 'Honzik-Webhooks/1',
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(delivery.timestamp.epochMilliseconds / 1_000)),
      'webhook-signature': expect.stringMatching(/^v1,/),
    })
  })

  test('convinces a receiver that has the secret, by the library and by hand', async () => {
    await using receiver = await start(answering(200))
    await senderTo({ ca }).send(deliveryTo(`https://localhost:${receiver.port}/`))
    const { headers, body } = only(receiver.received)
    expect(new Webhook(SECRET).verify(body, headers)).toEqual({ type: 'job.succeeded', data: { word: 'kůň' } })
    expect(() => new Webhook(SECRET).verify(`${body} `, headers)).toThrow('No matching signature')
    const hmac = createHmac('sha256', Buffer.from(SECRET.slice(6), 'base64'))
    hmac.update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
    expect(headers['webhook-signature']).toBe(`v1,${hmac.digest('base64')}`)
  })

  test('convinces receivers that have the old secret and those that have the new one', async () => {
    await using receiver = await start(answering(200))
    const secrets = [newWebhookSecret(), SECRET]
    await senderTo({ ca }).send({ ...deliveryTo(`https://localhost:${receiver.port}/`), secrets })
    const { headers, body } = only(receiver.received)
    for (const secret of secrets) expect(new Webhook(secret).verify(body, headers)).toHaveProperty('data')
  })

  test('says how long it took', async () => {
    let clock = 1_000
    await using receiver = await start((request, response) => {
      clock += 250
      answering(202)(request, response)
    })
    const sender = senderTo({ ca, now: () => clock })
    const attempt = await sender.send(deliveryTo(`https://localhost:${receiver.port}/`))
    expect(attempt).toEqual({ kind: 'delivered', status: 202, milliseconds: 250 })
  })

  test('may go to this machine without TLS where that is allowed, by the name that the system knows', async () => {
    await using receiver = await startReceiver({ certificates: null }, answering(200))
    const sender = createWebhookSender({ allowPrivate: true, now: () => 0 })
    const attempt = await sender.send(deliveryTo(`http://localhost:${receiver.port}/`))
    expect(attempt).toEqual({ kind: 'delivered', status: 200, milliseconds: 0 })
  })

  test('gets a connection of its own each time, and leaves none behind', async () => {
    await using receiver = await start(answering(200))
    const sender = senderTo({ ca })
    await sender.send(deliveryTo(`https://localhost:${receiver.port}/`))
    await sender.send(deliveryTo(`https://localhost:${receiver.port}/`))
    expect(receiver.connections()).toBe(2)
  })
})

describe('a webhook that is refused', () => {
  test.each([400, 401, 404, 410, 429, 500, 503])('says with which status: %i', async (status) => {
    await using receiver = await start(answering(status))
    const attempt = await senderTo({ ca }).send(deliveryTo(`https://localhost:${receiver.port}/`))
    expect(attempt).toEqual({ kind: 'refused', status, retryAfterSeconds: null, milliseconds: 0 })
  })

  test.each([
    ['120', 120],
    ['Thu, 01 Jan 1970 00:01:00 GMT', 60],
    ['when it suits you', null],
  ])('says how long the receiver wants to be left alone: %s', async (wish, retryAfterSeconds) => {
    await using receiver = await start(answering(503, { 'retry-after': wish }))
    const attempt = await senderTo({ ca }).send(deliveryTo(`https://localhost:${receiver.port}/`))
    expect(attempt).toMatchObject({ kind: 'refused', status: 503, retryAfterSeconds })
  })

  test.each([301, 302, 303, 307, 308])('is not taken elsewhere by a redirect: %i', async (status) => {
    await using elsewhere = await start(answering(200))
    const location = `https://localhost:${elsewhere.port}/`
    await using receiver = await start(answering(status, { location }))
    const attempt = await senderTo({ ca }).send(deliveryTo(`https://localhost:${receiver.port}/`))
    expect(attempt).toEqual({ kind: 'refused', status, retryAfterSeconds: null, milliseconds: 0 })
    expect(elsewhere.connections()).toBe(0)
  })
})

describe('a webhook that nobody waits for any longer', () => {
  const gone = new Error('the server stops')

  test('is not sent', async () => {
    const asked: string[] = []
    const lookup = async (name: string) => [String(asked.push(name))]
    const sent = senderTo({ lookup }).send(deliveryTo('https://hooks.example.com/'), AbortSignal.abort(gone))
    await expect(sent).rejects.toBe(gone)
    expect(asked).toEqual([])
  })

  test('is let go while its receiver thinks', async () => {
    const controller = new AbortController()
    await using receiver = await start(() => controller.abort(gone))
    const delivery = deliveryTo(`https://localhost:${receiver.port}/`)
    await expect(senderTo({ ca }).send(delivery, controller.signal)).rejects.toBe(gone)
  })

  test('is let go while its name is looked up', async () => {
    const controller = new AbortController()
    const lookup = (_name: string, signal: AbortSignal) => {
      controller.abort(gone)
      expect(signal.aborted).toBe(true)
      return new Promise<never>(() => {})
    }
    const sent = senderTo({ lookup }).send(deliveryTo('https://hooks.example.com/'), controller.signal)
    await expect(sent).rejects.toBe(gone)
  })
})

test('a delivery that cannot be signed is an error of ours, before anything is looked up', async () => {
  const lookup = () => expect.unreachable()
  const delivery = deliveryTo('https://hooks.example.com/')
  await expect(senderTo({ lookup }).send({ ...delivery, secrets: [] })).rejects.toThrow(RangeError)
  await expect(senderTo({ lookup }).send({ ...delivery, id: 'a.b' })).rejects.toThrow(RangeError)
  await expect(senderTo({ lookup }).send({ ...delivery, secrets: ['whsec_?'] })).rejects.toThrow()
})
