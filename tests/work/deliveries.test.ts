import type { RequestListener } from 'node:http'
import { Webhook as Verifier } from 'standardwebhooks'
import { afterAll, describe, expect, test } from 'vitest'
import { deleteWebhook, redeliverWebhook, updateWebhook } from '../../src/commands/change-webhook.ts'
import { toTimestamp } from '../../src/domain/calendar.ts'
import type { Attempt, WebhookSender } from '../../src/webhooks/delivery.ts'
import { newWebhookSecret } from '../../src/webhooks/signature.ts'
import { createVault } from '../../src/webhooks/vault.ts'
import { readDeliveryTask } from '../../src/work/deliveries.ts'
import { Closing, Lost } from '../../src/work/worker.ts'
import { makeCertificates } from '../support/certificates.ts'
import { hasPostgres } from '../support/databases.ts'
import { Delivering, performer, webhookMeans } from '../support/delivering.ts'
import { openQueuedEmbedded, openQueuedServer } from '../support/queued.ts'
import { NOW } from '../support/test-app.ts'
import { SECRET, senderTo } from '../support/webhook-deliveries.ts'
import { startReceiver } from '../support/webhook-receiver.ts'

const certificates = makeCertificates()
afterAll(() => certificates[Symbol.dispose]())
const overTls = senderTo({ ca: certificates.authority })
const start = (answer: RequestListener) => startReceiver({ certificates }, answer)
const URL = 'https://hooks.example.com/'

const refused = (status: number, retryAfterSeconds: number | null = null): Attempt => ({
  kind: 'refused',
  status,
  retryAfterSeconds,
  milliseconds: 1,
})
const delivered: Attempt = { kind: 'delivered', status: 204, milliseconds: 1 }

/** A sender that nothing leaves, with what was to be sent. */
function answeringBy(how: (attempt: number) => Attempt | Promise<Attempt>) {
  const sent: Parameters<WebhookSender['send']>[0][] = []
  const send: WebhookSender['send'] = async (delivery) => how(sent.push(delivery))
  return { sent, send }
}

/** Lets time pass and sends whatever is due, until nothing is; the seconds at which it was. */
async function workThrough(world: Delivering, sender: WebhookSender): Promise<readonly number[]> {
  const times: number[] = []
  for (let second = 0; second <= 30 * 3_600; second += 1) {
    if ((await world.work(sender)) > 0) times.push(second)
    world.pass({ seconds: 1 })
  }
  return times
}

describe('a delivery', () => {
  test('is sent to its receiver, who can verify it, and written down as delivered', async () => {
    const world = new Delivering()
    world.now = Temporal.Now.instant().round('millisecond')
    await using receiver = await start((_, response) => void response.writeHead(202).end())
    const webhook = await world.register(`https://localhost:${receiver.port}/honzik`)
    await world.happen('{"type":"job.failed","data":{"word":"kůň"}}')
    expect(await world.work(overTls)).toBe(1)
    const [request] = receiver.received
    const [delivery] = await world.logOf(webhook)
    expect(new Verifier(SECRET).verify(request?.body ?? '', request?.headers ?? {})).toEqual({
      type: 'job.failed',
      data: { word: 'kůň' },
    })
    expect(request?.headers['webhook-id']).toBe(delivery?.id)
    expect(delivery).toMatchObject({
      status: 'DELIVERED',
      attempts: 1,
      lastAttemptAt: toTimestamp(world.now),
      nextAttemptAt: null,
      lastStatus: 202,
      lastError: null,
      endedAt: toTimestamp(world.now),
    })
    expect(world.database.queues.size('deliveries')).toBe(0)
  })

  test('that is refused comes again after some time, under the same id and with the time of the attempt', async () => {
    const world = new Delivering()
    const webhook = await world.register(URL)
    await world.happen()
    const sender = answeringBy((attempt) => (attempt < 3 ? refused(503) : delivered))
    expect(await world.work(sender)).toBe(1)
    expect(await world.logOf(webhook)).toMatchObject([
      {
        status: 'PENDING',
        attempts: 1,
        lastStatus: 503,
        lastError: 'REFUSED',
        nextAttemptAt: toTimestamp(NOW.add({ seconds: 5 })),
        endedAt: null,
      },
    ])
    world.pass({ milliseconds: 4_999 })
    expect(await world.work(sender)).toBe(0)
    world.pass({ milliseconds: 1 })
    expect(await world.work(sender)).toBe(1)
    world.pass({ minutes: 5 })
    expect(await world.work(sender)).toBe(1)
    expect(await world.logOf(webhook)).toMatchObject([
      { status: 'DELIVERED', attempts: 3, lastStatus: 204, lastError: null, firstAttemptAt: toTimestamp(NOW) },
    ])
    expect(new Set(sender.sent.map(({ id }) => id)).size).toBe(1)
    expect(sender.sent.map(({ timestamp }) => timestamp.since(NOW).total('seconds'))).toEqual([0, 5, 305])
  })

  test('is tried for most of a day, then given up', async () => {
    const world = new Delivering()
    const webhook = await world.register(URL)
    await world.happen()
    const nobody: Attempt = { kind: 'failed', reason: 'connection', milliseconds: 1 }
    const times = await workThrough(
      world,
      answeringBy(() => nobody),
    )
    expect(times).toEqual([0, 5, 305, 2_105, 9_305, 27_305, 63_305])
    expect(await world.logOf(webhook)).toMatchObject([
      { status: 'FAILED', attempts: 7, lastStatus: null, lastError: 'CONNECTION', nextAttemptAt: null },
    ])
    expect((await world.webhook(webhook))?.enabled).toBe(true)
  })

  test('is left alone for as long as its receiver wants', async () => {
    const world = new Delivering()
    await world.register(URL)
    await world.happen()
    const sender = answeringBy((attempt) => (attempt === 1 ? refused(429, 3_600) : delivered))
    expect(await workThrough(world, sender)).toEqual([0, 3_600])
  })

  test('goes to the URL that its webhook has by then, signed with the old secret too', async () => {
    const world = new Delivering()
    const { id } = await world.register(URL)
    await world.happen()
    const sender = answeringBy(() => refused(500))
    await world.work(sender)
    const secret = newWebhookSecret()
    const means = webhookMeans(world.vault)
    await world.perform(updateWebhook({ id, url: 'https://example.com/new', secret }, means))
    world.pass({ seconds: 5 })
    await world.work(sender)
    expect(sender.sent[1]).toMatchObject({ url: 'https://example.com/new', secrets: [secret, SECRET] })
  })

  test.each([
    ['dns', 'DNS'],
    ['address', 'ADDRESS'],
    ['connection', 'CONNECTION'],
    ['tls', 'TLS'],
    ['timeout', 'TIMEOUT'],
    ['response', 'RESPONSE'],
  ] as const)('says where it failed: %s', async (reason, lastError) => {
    const world = new Delivering()
    const webhook = await world.register(URL)
    await world.happen()
    await world.work(answeringBy(() => ({ kind: 'failed', reason, milliseconds: 1 })))
    expect(await world.logOf(webhook)).toMatchObject([{ status: 'PENDING', lastStatus: null, lastError }])
  })
})

describe('a receiver that is gone', () => {
  test('is told nothing more: neither what waits nor what happens later', async () => {
    const world = new Delivering()
    const webhook = await world.register(URL)
    await world.happen()
    await world.happen()
    const sender = answeringBy(() => refused(410))
    await world.worker(sender).run(await world.take(), new AbortController().signal)
    expect(await world.webhook(webhook)).toMatchObject({ enabled: false, disabledReason: 'GONE' })
    expect(new Set((await world.logOf(webhook)).map(({ status }) => status))).toEqual(new Set(['FAILED', 'CANCELLED']))
    await world.happen()
    expect(await world.logOf(webhook)).toHaveLength(2)
    await world.work(sender)
    expect(sender.sent).toHaveLength(1)
    expect(world.database.queues.size('deliveries')).toBe(0)
  })

  test('is switched off after five deliveries that were given up in a row', async () => {
    const world = new Delivering()
    const [webhook, other] = [await world.register(URL), await world.register('https://example.com/')]
    const sender: WebhookSender = { send: async ({ url }) => (url === URL ? refused(500) : delivered) }
    for (let n = 1; n <= 5; n += 1) {
      expect((await world.webhook(webhook))?.enabled).toBe(true)
      await world.happen()
      for (let attempt = 0; attempt < 7; attempt += 1) {
        await world.work(sender)
        world.pass({ hours: 10 })
      }
    }
    expect(await world.webhook(webhook)).toMatchObject({ enabled: false, disabledReason: 'FAILING' })
    expect(await world.webhook(other)).toMatchObject({ enabled: true })
  })

  test('stays on when one of five was accepted', async () => {
    const world = new Delivering()
    const webhook = await world.register(URL)
    for (let n = 1; n <= 9; n += 1) {
      await world.happen()
      const sender = answeringBy(() => (n === 5 ? delivered : refused(500)))
      for (let attempt = 0; attempt < 7; attempt += 1) {
        await world.work(sender)
        world.pass({ hours: 10 })
      }
    }
    expect((await world.webhook(webhook))?.enabled).toBe(true)
  })

  test('that was switched on again has all its chances', async () => {
    const world = new Delivering()
    const webhook = await world.register(URL)
    const sender = answeringBy(() => refused(410))
    await world.happen()
    await world.work(sender)
    await world.perform(updateWebhook({ id: webhook.id, enabled: true }, webhookMeans(world.vault)))
    world.pass({ seconds: 1 })
    await world.happen()
    await world.work(answeringBy(() => refused(500)))
    expect((await world.webhook(webhook))?.enabled).toBe(true)
  })
})

describe('a process that ends', () => {
  test('after its delivery was accepted, has somebody else deliver it once more under the same id', async () => {
    const world = new Delivering()
    await using receiver = await start((_, response) => void response.writeHead(200).end())
    const webhook = await world.register(`https://localhost:${receiver.port}/`)
    await world.happen()
    const entry = await world.take()
    const first = world.worker({
      async send(delivery) {
        const attempt = await overTls.send(delivery)
        // Its signs of life have failed to come; somebody else has the delivery by the time it would write it down.
        world.lose(entry)
        await world.work(overTls)
        return attempt
      },
    })
    await first.run(entry, new AbortController().signal)
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual(
      Array(2).fill((await world.logOf(webhook))[0]?.id),
    )
    expect(await world.logOf(webhook)).toMatchObject([{ status: 'DELIVERED', attempts: 1, revision: 1 }])
    expect(world.database.queues.size('deliveries')).toBe(0)
  })

  test('gives its deliveries back, and none of its attempts counts', async () => {
    const world = new Delivering()
    const closing = new AbortController()
    await using receiver = await start(() => closing.abort(new Closing()))
    const webhook = await world.register(`https://localhost:${receiver.port}/`)
    await world.happen()
    expect(await world.work(overTls, closing.signal)).toBe(1)
    expect(await world.logOf(webhook)).toMatchObject([{ status: 'PENDING', attempts: 0, lastError: null }])
    expect(await world.work(answeringBy(() => delivered))).toBe(1)
    expect(await world.logOf(webhook)).toMatchObject([{ status: 'DELIVERED', attempts: 1 }])
  })

  test('that has lost a delivery to somebody else leaves it to them', async () => {
    const world = new Delivering()
    const lost = new AbortController()
    await using receiver = await start(() => lost.abort(new Lost()))
    const webhook = await world.register(`https://localhost:${receiver.port}/`)
    await world.happen()
    const before = await world.logOf(webhook)
    await world.work(overTls, lost.signal)
    expect(await world.logOf(webhook)).toEqual(before)
    expect(world.database.queues.size('deliveries')).toBe(1)
  })

  test('each time with the same delivery, ends that delivery', async () => {
    const world = new Delivering()
    const webhook = await world.register(URL)
    await world.happen()
    for (let losses = 0; losses <= 50; losses += 1) world.lose(await world.take())
    const [entry] = await world.database.queues.of('lost-deliveries', readDeliveryTask).take(1)
    if (entry === undefined) throw new Error('it is not among the dead letters')
    const worker = world.worker(answeringBy(() => delivered))
    await worker.bury(entry, new AbortController().signal)
    expect(await world.logOf(webhook)).toMatchObject([{ status: 'FAILED', lastError: 'WORKER_LOST' }])
    expect(world.database.queues.size('lost-deliveries')).toBe(0)
    // Such as by a gravedigger that was slower.
    await worker.bury(entry, new AbortController().signal)
  })
})

describe('what happens meanwhile', () => {
  test('a webhook that is switched off keeps nothing of an attempt that is under way', async () => {
    const world = new Delivering()
    const webhook = await world.register(URL)
    await world.happen()
    const means = webhookMeans(world.vault)
    const sender = answeringBy(async () => {
      await world.perform(updateWebhook({ id: webhook.id, enabled: false }, means))
      return delivered
    })
    await world.work(sender)
    expect(await world.logOf(webhook)).toMatchObject([{ status: 'CANCELLED', attempts: 0, lastStatus: null }])
    expect(world.database.queues.size('deliveries')).toBe(0)
  })

  test.each(['webhook', 'learner'])('a %s that is deleted leaves nothing to be written down', async (what) => {
    const world = new Delivering()
    const webhook = await world.register(URL)
    await world.happen()
    const [delivery] = await world.logOf(webhook)
    const sender = answeringBy(async () => {
      if (what === 'webhook') await world.perform(deleteWebhook(webhook))
      else await world.perform(({ users }) => users.delete(delivery?.userId ?? expect.unreachable()))
      return refused(500)
    })
    await world.work(sender)
    expect(await world.logOf(webhook)).toEqual([])
    expect(world.database.queues.size('deliveries')).toBe(0)
  })

  test('what was cancelled and is wanted once more is sent once, whatever waits from before', async () => {
    const world = new Delivering()
    const webhook = await world.register(URL)
    const means = webhookMeans(world.vault)
    await world.happen()
    await world.perform(updateWebhook({ id: webhook.id, enabled: false }, means))
    await world.perform(updateWebhook({ id: webhook.id, enabled: true }, means))
    const [delivery] = await world.logOf(webhook)
    await world.perform(redeliverWebhook({ id: delivery?.id ?? '' }))
    expect(world.database.queues.size('deliveries')).toBe(2)
    const sender = answeringBy(() => delivered)
    expect(await world.work(sender)).toBe(2)
    expect(sender.sent).toHaveLength(1)
    expect(await world.logOf(webhook)).toMatchObject([{ status: 'DELIVERED', attempts: 1 }])
  })
})

describe('a fault of ours', () => {
  test('is told, and the attempt counts as one that failed', async () => {
    const world = new Delivering()
    const webhook = await world.register(URL)
    await world.happen()
    const fault = new RangeError('cannot be signed')
    await world.work(answeringBy(() => Promise.reject(fault)))
    expect(world.faults).toEqual([fault])
    expect(await world.logOf(webhook)).toMatchObject([
      { status: 'PENDING', attempts: 1, lastError: 'INTERNAL_SERVER_ERROR' },
    ])
  })

  test('such as another server’s secret is told without saying any secret, and leaves it to others', async () => {
    const world = new Delivering()
    const webhook = await world.register(URL)
    await world.happen()
    const stranger = world.worker(
      answeringBy(() => delivered),
      createVault('another secret, of 32 bytes and more'),
    )
    await stranger.run(await world.take(), new AbortController().signal)
    expect(await world.logOf(webhook)).toMatchObject([{ status: 'PENDING', lastError: 'SECRET_UNREADABLE' }])
    expect(world.faults).toEqual([expect.objectContaining({ name: 'VaultError' })])
    expect(JSON.stringify(world.faults.map((fault) => Object(fault).message))).not.toContain('whsec_')
    world.pass({ seconds: 5 })
    await world.work(answeringBy(() => delivered))
    expect(await world.logOf(webhook)).toMatchObject([{ status: 'DELIVERED' }])
  })

  test('such as an older secret that cannot be read is no obstacle', async () => {
    const world = new Delivering()
    const webhook = await world.register(URL)
    const vault = createVault('another secret, of 32 bytes and more')
    const secret = newWebhookSecret()
    await world.perform(updateWebhook({ id: webhook.id, secret }, webhookMeans(vault)))
    await world.happen()
    const sender = answeringBy(() => delivered)
    await world.worker(sender, vault).run(await world.take(), new AbortController().signal)
    expect(sender.sent).toMatchObject([{ secrets: [secret] }])
  })
})

test.each([{}, null, { deliveryId: 'x', revision: 0 }, { deliveryId: '00000000-0000-4000-8000-000000000000' }])(
  'a task that is no delivery is not read: %j',
  (task) => {
    expect(() => readDeliveryTask(task)).toThrow(TypeError)
  },
)

const OPENERS = { PGlite: openQueuedEmbedded, ...(hasPostgres && { PostgreSQL: openQueuedServer }) }

describe.each(Object.entries(OPENERS))('over %s', (_, open) => {
  test('a delivery is announced, sent, refused, sent again and ended', async () => {
    await using database = await open()
    const world = new Delivering()
    const perform = performer(database.unitOfWork, () => world.now)
    Object.assign(world, { database, perform, queue: database.queues.of('deliveries', readDeliveryTask) })
    const webhook = await world.register(URL)
    await world.happen()
    expect(await world.work(answeringBy(() => refused(500)))).toBe(1)
    expect(await world.logOf(webhook)).toMatchObject([{ status: 'PENDING', attempts: 1 }])
    // It is put off by the database's own clock.
    await database.run(`update pgboss.job set start_after = now() where name = 'deliveries' and state = 'created'`, [])
    expect(await world.work(answeringBy(() => refused(410)))).toBe(1)
    expect(await world.logOf(webhook)).toMatchObject([{ status: 'FAILED', attempts: 2, lastStatus: 410 }])
    expect(await world.webhook(webhook)).toMatchObject({ enabled: false, disabledReason: 'GONE' })
    expect(
      await database.run(`select state from pgboss.job where name = 'deliveries' and state <> 'completed'`, []),
    ).toHaveLength(0)
    expect(
      world.vault.open((await database.run('select secret from webhooks', []))[0]?.['secret'] as string, webhook.id),
    ).toBe(SECRET)
  })
})
