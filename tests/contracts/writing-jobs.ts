import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { NewJob, Transaction } from '../../src/commands/unit-of-work.ts'
import { toTimestamp } from '../../src/domain/calendar.ts'
import { type JobId, jobIdFromRow, type UserId } from '../../src/domain/ids.ts'
import { advanced, begun, cancelled, failed, type Job, type JobChanges, type JobError } from '../../src/domain/job.ts'
import type { Recording, Speech } from '../../src/domain/voice.ts'
import { NOW } from '../support/test-app.ts'
import { day, NOBODY, type Suite } from './suite.ts'

export const unavailable: JobError = {
  code: 'UPSTREAM_UNAVAILABLE',
  message: 'Nikdo „nebere“ {a,"b"} \\ 🦉',
  stage: 'REPLY',
  retryable: true,
  retryAfterSeconds: 30,
}

const practised = {
  day: { date: day('2026-11-23'), messagesCount: 2, wordsSaid: 30, scoredWords: 2900, streakDay: 4 },
  stars: { total: 17, available: 12, lifetime: 19 },
  starsEarned: 6,
}

/** A job that is about nothing yet. */
export const insertJob = (suite: Suite, userId: UserId, job: Partial<NewJob> = {}, at = NOW): Promise<Job> =>
  suite.run(({ jobs }) => jobs.insert({ userId, kind: 'VOICE_MESSAGE', messageId: null, ...job }, at))

/** Gives a job the state that `next` says, as whoever has locked it. */
export const changeJob = (suite: Suite, id: JobId, next: (job: Job) => JobChanges, at = NOW): Promise<Job> =>
  suite.run(async ({ jobs }) => {
    const job = await jobs.lock(id)
    if (job === null) throw new Error(`there is no job ${id}`)
    return jobs.change(job, next(job), at)
  })

const nobodysJob = () => jobIdFromRow(randomUUID())

export function describeJobs(suite: Suite): void {
  const find = (id: JobId) => suite.run(({ jobs }) => jobs.find(id))

  test('begin at their first stage, and nobody has begun it', async () => {
    const { id: userId } = await suite.newLearner()
    const made = await insertJob(suite, userId)
    const at = toTimestamp(NOW)
    expect(made).toStrictEqual({
      ...{ id: expect.any(String), userId, kind: 'VOICE_MESSAGE', messageId: null },
      ...{ status: 'QUEUED', stage: 'TRANSCRIBE', revision: 0, attempts: 0, failures: 0, error: null },
      ...{ practised: null, transcriptKey: null, speechKey: null, createdAt: at, updatedAt: at, finishedAt: null },
    })
    expect(await find(made.id)).toStrictEqual(made)
    expect(await suite.run(({ jobs }) => jobs.lock(made.id))).toStrictEqual(made)
  })

  test('may be about a message from the beginning', async () => {
    const { id: userId } = await suite.newLearner()
    const message = await keepMessage(suite, userId)
    const made = await insertJob(suite, userId, { kind: 'TEXT_MESSAGE', messageId: message.id })
    expect(made).toMatchObject({ kind: 'TEXT_MESSAGE', stage: 'REPLY', messageId: message.id })
    expect(await find(made.id)).toStrictEqual(made)
  })

  test('are not made for nobody, nor found where there are none', async () => {
    await expect(insertJob(suite, NOBODY)).rejects.toThrow()
    expect(await find(nobodysJob())).toBeNull()
    expect(await suite.run(({ jobs }) => jobs.lock(nobodysJob()))).toBeNull()
  })

  test('change to a state, each under the next revision, and keep what is not changed', async () => {
    const { id: userId } = await suite.newLearner()
    const message = await keepMessage(suite, userId)
    const made = await insertJob(suite, userId)
    const later = NOW.add({ seconds: 1 })
    const running = await changeJob(suite, made.id, begun, later)
    expect(running).toStrictEqual({ ...made, ...begun(made), revision: 1, updatedAt: toTimestamp(later) })

    const heard = { messageId: message.id }
    const next = await changeJob(suite, made.id, (job) => ({ ...heard, ...advanced(job) }), later)
    expect(next).toStrictEqual({ ...running, ...heard, ...advanced(running), revision: 2 })

    const trouble = failed(next, unavailable, { repeat: true })
    expect(await changeJob(suite, made.id, () => trouble, later)).toStrictEqual({ ...next, ...trouble, revision: 3 })
    const answered = await changeJob(suite, made.id, (job) => ({ practised, ...advanced(job) }), later)
    expect(answered).toMatchObject({ stage: 'SPEAK', error: null, practised, ...heard, revision: 4 })
    expect(await find(made.id)).toStrictEqual(answered)
  })

  test('name what may be remembered of them, which is no change of their state', async () => {
    const { id: userId } = await suite.newLearner()
    const made = await insertJob(suite, userId)
    await suite.run(({ jobs }) => jobs.name(made.id, { transcriptKey: 'heard' }))
    await suite.run(({ jobs }) => jobs.name(made.id, { speechKey: 'spoken' }))
    expect(await find(made.id)).toStrictEqual({ ...made, transcriptKey: 'heard', speechKey: 'spoken' })
    await suite.run(({ jobs }) => jobs.name(nobodysJob(), { speechKey: 'spoken' }))
  })

  test('are finished once they are over, and are not if they go on', async () => {
    const { id: userId } = await suite.newLearner()
    const { id } = await insertJob(suite, userId)
    const later = NOW.add({ milliseconds: 7 })
    const over = await changeJob(suite, id, (job) => failed(job, unavailable, { repeat: false }), later)
    expect(over.finishedAt).toBe(toTimestamp(later))
    expect((await changeJob(suite, id, begun)).finishedAt).toBeNull()
    expect((await changeJob(suite, id, cancelled, later)).finishedAt).toBe(toTimestamp(later))
  })

  test('change one after the other when several change one at once', async () => {
    const { id: userId } = await suite.newLearner()
    const { id } = await insertJob(suite, userId)
    const changed = await Promise.all(Array.from({ length: 10 }, () => changeJob(suite, id, begun)))
    const numbers = Array.from({ length: 10 }, (_, n) => n + 1)
    expect(changed.map(({ revision }) => revision).toSorted((a, b) => a - b)).toEqual(numbers)
    expect(changed.map(({ attempts }) => attempts).toSorted((a, b) => a - b)).toEqual(numbers)
    const [updates] = await suite.readers.jobUpdates([{ jobId: id, after: null }])
    expect(updates?.map(({ revision, attempts }) => [revision, attempts])).toEqual([0, ...numbers].map((n) => [n, n]))
  })

  test('are as they were when the transaction fails, and nobody is told otherwise', async () => {
    const { id: userId } = await suite.newLearner()
    const made = await insertJob(suite, userId)
    let other: JobId | undefined
    const failing = suite.run(async ({ jobs }) => {
      await jobs.change(made, begun(made), NOW)
      other = (await jobs.insert({ userId, kind: 'VOICE_MESSAGE', messageId: null }, NOW)).id
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await find(made.id)).toStrictEqual(made)
    expect(other && (await find(other))).toBeNull()
    expect((await suite.readers.jobUpdates([{ jobId: made.id, after: null }]))[0]).toHaveLength(1)
  })

  test('go with their learner, and nobody else’s do', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    const [gone, stays] = [await insertJob(suite, ada.id), await insertJob(suite, bob.id)]
    await suite.run(({ recordings }) => recordings.keep(gone.id, recording))
    await suite.run(({ users }) => users.delete(ada.id))
    expect(await suite.readers.jobs([gone.id, stays.id])).toEqual(new Map([[stays.id, stays]]))
    const slices = [gone, stays].map(({ id: jobId }) => ({ jobId, after: null }))
    expect((await suite.readers.jobUpdates(slices)).map(({ length }) => length)).toEqual([0, 1])
    expect(await suite.readers.recording(gone.id)).toBeNull()
    await expect(suite.run(({ jobs }) => jobs.change(gone, begun(gone), NOW))).rejects.toThrow()
  })

  test('are remembered with the act that had them made', async () => {
    const { id: userId } = await suite.newLearner()
    const { id: messageId } = await keepMessage(suite, userId)
    const { id: jobId } = await insertJob(suite, userId, { kind: 'TEXT_MESSAGE', messageId })
    const act = { input: '{}', messageId, jobId, practised: null }
    await suite.run(({ acts }) => acts.remember(userId, 'morning', act, NOW))
    expect(await suite.run(({ acts }) => acts.find(userId, 'morning'))).toStrictEqual(act)
  })
}

export function describeBacklog(suite: Suite): void {
  const backlog = (id: UserId) => suite.run(({ jobs }) => jobs.backlog(id))
  const longAgo = (days: number) => NOW.subtract({ hours: 24 * (1_000 + days) })

  test('is what is not over, of all and of the learner', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    const before = (await backlog(ada.id)).jobs
    const made = [await insertJob(suite, ada.id), await insertJob(suite, ada.id), await insertJob(suite, bob.id)]
    expect(await backlog(ada.id)).toMatchObject({ jobs: before + 3, own: 2 })
    expect(await backlog(bob.id)).toMatchObject({ jobs: before + 3, own: 1 })
    expect(await backlog(NOBODY)).toMatchObject({ jobs: before + 3, own: 0 })
    for (const { id } of made) await changeJob(suite, id, begun)
    expect(await backlog(ada.id)).toMatchObject({ jobs: before + 3, own: 2 })
    for (const { id } of made) await changeJob(suite, id, cancelled)
    expect(await backlog(ada.id)).toMatchObject({ jobs: before, own: 0 })
  })

  test('has waited since the oldest of all was made', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    const older = await insertJob(suite, bob.id, {}, longAgo(2))
    const newer = await insertJob(suite, ada.id, {}, longAgo(1))
    expect((await backlog(ada.id)).since).toBe(toTimestamp(longAgo(2)))
    await changeJob(suite, older.id, cancelled)
    expect((await backlog(ada.id)).since).toBe(toTimestamp(longAgo(1)))
    await changeJob(suite, newer.id, cancelled)
  })
}

const recording: Recording = {
  format: 'OGG',
  digest: 'ab'.repeat(32),
  durationMs: 2_500,
  audio: Buffer.from(Array.from({ length: 1_000 }, (_, n) => (n * 7) % 256)),
}

export function describeRecordings(suite: Suite): void {
  const find = (id: JobId) => suite.readers.recording(id)

  test('are kept byte for byte until they are removed', async () => {
    const { id: userId } = await suite.newLearner()
    const [job, other] = [await insertJob(suite, userId), await insertJob(suite, userId)]
    const second = { ...recording, format: 'WAV', audio: Buffer.alloc(0) } as const
    await suite.run(async ({ recordings }) => {
      await recordings.keep(job.id, recording)
      await recordings.keep(other.id, second)
    })
    expect(await find(job.id)).toStrictEqual(recording)
    expect(await find(other.id)).toStrictEqual(second)
    await suite.run(({ recordings }) => recordings.remove(job.id))
    expect(await find(job.id)).toBeNull()
    expect(await find(other.id)).toStrictEqual(second)
  })

  test('are of jobs that there are', async () => {
    await expect(suite.run(({ recordings }) => recordings.keep(nobodysJob(), recording))).rejects.toThrow()
    expect(await find(nobodysJob())).toBeNull()
  })
}

const speech = (fingerprint: string | null): Speech => ({ format: 'MP3', audio: Buffer.from([0, 255, 1]), fingerprint })

/** What anybody may know of speeches so far is what their end makes caches forget. */
export function describeVoices(suite: Suite): void {
  const speak = (work: (speeches: Transaction['speeches']) => Promise<unknown>) =>
    suite.run(({ speeches }) => work(speeches))
  const forgottenWith = async (id: UserId) => {
    const tags = await suite.changedBy(({ users }) => users.delete(id))
    return tags.filter((tag) => /^(speech|transcript):/.test(tag))
  }

  test('are forgotten with their learner, each by its name', async () => {
    const { id: userId } = await suite.newLearner()
    const [one, two, three] = [
      await keepMessage(suite, userId),
      await keepMessage(suite, userId),
      await keepMessage(suite, userId),
    ]
    for (const keys of [{ transcriptKey: 'a' }, {}, { transcriptKey: 'b', speechKey: 'z' }, { transcriptKey: 'a' }]) {
      const { id } = await insertJob(suite, userId)
      await suite.run(({ jobs }) => jobs.name(id, { transcriptKey: null, ...keys }))
    }
    await speak(async (speeches) => {
      await speeches.keep(one.id, speech('x'), NOW)
      await speeches.keep(two.id, speech(null), NOW)
      await speeches.keep(three.id, speech('y'), NOW)
    })
    expect(await forgottenWith(userId)).toEqual(['speech:x', 'speech:y', 'speech:z', 'transcript:a', 'transcript:b'])
  })

  test('are not forgotten with somebody else', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    const { id } = await keepMessage(suite, ada.id)
    await speak((speeches) => speeches.keep(id, speech('x'), NOW))
    expect(await forgottenWith(bob.id)).toEqual([])
  })

  test('are one for each message: the first', async () => {
    const { id: userId } = await suite.newLearner()
    const { id } = await keepMessage(suite, userId)
    await speak((speeches) => speeches.keep(id, speech('first'), NOW))
    await speak((speeches) => speeches.keep(id, speech('second'), NOW))
    expect(await forgottenWith(userId)).toEqual(['speech:first'])
  })
}

const keepMessage = (suite: Suite, userId: UserId) =>
  suite.run(({ messages }) => messages.keep(userId, { text: 'Ahoj!', at: NOW }))
