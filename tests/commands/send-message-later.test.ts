import { describe, expect, test } from 'vitest'
import { OWN_JOBS_MAX } from '../../src/commands/backlog.ts'
import { cancelJob } from '../../src/commands/own-job.ts'
import { recordActivity } from '../../src/commands/record-activity.ts'
import { sendMessage } from '../../src/commands/send-message.ts'
import { sendMessageLater } from '../../src/commands/send-message-later.ts'
import type { UserId } from '../../src/domain/ids.ts'
import { badInputOn, refusal } from '../support/refusals.ts'
import { openStaged, type Staged } from '../support/staged.ts'

const limits = { jobsMax: 1_000 }
const STAFF = { role: 'staff', id: null } as const

const as = (staged: Staged, id: UserId) => staged.session({ role: 'user', id })

describe('a message that is answered later', () => {
  test('is kept, and its job waits in the queue', async () => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    const { message, job } = await as(staged, ada).perform(sendMessageLater({ text: ' Jdu do školy. ' }, limits))
    expect(message).toMatchObject({ userId: ada, role: 'USER', text: 'Jdu do školy.', answered: false })
    expect(job).toMatchObject({ userId: ada, kind: 'TEXT_MESSAGE', status: 'QUEUED', messageId: message.id })
    expect(await staged.standing(ada)).toEqual({ messages: 0, stars: 0, said: ['USER UNANSWERED'] })
    expect((await staged.take()).task).toEqual({ jobId: job.id, stage: 'REPLY' })
  })

  test.each(['', ' \n', 'x'.repeat(2_001)])('must be one: %j', async (text) => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    await expect(as(staged, ada).perform(sendMessageLater({ text }, limits))).rejects.toEqual(badInputOn('text'))
    expect(staged.database.queues.size('stages')).toBe(0)
  })

  test('is one’s own, or anyone’s for staff', async () => {
    await using staged = await openStaged()
    const [ada, bob] = [await staged.newLearner(), await staged.newLearner()]
    const send = (userId?: string) => sendMessageLater({ text: 'Ahoj!', userId }, limits)
    await expect(as(staged, bob).perform(send(String(ada)))).rejects.toEqual(refusal('NOT_FOUND'))
    await expect(staged.session(STAFF).perform(send('999999'))).rejects.toEqual(refusal('NOT_FOUND'))
    await expect(staged.session(STAFF).perform(send('ada'))).rejects.toEqual(refusal('NOT_FOUND'))
    await expect(staged.session(STAFF).perform(send())).rejects.toEqual(refusal('NOT_FOUND'))
    expect((await staged.session(STAFF).perform(send(String(ada)))).job.userId).toBe(ada)
  })
})

describe('a repeat under the same key', () => {
  const key = 'morning'
  const later = (text = 'Ahoj!', idempotencyKey: string = key) => sendMessageLater({ text, idempotencyKey }, limits)

  test('is the same job, whatever has become of it, and nothing more', async () => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    const first = await as(staged, ada).perform(later())
    expect(await as(staged, ada).perform(later())).toEqual(first)
    await staged.runNext()
    const after = await as(staged, ada).perform(later())
    expect(after.job).toMatchObject({ id: first.job.id, status: 'SUCCEEDED' })
    expect(after.message).toMatchObject({ id: first.message.id, answered: true })
    expect(await staged.standing(ada)).toMatchObject({ messages: 1, said: ['ASSISTANT', 'USER'] })
    expect(staged.database.queues.size('stages')).toBe(0)
  })

  test('needs no room', async () => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    const first = await as(staged, ada).perform(later())
    const crowded = sendMessageLater({ text: 'Ahoj!', idempotencyKey: key }, { jobsMax: 1 })
    expect(await as(staged, ada).perform(crowded)).toEqual(first)
  })

  test('with another text is refused', async () => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    await as(staged, ada).perform(later())
    const conflict = refusal('CONFLICT', 'idempotencyKey')
    await expect(as(staged, ada).perform(later('Čau!'))).rejects.toEqual(conflict)
    expect(staged.database.queues.size('stages')).toBe(1)
  })

  test('is refused where the key was another kind of act’s, in either order', async () => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    const conflict = refusal('CONFLICT', 'idempotencyKey')
    await as(staged, ada).converse(sendMessage({ text: 'Ahoj!', idempotencyKey: 'at once' }))
    await expect(as(staged, ada).perform(later('Ahoj!', 'at once'))).rejects.toEqual(conflict)

    const activity = { userId: String(ada), wordsTotal: 1, correctnessScore: 100, idempotencyKey: 'elsewhere' }
    await staged.session(STAFF).perform(recordActivity(activity))
    await expect(as(staged, ada).perform(later('Ahoj!', 'elsewhere'))).rejects.toEqual(conflict)

    await as(staged, ada).perform(later())
    const atOnce = as(staged, ada).converse(sendMessage({ text: 'Ahoj!', idempotencyKey: key }))
    await expect(atOnce).rejects.toEqual(conflict)
    expect(await staged.standing(ada)).toMatchObject({ messages: 2 })
  })

  test('is another act for another learner', async () => {
    await using staged = await openStaged()
    const [ada, bob] = [await staged.newLearner(), await staged.newLearner()]
    const jobs = [await as(staged, ada).perform(later()), await as(staged, bob).perform(later('Čau!'))]
    expect(new Set(jobs.map(({ job }) => job.id)).size).toBe(2)
  })
})

describe('room', () => {
  const refused = (retryAfterSeconds: number) => ({ code: 'RATE_LIMITED', retryAfterSeconds })

  test(`is there for ${OWN_JOBS_MAX} jobs of one learner, and for others’ all the same`, async () => {
    await using staged = await openStaged()
    const [ada, bob] = [await staged.newLearner(), await staged.newLearner()]
    for (let n = 0; n < OWN_JOBS_MAX; n += 1) await staged.send(ada, `Ahoj ${n}!`)
    await expect(staged.send(ada)).rejects.toMatchObject(refused(1))
    await staged.send(bob)
    expect(staged.database.queues.size('stages')).toBe(OWN_JOBS_MAX + 1)
    expect((await staged.standing(ada)).said).toHaveLength(OWN_JOBS_MAX)
  })

  test('is there for as many as are allowed of all together, and again as soon as one is over', async () => {
    await using staged = await openStaged()
    const learners = [await staged.newLearner(), await staged.newLearner(), await staged.newLearner()]
    const [ada, bob, eva] = learners
    if (ada === undefined || bob === undefined || eva === undefined) throw new Error('three were made')
    const send = (id: UserId) => as(staged, id).perform(sendMessageLater({ text: 'Ahoj!' }, { jobsMax: 2 }))
    const { job } = await send(ada)
    await send(bob)
    await expect(send(eva)).rejects.toMatchObject(refused(1))
    await as(staged, ada).perform(cancelJob({ id: job.id }))
    await send(eva)
    await expect(send(ada)).rejects.toMatchObject(refused(1))
  })

  test.each([
    [0, 1],
    [7.2, 8],
    [59.5, 60],
    [600, 60],
  ])('may be there again after as long as the oldest has waited: %f s, so %i', async (waited, retryAfterSeconds) => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    await staged.send(ada)
    staged.pass(waited)
    const send = as(staged, ada).perform(sendMessageLater({ text: 'Ahoj!' }, { jobsMax: 1 }))
    await expect(send).rejects.toMatchObject(refused(retryAfterSeconds))
  })
})
