import { describe, expect, test } from 'vitest'
import { cancelJob, retryJob } from '../../src/commands/own-job.ts'
import type { UserId } from '../../src/domain/ids.ts'
import { begun, failed, type Job } from '../../src/domain/job.ts'
import { lostError } from '../../src/work/stage-error.ts'
import { refusal } from '../support/refusals.ts'
import { openStaged, type Staged } from '../support/staged.ts'
import { NOW } from '../support/test-app.ts'

const limits = { jobsMax: 1_000 }
const STAFF = { role: 'staff', id: null } as const

const as = (staged: Staged, id: UserId) => staged.session({ role: 'user', id })

/** A learner with a job that has failed, and with nothing in the queue. */
async function withFailure(staged: Staged, { retryable = true } = {}): Promise<readonly [UserId, Job]> {
  const ada = await staged.newLearner()
  await staged.send(ada)
  const entry = await staged.take()
  const { result } = await staged.database.unitOfWork.run(async ({ jobs }) => {
    const job = await jobs.lock(entry.task.jobId)
    if (job === null) throw new Error('it was just made')
    await jobs.settle({ entry: { queue: 'stages', id: entry.id, retryCount: entry.retryCount }, ...entry.task })
    const running = await jobs.change(job, begun(job), NOW)
    return jobs.change(running, failed(running, { ...lostError('REPLY'), retryable }, { repeat: false }), NOW)
  })
  return [ada, result]
}

describe('giving a job up', () => {
  test('ends it where it is', async () => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    const { job } = await staged.send(ada)
    const given = await as(staged, ada).perform(cancelJob({ id: job.id }))
    expect(given).toEqual({ ...job, status: 'CANCELLED', revision: 1, finishedAt: job.createdAt })
    expect(await staged.job(job)).toEqual(given)
  })

  test('changes nothing of one that is over', async () => {
    await using staged = await openStaged()
    const [ada, failure] = await withFailure(staged)
    expect(await as(staged, ada).perform(cancelJob({ id: failure.id }))).toEqual(failure)
    const { job } = await staged.send(ada)
    await staged.runNext()
    const done = await staged.job(job)
    expect(done.status).toBe('SUCCEEDED')
    expect(await as(staged, ada).perform(cancelJob({ id: job.id }))).toEqual(done)
    expect(await staged.job(job)).toEqual(done)
  })
})

describe('retrying a job', () => {
  test('begins its stage anew', async () => {
    await using staged = await openStaged()
    const [ada, job] = await withFailure(staged)
    const retried = await as(staged, ada).perform(retryJob({ id: job.id }, limits))
    expect(retried).toMatchObject({ status: 'QUEUED', stage: 'REPLY', attempts: 0, failures: 0, finishedAt: null })
    await staged.runNext()
    expect(await staged.job(job)).toMatchObject({ status: 'SUCCEEDED', error: null })
  })

  test('twice is retrying it once', async () => {
    await using staged = await openStaged()
    const [ada, job] = await withFailure(staged)
    const first = await as(staged, ada).perform(retryJob({ id: job.id }, limits))
    expect(await as(staged, ada).perform(retryJob({ id: job.id }, limits))).toEqual(first)
    expect(staged.database.queues.size('stages')).toBe(1)
  })

  test('is for those that failed and may succeed', async () => {
    await using staged = await openStaged()
    const [ada, hopeless] = await withFailure(staged, { retryable: false })
    const conflict = refusal('CONFLICT', 'id')
    await expect(as(staged, ada).perform(retryJob({ id: hopeless.id }, limits))).rejects.toEqual(conflict)

    const { job } = await staged.send(ada)
    await staged.runNext()
    await expect(as(staged, ada).perform(retryJob({ id: job.id }, limits))).rejects.toEqual(conflict)

    const { job: unwanted } = await staged.send(ada)
    await as(staged, ada).perform(cancelJob({ id: unwanted.id }))
    await expect(as(staged, ada).perform(retryJob({ id: unwanted.id }, limits))).rejects.toEqual(conflict)
  })

  test('needs room, as sending does', async () => {
    await using staged = await openStaged()
    const [ada, job] = await withFailure(staged)
    await staged.send(ada)
    staged.pass(5)
    const crowded = as(staged, ada).perform(retryJob({ id: job.id }, { jobsMax: 1 }))
    await expect(crowded).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 5 })
    expect(await staged.job(job)).toEqual(job)
  })
})

test.each([
  ['giving up', cancelJob],
  ['retrying', (input: { id: string }) => retryJob(input, limits)],
])('%s is for the learner and for staff, and tells others not even that there is a job', async (_, command) => {
  await using staged = await openStaged()
  const [ada, job] = await withFailure(staged)
  const bob = await staged.newLearner()
  const missing = refusal('NOT_FOUND')
  await expect(as(staged, bob).perform(command({ id: job.id }))).rejects.toEqual(missing)
  for (const id of ['00000000-0000-4000-8000-000000000000', job.id.toUpperCase(), `${job.id} `, '1', ''])
    await expect(as(staged, ada).perform(command({ id }))).rejects.toEqual(missing)
  expect(await staged.job(job)).toEqual(job)
  await as(staged, ada).perform(command({ id: job.id }))
  await staged.session(STAFF).perform(command({ id: job.id }))
})
