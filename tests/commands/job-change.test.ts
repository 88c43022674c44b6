import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { failStage, releaseStage } from '../../src/commands/job-steps.ts'
import { cancelJob, retryJob } from '../../src/commands/own-job.ts'
import type { StageAttempt } from '../../src/commands/unit-of-work.ts'
import type { Webhook } from '../../src/domain/delivery.ts'
import type { Job, JobError } from '../../src/domain/job.ts'
import { readStageTask } from '../../src/work/stages.ts'
import { Delivering } from '../support/delivering.ts'
import { NOW } from '../support/test-app.ts'

const ERROR: JobError = {
  code: 'UPSTREAM_UNAVAILABLE',
  message: 'The model does not answer.',
  stage: 'REPLY',
  retryable: true,
  retryAfterSeconds: null,
}

/** A learner's message that is to be answered, and a webhook that wants to be told of everything. */
async function begin(): Promise<{ world: Delivering; webhook: Webhook; job: Job }> {
  const world = new Delivering()
  const webhook = await world.register('https://hooks.example.com/', ['JOB_SUCCEEDED', 'JOB_FAILED'])
  const userId = await world.newLearner()
  const job = await world.perform(async ({ messages, jobs, now }) => {
    const message = await messages.keep(userId, { text: 'Tajné přání.', at: now })
    const made = await jobs.insert({ userId, kind: 'TEXT_MESSAGE', messageId: message.id }, now)
    await jobs.queue(made.id, 'REPLY', 0)
    return made
  })
  return { world, webhook, job }
}

async function take({ database }: Delivering): Promise<StageAttempt> {
  const [entry] = await database.queues.of('stages', readStageTask).take(1)
  if (entry === undefined) throw new Error('nothing is queued')
  const { id, retryCount, task } = entry
  return { entry: { queue: 'stages', id, retryCount }, ...task }
}

const fail = async (world: Delivering) =>
  world.perform(failStage(await take(world), ERROR, { repeat: false, chance: 0 }))

const payloadsOf = async (world: Delivering, webhook: Webhook) =>
  (await world.logOf(webhook)).map(({ payload }) => JSON.parse(payload))

describe('the end of a job', () => {
  test('is told with ids and states, and nothing that a learner has written', async () => {
    const { world, webhook, job } = await begin()
    await fail(world)
    expect(await payloadsOf(world, webhook)).toEqual([
      {
        type: 'job.failed',
        timestamp: NOW.toString({ fractionalSecondDigits: 3 }),
        data: {
          jobId: job.id,
          userId: String(job.userId),
          kind: 'TEXT_MESSAGE',
          status: 'FAILED',
          messageId: String(job.messageId),
          error: 'UPSTREAM_UNAVAILABLE',
        },
      },
    ])
    expect(await world.logOf(webhook)).toMatchObject([
      { event: 'JOB_FAILED', jobId: job.id, userId: null, status: 'PENDING' },
    ])
  })

  test('is told once more when the job was retried', async () => {
    const { world, webhook, job } = await begin()
    await fail(world)
    world.pass({ seconds: 1 })
    await world.perform(retryJob({ id: job.id }, { jobsMax: 10 }))
    await fail(world)
    expect(await payloadsOf(world, webhook)).toHaveLength(2)
  })

  test('is not told when somebody wanted it so, nor anything on the way', async () => {
    const { world, webhook, job } = await begin()
    const attempt = await take(world)
    await world.perform(failStage(attempt, ERROR, { repeat: true, chance: 0 }))
    world.pass({ seconds: 2 })
    await world.perform(releaseStage(await take(world)))
    await world.perform(cancelJob({ id: job.id }))
    expect(await world.logOf(webhook)).toEqual([])
  })

  test('is not told by an attempt that somebody else has by now', async () => {
    const { world, webhook } = await begin()
    const attempt = await take(world)
    world.lose(attempt.entry)
    await take(world)
    const late = world.perform(failStage(attempt, ERROR, { repeat: false, chance: 0 }))
    await expect(late).rejects.toThrow('A newer attempt has the stage.')
    expect(await world.logOf(webhook)).toEqual([])
  })
})

test('commands change jobs in one place, where nobody can forget to tell of it', () => {
  const source = join(import.meta.dirname, '../../src')
  const modules = globSync('{commands,work,session,graphql}/**/*.ts', { cwd: source })
  expect(modules.length).toBeGreaterThan(40)
  const changing = modules.filter((path) => /\bjobs\s*\.change\b/.test(readFileSync(join(source, path), 'utf8')))
  expect(changing).toEqual(['commands/job-change.ts'])
})
