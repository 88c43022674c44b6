import { expect, test } from 'vitest'
import { deleteWebhook, redeliverWebhook, updateWebhook } from '../../src/commands/change-webhook.ts'
import { failStage } from '../../src/commands/job-steps.ts'
import type { UnitOfWork } from '../../src/commands/unit-of-work.ts'
import { HonzikError } from '../../src/domain/error.ts'
import type { Attempt, WebhookSender } from '../../src/webhooks/delivery.ts'
import { readDeliveryTask } from '../../src/work/deliveries.ts'
import { lostError } from '../../src/work/stage-error.ts'
import { readStageTask } from '../../src/work/stages.ts'
import { hasPostgres } from '../support/databases.ts'
import { Delivering, performer, webhookMeans } from '../support/delivering.ts'
import { openQueuedServer } from '../support/queued.ts'

const ANSWERS: readonly Attempt[] = [
  { kind: 'delivered', status: 204, milliseconds: 1 },
  { kind: 'refused', status: 500, retryAfterSeconds: null, milliseconds: 1 },
  { kind: 'refused', status: 410, retryAfterSeconds: null, milliseconds: 1 },
  { kind: 'failed', reason: 'timeout', milliseconds: 1 },
]

/** Nothing but what callers may be told. */
const unlessRefused = (error: unknown) => {
  if (!(error instanceof HonzikError && ['NOT_FOUND', 'CONFLICT'].includes(error.code))) throw error
}

test.skipIf(!hasPostgres)(
  'whoever ends, switches, repeats and deletes at the same time, nobody waits for another in turn',
  async () => {
    await using database = await openQueuedServer()
    const world = new Delivering()
    let asked = 0
    let tries = 0
    const unitOfWork: UnitOfWork = {
      run(work) {
        asked += 1
        return database.unitOfWork.run((transaction) => {
          tries += 1
          return work(transaction)
        })
      },
    }
    const perform = performer(unitOfWork, () => world.now)
    Object.assign(world, { database, perform, queue: database.queues.of('deliveries', readDeliveryTask) })
    const means = webhookMeans(world.vault)
    const stages = database.queues.of('stages', readStageTask)
    let turn = 0
    const sender: WebhookSender = { send: async () => ANSWERS[turn++ % ANSWERS.length] ?? expect.unreachable() }

    for (let round = 0; round < 6; round += 1) {
      const webhooks = [await world.register('https://a.example.com/'), await world.register('https://b.example.com/')]
      const learners = await Promise.all(Array.from({ length: 8 }, () => world.newLearner()))
      for (const userId of learners)
        await perform(async ({ jobs, now }) => {
          const job = await jobs.insert({ id: jobs.newId(), userId, kind: 'VOICE_MESSAGE', messageId: null }, now)
          await jobs.queue(job.id, 'TRANSCRIBE', 0)
        })
      for (let count = 0; count < 12; count += 1) await world.happen()
      const [deliveries, attempts] = [await world.queue.take(100), await stages.take(100)]
      const logs = (await Promise.all(webhooks.map((webhook) => world.logOf(webhook)))).flat()
      await Promise.all([
        ...deliveries.map((entry) => world.worker(sender).run(entry, new AbortController().signal)),
        ...attempts.map(({ id, retryCount, task }) =>
          perform(
            failStage({ entry: { queue: 'stages', id, retryCount }, ...task }, lostError(task.stage), {
              repeat: false,
              chance: 0,
            }),
          ),
        ),
        ...learners.map((id) => perform(({ users }) => users.delete(id))),
        ...logs.slice(0, 6).map((delivery) => perform(redeliverWebhook(delivery)).catch(unlessRefused)),
        ...webhooks.map(({ id }) => perform(updateWebhook({ id, enabled: false }, means)).catch(unlessRefused)),
        ...webhooks.map(({ id }) => perform(updateWebhook({ id, enabled: true }, means)).catch(unlessRefused)),
        ...webhooks.slice(0, 1).map((webhook) => perform(deleteWebhook(webhook)).catch(unlessRefused)),
      ])
      for (const webhook of webhooks) await perform(deleteWebhook(webhook)).catch(unlessRefused)
      for (const entry of await world.queue.take(500)) await world.queue.finish(entry)
    }
    // Of two who wait for each other, the database ends one, whose work is then done once more.
    expect(tries).toBe(asked)
  },
)
