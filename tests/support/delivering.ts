import type { Command, Identity } from '../../src/commands/command.ts'
import { registerWebhook } from '../../src/commands/register-webhook.ts'
import type { UnitOfWork } from '../../src/commands/unit-of-work.ts'
import type { WebhookMeans } from '../../src/commands/webhook-means.ts'
import type { Webhook, WebhookDelivery } from '../../src/domain/delivery.ts'
import type { UserId } from '../../src/domain/ids.ts'
import type { Viewer } from '../../src/domain/viewer.ts'
import type { WebhookEvent } from '../../src/domain/webhook.ts'
import type { WebhookSender } from '../../src/webhooks/delivery.ts'
import { createVault, type Vault } from '../../src/webhooks/vault.ts'
import { Deliveries, type DeliveryTask, readDeliveryTask } from '../../src/work/deliveries.ts'
import type { Entry, EntryKey } from '../../src/work/queue.ts'
import { somebody } from '../contracts/suite.ts'
import { type MemoryDatabase, openMemoryDatabase } from './memory-database.ts'
import { createMemoryQueues } from './memory-queues.ts'
import { NOW, TEST_SECRET } from './test-app.ts'
import { SECRET } from './webhook-deliveries.ts'

const STAFF: Viewer = { role: 'staff', id: null }

const IDENTITY: Identity = {
  issueToken: () => Promise.reject(new Error('nobody asks for tokens here')),
  verifyTelegram() {
    throw new Error('nobody signs in here')
  },
}

/** Runs commands of staff at a given time. */
export const performer =
  (unitOfWork: UnitOfWork, clock: () => Temporal.Instant, viewer: Viewer = STAFF) =>
  async <Result>(command: Command<Result>): Promise<Result> =>
    (await unitOfWork.run((transaction) => command({ ...transaction, viewer, identity: IDENTITY, now: clock() })))
      .result

export const webhookMeans = (vault: Vault): WebhookMeans => ({
  urlRules: { allowPrivate: true },
  newSecret: () => SECRET,
  seal: vault.seal,
})

/** Webhooks over a database in memory, whose time a test lets pass, without anybody who works by themselves. */
export class Delivering {
  now = NOW
  readonly database: MemoryDatabase = openMemoryDatabase(createMemoryQueues({ now: () => this.now.epochMilliseconds }))
  readonly vault = createVault(TEST_SECRET)
  readonly faults: unknown[] = []
  readonly perform = performer(this.database.unitOfWork, () => this.now)
  readonly queue = this.database.queues.of('deliveries', readDeliveryTask)

  /** A worker with a sender of its own. */
  worker(sender: WebhookSender, vault: Pick<Vault, 'open'> = this.vault): Deliveries {
    return new Deliveries({
      session: () => ({ perform: this.perform }),
      sender,
      vault,
      clock: () => this.now,
      chance: () => 0,
      fault: (error) => this.faults.push(error),
    })
  }

  async register(url: string, events: readonly WebhookEvent[] = ['JOB_FAILED']): Promise<Webhook> {
    const { webhook } = await this.perform(registerWebhook({ url, events, secret: SECRET }, webhookMeans(this.vault)))
    return webhook
  }

  async newLearner(): Promise<UserId> {
    const made = await this.perform(({ users, now }) => users.insert(somebody(), now))
    if (made === null) throw new Error('the Telegram id is taken')
    return made.id
  }

  /** Has something happen that webhooks are told of. */
  async happen(payload = '{"type":"job.failed"}'): Promise<void> {
    const userId = await this.newLearner()
    await this.perform(({ deliveries, now }) =>
      deliveries.announce([{ event: 'JOB_FAILED', about: { jobId: null, userId }, payload }], now),
    )
  }

  /** The next delivery that is due. */
  async take(): Promise<Entry<DeliveryTask>> {
    const [entry] = await this.queue.take(1)
    if (entry === undefined) throw new Error('nothing is due')
    return entry
  }

  /** As if whoever holds it had died. */
  lose(entry: EntryKey): void {
    this.database.queues.silence(entry)
    this.database.queues.sweep()
  }

  /** Sends whatever is due. Returns how many. */
  async work(sender: WebhookSender, signal = new AbortController().signal): Promise<number> {
    const due = await this.queue.take(100)
    const worker = this.worker(sender)
    for (const entry of due) await worker.run(entry, signal)
    return due.length
  }

  /** The log of a webhook, newest first. */
  async logOf({ id }: Webhook): Promise<readonly WebhookDelivery[]> {
    const [log = []] = await this.database.readers.deliveries([{ webhookId: id, after: null, limit: 100 }])
    return log
  }

  async webhook({ id }: Webhook): Promise<Webhook | undefined> {
    return (await this.database.readers.listWebhooks(null, 100)).find((each) => each.id === id)
  }

  pass(duration: Temporal.DurationLike): void {
    this.now = this.now.add(duration)
  }
}
