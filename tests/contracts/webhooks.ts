import { beforeEach, describe, expect, test } from 'vitest'
import type { DeliveryAttempt } from '../../src/commands/webhook-writes.ts'
import { toTimestamp } from '../../src/domain/calendar.ts'
import { type DeliveryState, fresh, type Webhook, type WebhookDelivery } from '../../src/domain/delivery.ts'
import { deliveryIdFromRow, type UserId, type WebhookId, webhookIdFromRow } from '../../src/domain/ids.ts'
import type { WebhookEvent } from '../../src/domain/webhook.ts'
import type { Occurrence } from '../../src/domain/webhook-event.ts'
import { type DeliveryTask, readDeliveryTask } from '../../src/work/deliveries.ts'
import type { Entry } from '../../src/work/queue.ts'
import { NOW } from '../support/test-app.ts'
import { NOBODY, type OpenContractDatabase, openSuite, type Suite } from './suite.ts'

const NO_WEBHOOK = webhookIdFromRow('00000000-0000-4000-8000-000000000000')
const NO_DELIVERY = deliveryIdFromRow('00000000-0000-4000-8000-000000000000')
const LATER = NOW.add({ hours: 1 })

/** What every implementation must do with webhooks and their deliveries. Needs a database with queues. */
export function describeWebhooks(name: string, open: OpenContractDatabase): void {
  describe(`webhooks over ${name}`, () => {
    const suite = openSuite(open)
    beforeEach(async () => {
      for (const { id } of await suite.readers.listWebhooks(null, 100)) await suite.run((t) => t.webhooks.delete(id))
      await take(suite)
    })
    describe('receivers', () => describeReceivers(suite))
    describe('the list of webhooks', () => describeList(suite))
    describe('secrets', () => describeSecrets(suite))
    describe('an announcement', () => describeAnnouncements(suite))
    describe('deliveries', () => describeDeliveries(suite))
    describe('the log of deliveries', () => describeLog(suite))
    describe('switching off', () => describeSwitching(suite))
  })
}

async function register(
  { run }: Suite,
  events: readonly WebhookEvent[] = ['JOB_FAILED'],
  at = NOW,
  most = 100,
): Promise<Webhook> {
  const sealed = (id: WebhookId) => `sealed for ${id}`
  const made = await run(({ webhooks }) =>
    webhooks.insert({ url: 'https://hooks.example.com/', events, sealed }, most, at),
  )
  if (made === null) throw new Error('there are too many webhooks')
  return made
}

const failureOf = (userId: UserId, payload = '{}'): Occurrence => ({
  event: 'JOB_FAILED',
  about: { jobId: null, userId },
  payload,
})

/** What is queued, and no more after this. */
async function take({ queues }: Suite): Promise<readonly Entry<DeliveryTask>[]> {
  const queue = queues.of('deliveries', readDeliveryTask)
  const entries = await queue.take(1_000)
  for (const entry of entries) await queue.finish(entry)
  return entries
}

async function announced(suite: Suite, webhook: Webhook, count = 1, at = NOW): Promise<readonly WebhookDelivery[]> {
  const { id } = await suite.newLearner()
  await suite.run(({ deliveries }) =>
    deliveries.announce(
      Array.from({ length: count }, (_, n) => failureOf(id, `{"n":${n}}`)),
      at,
    ),
  )
  return deliveriesOf(suite, webhook)
}

async function deliveriesOf({ readers }: Suite, { id }: Webhook): Promise<readonly WebhookDelivery[]> {
  const [read = []] = await readers.deliveries([{ webhookId: id, after: null, limit: 100 }])
  return read
}

const only = <Item>([item, ...more]: readonly Item[]): Item => {
  if (item === undefined || more.length > 0) throw new Error('there is not exactly one')
  return item
}

const ended = (at: Temporal.Instant, state: Partial<DeliveryState>): DeliveryState => ({
  ...fresh(at),
  nextAttemptAt: null,
  endedAt: toTimestamp(at),
  ...state,
})

function describeReceivers(suite: Suite): void {
  test('are as they were made, and say nothing of their secret', async () => {
    const made = await register(suite, ['JOB_SUCCEEDED', 'STREAK_REMINDER'])
    expect(made).toStrictEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      url: 'https://hooks.example.com/',
      events: ['JOB_SUCCEEDED', 'STREAK_REMINDER'],
      enabled: true,
      disabledReason: null,
      enabledAt: toTimestamp(NOW),
      createdAt: toTimestamp(NOW),
    })
    expect(await suite.run(({ webhooks }) => webhooks.lock(made.id))).toStrictEqual(made)
    expect(await suite.readers.listWebhooks(null, 10)).toStrictEqual([made])
  })

  test('are no more than there may be, registered at the same time too', async () => {
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => register(suite, ['JOB_FAILED'], NOW, 3)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    expect(await suite.readers.listWebhooks(null, 10)).toHaveLength(3)
  })

  test('change as far as they are named', async () => {
    const [made, other] = [await register(suite), await register(suite)]
    const change = (changes: object) => suite.run(({ webhooks }) => webhooks.update(made.id, changes, LATER))
    expect(await change({ url: 'https://example.com/' })).toStrictEqual({ ...made, url: 'https://example.com/' })
    const expected = { ...made, url: 'https://example.com/', events: ['JOB_SUCCEEDED'] }
    expect(await change({ events: ['JOB_SUCCEEDED'] })).toStrictEqual(expected)
    expect(await change({})).toStrictEqual(expected)
    expect(await suite.run(({ webhooks }) => webhooks.lock(other.id))).toStrictEqual(other)
  })

  test('that do not exist are neither found nor deleted', async () => {
    expect(await suite.run(({ webhooks }) => webhooks.lock(NO_WEBHOOK))).toBeNull()
    expect(await suite.run(({ webhooks }) => webhooks.delete(NO_WEBHOOK))).toBe(false)
  })

  test('take their deliveries with them', async () => {
    const [gone, staying] = [await register(suite), await register(suite)]
    await announced(suite, gone)
    expect(await suite.run(({ webhooks }) => webhooks.delete(gone.id))).toBe(true)
    expect(await deliveriesOf(suite, gone)).toEqual([])
    expect(await deliveriesOf(suite, staying)).toHaveLength(1)
  })
}

function describeList(suite: Suite): void {
  test('begins with the oldest, and goes on after a place as far as the limit', async () => {
    const young = await register(suite, ['JOB_FAILED'], LATER)
    const old = await register(suite, ['JOB_FAILED'], NOW)
    const same = [await register(suite, ['JOB_FAILED'], LATER), young].sort((a, b) => (a.id < b.id ? -1 : 1))
    const { listWebhooks } = suite.readers
    expect(await listWebhooks(null, 10)).toEqual([old, ...same])
    expect(await listWebhooks(null, 2)).toEqual([old, same[0]])
    expect(await listWebhooks(old, 1)).toEqual([same[0]])
    expect(await listWebhooks(same[0] ?? old, 10)).toEqual([same[1]])
    expect(await listWebhooks(same[1] ?? old, 10)).toEqual([])
  })
}

function describeSecrets(suite: Suite): void {
  test('go with a delivery: the newest first, and the one before for a day', async () => {
    const webhook = await register(suite)
    const { id, webhookId, payload } = only(await announced(suite, webhook))
    const at = (now: Temporal.Instant) => suite.run(({ deliveries }) => deliveries.dispatch(id, now))
    const first = `sealed for ${webhookId}`
    expect(await at(NOW)).toMatchObject({ delivery: { id, payload }, url: webhook.url, sealed: [first] })
    await suite.run(({ webhooks }) => webhooks.update(webhook.id, { sealed: 'the second' }, NOW))
    expect(await at(NOW.add({ hours: 23, minutes: 59 }))).toMatchObject({ sealed: ['the second', first] })
    expect(await at(NOW.add({ hours: 24 }))).toMatchObject({ sealed: ['the second'] })
    await suite.run(({ webhooks }) => webhooks.update(webhook.id, { sealed: 'the third' }, LATER))
    expect(await at(LATER)).toMatchObject({ sealed: ['the third', 'the second'] })
  })

  test('of no delivery are none', async () => {
    expect(await suite.run(({ deliveries }) => deliveries.dispatch(NO_DELIVERY, NOW))).toBeNull()
  })
}

function describeAnnouncements(suite: Suite): void {
  test('is written down and queued for each webhook that wants it', async () => {
    const [one, two] = [await register(suite), await register(suite, ['JOB_FAILED', 'JOB_SUCCEEDED'])]
    const other = await register(suite, ['JOB_SUCCEEDED'])
    const { id: userId } = await suite.newLearner()
    await suite.run(({ deliveries }) => deliveries.announce([failureOf(userId, '{"word":"kůň"}')], NOW))
    const made = only(await deliveriesOf(suite, one))
    expect(made).toStrictEqual({
      ...fresh(NOW),
      ...{
        id: made.id,
        webhookId: one.id,
        jobId: null,
        userId,
        event: 'JOB_FAILED',
        payload: '{"word":"kůň"}',
        revision: 0,
      },
      createdAt: toTimestamp(NOW),
    })
    const second = only(await deliveriesOf(suite, two))
    expect(await deliveriesOf(suite, other)).toEqual([])
    const queued = (await take(suite)).map(({ task }) => task)
    expect(new Set(queued)).toEqual(
      new Set([
        { deliveryId: made.id, revision: 0 },
        { deliveryId: second.id, revision: 0 },
      ]),
    )
  })

  test('may be of many things at once', async () => {
    const webhook = await register(suite)
    const made = await announced(suite, webhook, 50)
    expect(new Set(made.map(({ payload }) => payload)).size).toBe(50)
    expect(await take(suite)).toHaveLength(50)
  })

  test('of what nobody wants, or of nothing, is none', async () => {
    const webhook = await register(suite, ['JOB_SUCCEEDED'])
    expect(await announced(suite, webhook)).toEqual([])
    await suite.run(({ deliveries }) => deliveries.announce([], NOW))
    expect(await take(suite)).toEqual([])
  })

  test('that is undone has not been made', async () => {
    const webhook = await register(suite)
    const { id } = await suite.newLearner()
    const failing = suite.run(async ({ deliveries }) => {
      await deliveries.announce([failureOf(id)], NOW)
      throw new Error('at the very end')
    })
    await expect(failing).rejects.toThrow('at the very end')
    expect(await deliveriesOf(suite, webhook)).toEqual([])
    expect(await take(suite)).toEqual([])
  })

  test('is wanted where a webhook that is switched on names the event', async () => {
    const isWanted = (event: WebhookEvent) => suite.run(({ webhooks }) => webhooks.isWanted(event))
    expect(await isWanted('STREAK_REMINDER')).toBe(false)
    const { id } = await register(suite, ['STREAK_REMINDER', 'JOB_FAILED'])
    expect(await isWanted('STREAK_REMINDER')).toBe(true)
    expect(await isWanted('JOB_SUCCEEDED')).toBe(false)
    await suite.run(({ webhooks }) => webhooks.disable(id, 'REQUESTED', NOW))
    expect(await isWanted('STREAK_REMINDER')).toBe(false)
  })
}

function describeDeliveries(suite: Suite): void {
  test('change, and count how often', async () => {
    const delivery = only(await announced(suite, await register(suite)))
    const state = ended(LATER, { status: 'FAILED', attempts: 7, lastStatus: 503, lastError: 'REFUSED' })
    const tried = { firstAttemptAt: toTimestamp(NOW), lastAttemptAt: toTimestamp(LATER) }
    const changed = await suite.run(({ deliveries }) => deliveries.change(delivery, { ...state, ...tried }))
    expect(changed).toStrictEqual({ ...delivery, ...state, ...tried, revision: 1 })
    expect(await suite.run(({ deliveries }) => deliveries.lock(delivery.id))).toStrictEqual(changed)
    expect(await suite.run(({ deliveries }) => deliveries.find(delivery.id))).toStrictEqual(changed)
    expect((await suite.run(({ deliveries }) => deliveries.change(changed, fresh(LATER)))).revision).toBe(2)
  })

  test('that do not exist are not found', async () => {
    expect(await suite.run(({ deliveries }) => deliveries.find(NO_DELIVERY))).toBeNull()
    expect(await suite.run(({ deliveries }) => deliveries.lock(NO_DELIVERY))).toBeNull()
  })

  test('are queued as of their revision, now or later', async () => {
    const delivery = only(await announced(suite, await register(suite)))
    await take(suite)
    await suite.run(({ deliveries }) => deliveries.queue({ ...delivery, revision: 3 }, 0))
    await suite.run(({ deliveries }) => deliveries.queue(delivery, 3_600))
    expect((await take(suite)).map(({ task }) => task)).toEqual([{ deliveryId: delivery.id, revision: 3 }])
  })

  test('have their attempts ended once, by whoever holds them', async () => {
    await announced(suite, await register(suite))
    const { id, retryCount, task } = only(await suite.queues.of('deliveries', readDeliveryTask).take(10))
    const attempt: DeliveryAttempt = { entry: { queue: 'deliveries', id, retryCount }, ...task }
    const settle = (tries: number) =>
      suite.run(({ deliveries }) => deliveries.settle({ ...attempt, entry: { ...attempt.entry, retryCount: tries } }))
    expect(await settle(retryCount + 1)).toBe(false)
    expect(await settle(retryCount)).toBe(true)
    expect(await settle(retryCount)).toBe(false)
  })

  test('go with the learner whom they are about, and no others', async () => {
    const webhook = await register(suite)
    const { userId } = only(await announced(suite, webhook))
    await announced(suite, webhook)
    await suite.run(({ users }) => users.delete(userId ?? NOBODY))
    expect(only(await deliveriesOf(suite, webhook)).userId).not.toBe(userId)
  })

  test('go with the job that they are about, and that with its learner', async () => {
    const webhook = await register(suite)
    const { id: userId } = await suite.newLearner()
    const about = await suite.run(async ({ jobs, deliveries }) => {
      const { id: jobId } = await jobs.insert({ id: jobs.newId(), userId, kind: 'VOICE_MESSAGE', messageId: null }, NOW)
      const subject = { jobId, userId: null }
      await deliveries.announce([{ event: 'JOB_FAILED', about: subject, payload: '{}' }], NOW)
      return subject
    })
    expect(await deliveriesOf(suite, webhook)).toMatchObject([about])
    await suite.run(({ users }) => users.delete(userId))
    expect(await deliveriesOf(suite, webhook)).toEqual([])
  })

  test('tell how they ended since the webhook was switched on, the last one first', async () => {
    const webhook = await register(suite)
    const made = await announced(suite, webhook, 5)
    const states = [
      ended(NOW, { status: 'FAILED' }),
      ended(NOW.add({ seconds: 1 }), { status: 'DELIVERED', lastStatus: 410 }),
      ended(NOW.add({ seconds: 3 }), { status: 'FAILED', lastStatus: 410 }),
      ended(NOW.add({ seconds: 2 }), { status: 'FAILED', lastStatus: 503 }),
      ended(NOW.add({ seconds: 4 }), { status: 'CANCELLED' }),
    ]
    for (const [index, state] of states.entries())
      await suite.run(({ deliveries }) => deliveries.change(made[index] ?? only([]), state))
    const ends = (limit: number, since = NOW.add({ seconds: 1 })) =>
      suite.run(({ deliveries }) => deliveries.ends({ ...webhook, enabledAt: toTimestamp(since) }, limit))
    expect(await ends(10)).toEqual(['gone', 'given-up', 'delivered'])
    expect(await ends(2)).toEqual(['gone', 'given-up'])
    expect(await ends(10, NOW.add({ seconds: 3 }))).toEqual(['gone'])
  })
}

function describeLog(suite: Suite): void {
  test('is newest first, of each webhook its own, as far as the limit', async () => {
    const [one, two] = [await register(suite), await register(suite)]
    const old = await announced(suite, one)
    const all = await announced(suite, one, 3, LATER)
    const newer = all.filter(({ createdAt }) => createdAt === toTimestamp(LATER))
    expect(all).toEqual([...newer.toSorted((a, b) => (a.id < b.id ? 1 : -1)), ...old])
    const [first, second] = all
    const slices = [
      { webhookId: two.id, after: null, limit: 1 },
      { webhookId: one.id, after: null, limit: 2 },
      { webhookId: NO_WEBHOOK, after: null, limit: 5 },
      { webhookId: one.id, after: second ?? null, limit: 5 },
      { webhookId: one.id, after: first ?? null, limit: 1 },
    ]
    const [ofTwo, page, none, rest, next] = await suite.readers.deliveries(slices)
    expect(ofTwo).toEqual([expect.objectContaining({ webhookId: two.id })])
    expect([page, none, rest, next]).toEqual([all.slice(0, 2), [], all.slice(2), [second]])
    expect(await suite.readers.deliveries([])).toEqual([])
  })
}

function describeSwitching(suite: Suite): void {
  test('cancels what waits, and leaves what has ended and what others are told', async () => {
    const [webhook, other] = [await register(suite), await register(suite)]
    const [done, waiting] = await announced(suite, webhook, 2)
    if (!done || !waiting) throw new Error('too few')
    const delivered = await suite.run(({ deliveries }) =>
      deliveries.change(done, ended(NOW, { status: 'DELIVERED', attempts: 1 })),
    )
    const off = await suite.run(({ webhooks }) => webhooks.disable(webhook.id, 'GONE', LATER))
    expect(off).toStrictEqual({ ...webhook, enabled: false, disabledReason: 'GONE' })
    const cancelled = { status: 'CANCELLED', nextAttemptAt: null, endedAt: toTimestamp(LATER), revision: 1 }
    expect(new Set(await deliveriesOf(suite, webhook))).toEqual(new Set([delivered, { ...waiting, ...cancelled }]))
    expect((await deliveriesOf(suite, other)).map(({ status }) => status)).toEqual(['PENDING', 'PENDING'])
  })

  test('back on begins anew', async () => {
    const webhook = await register(suite)
    await suite.run(({ webhooks }) => webhooks.disable(webhook.id, 'FAILING', NOW))
    expect(await announced(suite, webhook)).toEqual([])
    const on = await suite.run(({ webhooks }) => webhooks.enable(webhook.id, LATER))
    expect(on).toStrictEqual({ ...webhook, enabledAt: toTimestamp(LATER) })
    expect(await announced(suite, webhook)).toHaveLength(1)
  })
}
