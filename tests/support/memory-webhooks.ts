import { randomUUID } from 'node:crypto'
import type { Transaction } from '../../src/commands/unit-of-work.ts'
import { toTimestamp } from '../../src/domain/calendar.ts'
import { endOf, fresh, secretEnds, type Webhook, type WebhookDelivery } from '../../src/domain/delivery.ts'
import {
  type DeliveryId,
  deliveryIdFromRow,
  type UserId,
  type WebhookId,
  webhookIdFromRow,
} from '../../src/domain/ids.ts'
import type { Readers } from '../../src/loaders/readers.ts'
import { noticeOfQueue } from '../../src/work/notices.ts'
import type { MemoryQueueTransaction } from './memory-queues.ts'
import { change, type KeptWebhook, type Learners, type Webhooks, withEntry } from './memory-state.ts'

interface Place {
  readonly createdAt: string
  readonly id: string
}

const byPlace = (a: Place, b: Place): number =>
  a.createdAt === b.createdAt ? Number(a.id > b.id) - Number(a.id < b.id) : a.createdAt < b.createdAt ? -1 : 1

const deliveriesIn = (learners: Learners): readonly WebhookDelivery[] =>
  [...learners.values()].flatMap(({ deliveries }) => [...deliveries.values()])

/** Reads what is committed at the moment of the call. */
export const createMemoryWebhookReaders = (
  committed: () => { readonly learners: Learners; readonly webhooks: Webhooks },
): Pick<Readers, 'listWebhooks' | 'deliveries'> => ({
  async listWebhooks(after, limit) {
    const all = [...committed().webhooks.values()].map(({ webhook }) => webhook).toSorted(byPlace)
    return all.filter((each) => after === null || byPlace(each, after) > 0).slice(0, limit)
  },
  deliveries: async (slices) =>
    slices.map(({ webhookId, after, limit }) =>
      deliveriesIn(committed().learners)
        .filter((each) => each.webhookId === webhookId && (after === null || byPlace(each, after) < 0))
        .toSorted((a, b) => byPlace(b, a))
        .slice(0, limit),
    ),
})

/** Webhooks, over the copy that is the transaction's own. */
export function createMemoryWebhooks(
  learners: Learners,
  webhooks: Webhooks,
  queues: MemoryQueueTransaction,
): Pick<Transaction, 'webhooks' | 'deliveries'> {
  return {
    webhooks: createReceivers(learners, webhooks),
    deliveries: createDeliveries(learners, webhooks, queues),
  }
}

function createReceivers(learners: Learners, webhooks: Webhooks): Transaction['webhooks'] {
  function put(id: WebhookId, changes: Partial<Webhook>, secrets: Partial<KeptWebhook> = {}): Webhook {
    const kept = webhooks.get(id)
    if (kept === undefined) throw new Error(`there is no webhook ${id}`)
    const changed = { ...kept, ...secrets, webhook: { ...kept.webhook, ...changes } }
    webhooks.set(id, changed)
    return changed.webhook
  }

  return {
    async insert({ url, events, sealed }, most, now) {
      if (webhooks.size >= most) return null
      const id = webhookIdFromRow(randomUUID())
      const at = toTimestamp(now)
      const webhook = { id, url, events, enabled: true, disabledReason: null, enabledAt: at, createdAt: at }
      webhooks.set(id, { webhook, sealed: [sealed(id)], previousUntil: null })
      return webhook
    },
    lock: async (id) => webhooks.get(id)?.webhook ?? null,
    async update(id, { sealed, ...changes }, now) {
      const [before] = webhooks.get(id)?.sealed ?? []
      if (sealed === undefined || before === undefined) return put(id, changes)
      return put(id, changes, { sealed: [sealed, before], previousUntil: secretEnds(now) })
    },
    enable: async (id, now) => put(id, { enabled: true, disabledReason: null, enabledAt: toTimestamp(now) }),
    async disable(id, disabledReason, now) {
      const ended = { status: 'CANCELLED', nextAttemptAt: null, endedAt: toTimestamp(now) } as const
      for (const each of deliveriesIn(learners))
        if (each.webhookId === id && each.endedAt === null)
          keep(learners, { ...each, ...ended, revision: each.revision + 1 })
      return put(id, { enabled: false, disabledReason })
    },
    async delete(id) {
      for (const [userId, { deliveries }] of learners) {
        const others = [...deliveries].filter(([, { webhookId }]) => webhookId !== id)
        change(learners, userId, () => ({ deliveries: new Map(others) }))
      }
      return webhooks.delete(id)
    },
    isWanted: async (event) =>
      [...webhooks.values()].some(({ webhook }) => webhook.enabled && webhook.events.includes(event)),
  }
}

function ownerOf(learners: Learners, { jobId, userId }: WebhookDelivery): UserId {
  if (userId !== null) return userId
  for (const [id, { jobs }] of learners) if (jobId !== null && jobs.has(jobId)) return id
  throw new Error(`there is no job ${jobId}`)
}

function keep(learners: Learners, delivery: WebhookDelivery): WebhookDelivery {
  change(learners, ownerOf(learners, delivery), ({ deliveries }) => ({
    deliveries: withEntry(deliveries, delivery.id, delivery),
  }))
  return delivery
}

function createDeliveries(
  learners: Learners,
  webhooks: Webhooks,
  queues: MemoryQueueTransaction,
): Transaction['deliveries'] {
  const find = (id: DeliveryId) => deliveriesIn(learners).find((each) => each.id === id) ?? null
  const notify = () => queues.notify(noticeOfQueue('deliveries'))

  return {
    async announce(occurrences, now) {
      const wanting = [...webhooks.values()].map(({ webhook }) => webhook).filter(({ enabled }) => enabled)
      for (const { event, about, payload } of occurrences)
        for (const { id: webhookId } of wanting.filter(({ events }) => events.includes(event))) {
          const id = deliveryIdFromRow(randomUUID())
          const made = { id, webhookId, ...about, event, payload, revision: 0, createdAt: toTimestamp(now) }
          keep(learners, { ...made, ...fresh(now) })
          await queues.sendAll('deliveries', [{ deliveryId: id, revision: 0 }])
          notify()
        }
    },
    find: async (id) => find(id),
    lock: async (id) => find(id),
    async dispatch(id, now) {
      const delivery = find(id)
      const kept = delivery && webhooks.get(delivery.webhookId)
      if (!delivery || !kept) return null
      const isOldUsed = kept.previousUntil !== null && kept.previousUntil > toTimestamp(now)
      return { delivery, url: kept.webhook.url, sealed: kept.sealed.slice(0, isOldUsed ? 2 : 1) }
    },
    change: async (delivery, state) => keep(learners, { ...delivery, ...state, revision: delivery.revision + 1 }),
    async ends({ id, enabledAt }, limit) {
      const since = deliveriesIn(learners).filter(
        ({ webhookId, endedAt }) => webhookId === id && endedAt !== null && endedAt >= enabledAt,
      )
      const lastFirst = since.toSorted((a, b) => ((a.endedAt ?? '') < (b.endedAt ?? '') ? 1 : -1))
      return lastFirst
        .map(endOf)
        .filter((end) => end !== null)
        .slice(0, limit)
    },
    async queue({ id: deliveryId, revision }, delaySeconds) {
      await queues.send('deliveries', { deliveryId, revision }, delaySeconds)
      if (delaySeconds === 0) notify()
    },
    settle: ({ entry }) => queues.settle(entry.queue, entry),
  }
}
