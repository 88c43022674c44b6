import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { toTimestamp } from '../../src/domain/calendar.ts'
import { jobIdFromRow, messageIdFromRow } from '../../src/domain/ids.ts'
import { advanced, begun, failed, type Job, type JobUpdate } from '../../src/domain/job.ts'
import { aReply } from '../support/a-reply.ts'
import { NOW } from '../support/test-app.ts'
import { NOBODY, type Suite } from './suite.ts'
import { changeJob, insertJob, unavailable } from './writing-jobs.ts'

const nobodysJob = () => jobIdFromRow(randomUUID())

const updateOf = ({ id, revision, status, stage, attempts, error, updatedAt }: Job): JobUpdate => ({
  ...{ jobId: id, revision, status, stage, attempts, error },
  at: updatedAt,
})

/** A job that was begun, has failed once and was begun again: it as it was after each of these. */
async function eventful(suite: Suite): Promise<readonly Job[]> {
  const { id: userId } = await suite.newLearner()
  const made = await insertJob(suite, userId)
  const steps = [begun, (job: Job) => failed(job, unavailable, { repeat: true }), begun, advanced]
  const seen = [made]
  for (const [n, step] of steps.entries())
    seen.push(await changeJob(suite, made.id, (job) => step(job), NOW.add({ seconds: n + 1 })))
  return seen
}

export function describeReadingJobs(suite: Suite): void {
  test('are found many at a time, each as it is now', async () => {
    const [one, two] = [await eventful(suite), await eventful(suite)]
    const [first, second] = [one.at(-1), two.at(-1)]
    if (first === undefined || second === undefined) throw new Error('they were just made')
    const found = await suite.readers.jobs([second.id, nobodysJob(), first.id, first.id])
    expect(found.size).toBe(2)
    expect(found.get(first.id)).toStrictEqual(first)
    expect(found.get(second.id)).toStrictEqual(second)
  })

  test('are found among a thousand ids', async () => {
    const job = (await eventful(suite)).at(-1)
    const others = Array.from({ length: 1000 }, nobodysJob)
    expect([...(await suite.readers.jobs([...others, ...(job ? [job.id] : [])])).values()]).toEqual([job])
  })
}

export function describeUpdates(suite: Suite): void {
  test('are all there, with all that they say, oldest first', async () => {
    const seen = await eventful(suite)
    const [jobId = nobodysJob()] = seen.map(({ id }) => id)
    const [updates] = await suite.readers.jobUpdates([{ jobId, after: null }])
    expect(updates).toStrictEqual(seen.map(updateOf))
    expect(updates?.map(({ at }) => at)).toEqual([0, 1, 2, 3, 4].map((seconds) => toTimestamp(NOW.add({ seconds }))))
  })

  test('follow the revision of each question, by the question’s position', async () => {
    const [one, two] = [await eventful(suite), await eventful(suite)]
    const [first = nobodysJob(), second = nobodysJob()] = [one[0]?.id, two[0]?.id]
    const lists = await suite.readers.jobUpdates([
      { jobId: second, after: 3 },
      { jobId: nobodysJob(), after: null },
      { jobId: first, after: null },
      { jobId: second, after: 4 },
      { jobId: first, after: 0 },
      { jobId: first, after: 99 },
    ])
    expect(lists).toStrictEqual([two.slice(4).map(updateOf), [], one.map(updateOf), [], one.slice(1).map(updateOf), []])
  })
}

export function describeSaid(suite: Suite): void {
  test('is found many at a time, with its answer or without', async () => {
    const { id } = await suite.newLearner()
    const said = { text: 'Ahoj!', at: NOW }
    const { waiting, exchange } = await suite.run(async ({ practice, messages }) => {
      await practice.begin(id)
      const kept = await messages.keep(id, said)
      return { waiting: kept, exchange: await messages.exchange(id, said, { reply: aReply, starsEarned: 2, at: NOW }) }
    })
    const answered = exchange.question
    const found = await suite.readers.said([answered.id, waiting.id, messageIdFromRow(NOBODY), waiting.id])
    expect(found.size).toBe(2)
    expect(found.get(waiting.id)).toStrictEqual({ message: waiting, exchange: null })
    expect(found.get(answered.id)).toStrictEqual({ message: answered, exchange })
  })
}
