import { describe, expect, test } from 'vitest'
import { cancelJob, retryJob } from '../../src/commands/own-job.ts'
import { retryMessage } from '../../src/commands/retry-message.ts'
import { HonzikError } from '../../src/domain/error.ts'
import { FAILURES_MAX } from '../../src/domain/job.ts'
import { Closing, Lost } from '../../src/work/worker.ts'
import { openStaged, type Staged } from '../support/staged.ts'

/**
 * The tutor answers once it is let go, or gives up with whoever asked it.
 * @param lastWords what it says then; by default the reason that it is given
 */
function holdBack({ tutor }: Staged, lastWords?: Error) {
  const asked = Promise.withResolvers<AbortSignal>()
  const { promise: go, resolve: release } = Promise.withResolvers<void>()
  tutor.answerBy(async (_, { signal }) => {
    asked.resolve(signal)
    const gone = Promise.withResolvers<never>()
    signal.addEventListener('abort', () => gone.reject(lastWords ?? signal.reason))
    await Promise.race([go, gone.promise])
  })
  return { asked: asked.promise, release }
}

const busy = (retryAfterSeconds?: number) =>
  new HonzikError('UPSTREAM_UNAVAILABLE', 'The model is busy.', retryAfterSeconds ? { retryAfterSeconds } : {})

const limits = { jobsMax: 1_000 }

describe('a stage', () => {
  test('ends with its job done: the message answered, and counted as practice once', async () => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    const { job, message } = await staged.send(ada, 'Jdu do skole.')
    await staged.runNext()
    expect((await staged.updates(job)).map(({ status, stage, attempts }) => [status, stage, attempts])).toEqual([
      ['QUEUED', 'REPLY', 0],
      ['RUNNING', 'REPLY', 1],
      ['SUCCEEDED', null, 0],
    ])
    const done = await staged.job(job)
    expect(done).toMatchObject({ error: null, messageId: message.id, practised: { day: { messagesCount: 1 } } })
    const said = (await staged.database.readers.said([message.id])).get(message.id)
    expect(said?.exchange?.starsEarned).toBe(done.practised?.starsEarned)
    expect(await staged.standing(ada)).toEqual({
      messages: 1,
      stars: done.practised?.starsEarned,
      said: ['ASSISTANT', 'USER'],
    })
    expect(staged.database.queues.size('stages')).toBe(0)
  })

  test('that was done already does nothing more', async () => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    const { job } = await staged.send(ada)
    await staged.database.unitOfWork.run(({ jobs }) => jobs.queue(job.id, 'REPLY', 5))
    await staged.runNext()
    const { revision } = await staged.job(job)
    staged.pass(5)
    await staged.runNext()
    expect((await staged.job(job)).revision).toBe(revision)
    expect(staged.tutor.asked).toHaveLength(1)
    expect(staged.database.queues.size('stages')).toBe(0)
  })

  test('asks no model for a message that was answered before it began', async () => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    const { job, message } = await staged.send(ada)
    await staged.session({ role: 'user', id: ada }).converse(retryMessage({ id: String(message.id) }))
    await staged.runNext()
    expect(await staged.job(job)).toMatchObject({ status: 'SUCCEEDED', practised: { day: { messagesCount: 1 } } })
    expect(await staged.standing(ada)).toMatchObject({ messages: 1, said: ['ASSISTANT', 'USER'] })
    expect(staged.tutor.asked).toHaveLength(1)
  })

  test('counts a message once that somebody else has answered meanwhile, and has come to that answer', async () => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    const { job, message } = await staged.send(ada)
    const { asked, release } = holdBack(staged)
    const running = staged.runNext()
    await asked
    // Another question for the model: what was asked already is not asked again.
    staged.tutor.answerBy(async () => {})
    const retried = staged.session({ role: 'user', id: ada }).converse(retryMessage({ id: String(message.id) }))
    release()
    const [{ stars, starsEarned }] = await Promise.all([retried, running])
    expect(await staged.standing(ada)).toEqual({ messages: 1, stars: starsEarned, said: ['ASSISTANT', 'USER'] })
    expect((await staged.job(job)).practised).toMatchObject({ starsEarned, stars, day: { messagesCount: 1 } })
    expect(await staged.job(job)).toMatchObject({ status: 'SUCCEEDED' })
  })
})

describe('an attempt that fails', () => {
  test('is repeated after a while, each time a longer one, and what went wrong is told until it goes well', async () => {
    await using staged = await openStaged()
    const { job } = await staged.send(await staged.newLearner())
    staged.tutor.answerBy(() => Promise.reject(busy()))
    for (const [failures, wait] of [1, 2, 4].entries()) {
      await staged.runNext()
      const error = { code: 'UPSTREAM_UNAVAILABLE', message: 'The model is busy.', stage: 'REPLY', retryable: true }
      expect(await staged.job(job)).toMatchObject({ status: 'QUEUED', attempts: failures + 1, error })
      staged.pass(wait - 0.01)
      await expect(staged.take()).rejects.toThrow('not one entry')
      staged.pass(0.01)
    }
    staged.tutor.answerBy(async () => {})
    await staged.runNext()
    expect(await staged.job(job)).toMatchObject({ status: 'SUCCEEDED', error: null })
    expect((await staged.updates(job)).at(-2)).toMatchObject({
      status: 'RUNNING',
      attempts: 4,
      error: { code: 'UPSTREAM_UNAVAILABLE' },
    })
    expect(staged.faults).toEqual([])
  })

  test(`is the last one when it is the ${FAILURES_MAX}th`, async () => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    const { job } = await staged.send(ada)
    staged.tutor.answerBy(() => Promise.reject(busy()))
    for (let failures = 0; failures < FAILURES_MAX; failures += 1) {
      staged.pass(60)
      await staged.runNext()
    }
    expect(await staged.job(job)).toMatchObject({ status: 'FAILED', stage: 'REPLY', attempts: 4, failures: 4 })
    expect(staged.database.queues.size('stages')).toBe(0)
    expect(await staged.standing(ada)).toEqual({ messages: 0, stars: 0, said: ['USER UNANSWERED'] })
  })

  test('is repeated no sooner than the model has asked for', async () => {
    await using staged = await openStaged()
    const { job } = await staged.send(await staged.newLearner())
    staged.tutor.answerBy(() => Promise.reject(busy(30)))
    await staged.runNext()
    expect((await staged.job(job)).error).toMatchObject({ retryAfterSeconds: 30 })
    staged.pass(29.9)
    await expect(staged.take()).rejects.toThrow('not one entry')
    staged.pass(0.1)
    await staged.take()
  })

  test('is not repeated where the wait would be a long one', async () => {
    await using staged = await openStaged()
    const { job } = await staged.send(await staged.newLearner())
    staged.tutor.answerBy(() => Promise.reject(busy(61)))
    await staged.runNext()
    expect(await staged.job(job)).toMatchObject({ status: 'FAILED', attempts: 1, error: { retryAfterSeconds: 61 } })
  })

  test('by a fault of ours is repeated, tells nobody but the log what it was, and begins anew when it is retried', async () => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    const { job } = await staged.send(ada)
    staged.tutor.answerBy(() => Promise.reject(new Error('a secret')))
    for (let failures = 0; failures < FAILURES_MAX; failures += 1) {
      await staged.runNext()
      staged.pass(60)
    }
    const error = { code: 'INTERNAL_SERVER_ERROR', message: 'Internal server error', retryable: true }
    expect(await staged.job(job)).toMatchObject({ status: 'FAILED', error })
    expect(staged.faults.map(String)).toEqual(Array(4).fill('Error: a secret'))
    expect(JSON.stringify(await staged.updates(job))).not.toContain('secret')

    await staged.session({ role: 'user', id: ada }).perform(retryJob({ id: job.id }, limits))
    await staged.runNext()
    expect(await staged.job(job)).toMatchObject({ status: 'QUEUED', attempts: 1, failures: 1 })
  })

  test('by taking too long is one', async () => {
    await using staged = await openStaged({ timeoutMs: 10 })
    const { job } = await staged.send(await staged.newLearner())
    const { asked } = holdBack(staged)
    await staged.runNext()
    const error = { code: 'UPSTREAM_UNAVAILABLE', message: 'The stage was not done in time.', retryable: true }
    expect(await staged.job(job)).toMatchObject({ status: 'QUEUED', attempts: 1, error })
    expect((await asked).aborted).toBe(true)
    expect(staged.faults).toEqual([])
  })
})

describe('a job that is cancelled', () => {
  test('has the model give up, and stays as it is', async () => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    const { job } = await staged.send(ada)
    const { asked } = holdBack(staged)
    const running = staged.runNext()
    const wanted = await asked
    await staged.stages.changed(job.id)
    expect(wanted.aborted).toBe(false)
    await staged.session({ role: 'user', id: ada }).perform(cancelJob({ id: job.id }))
    await staged.stages.changed(job.id)
    await running
    expect(wanted.aborted).toBe(true)
    expect((await staged.updates(job)).map(({ status }) => status)).toEqual(['QUEUED', 'RUNNING', 'CANCELLED'])
    expect(staged.database.queues.size('stages')).toBe(0)
    expect(await staged.standing(ada)).toEqual({ messages: 0, stars: 0, said: ['USER UNANSWERED'] })
    expect(staged.faults).toEqual([])
  })

  test('stores nothing although nobody has told whoever works on it', async () => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    const { job } = await staged.send(ada)
    const { asked, release } = holdBack(staged)
    const running = staged.runNext()
    await asked
    await staged.session({ role: 'user', id: ada }).perform(cancelJob({ id: job.id }))
    release()
    await running
    expect(await staged.job(job)).toMatchObject({ status: 'CANCELLED', practised: null })
    expect(await staged.standing(ada)).toEqual({ messages: 0, stars: 0, said: ['USER UNANSWERED'] })
    expect(staged.database.queues.size('stages')).toBe(0)
  })

  test('is not begun any more', async () => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    const { job } = await staged.send(ada)
    await staged.session({ role: 'user', id: ada }).perform(cancelJob({ id: job.id }))
    await staged.runNext()
    expect((await staged.updates(job)).map(({ status }) => status)).toEqual(['QUEUED', 'CANCELLED'])
    expect(staged.tutor.asked).toEqual([])
    expect(staged.database.queues.size('stages')).toBe(0)
  })
})

describe('an attempt that was overtaken', () => {
  test.each(['before', 'after'])('stores nothing when it ends %s the newer one', async (when) => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    const { job } = await staged.send(ada)
    const { asked, release } = holdBack(staged)
    const first = await staged.take()
    const running = staged.stages.run(first, new AbortController().signal)
    await asked
    staged.lose(first)
    const second = await staged.take()
    if (when === 'before') {
      release()
      await running
      expect((await staged.updates(job)).map(({ status }) => status)).toEqual(['QUEUED', 'RUNNING'])
      expect(await staged.standing(ada)).toMatchObject({ messages: 0, said: ['USER UNANSWERED'] })
    }
    const newer = staged.stages.run(second, new AbortController().signal)
    release()
    await Promise.all([running, newer])
    const updates = await staged.updates(job)
    expect(updates.map(({ status, attempts }) => [status, attempts])).toEqual([
      ['QUEUED', 0],
      ['RUNNING', 1],
      ['RUNNING', 2],
      ['SUCCEEDED', 0],
    ])
    expect(await staged.standing(ada)).toMatchObject({ messages: 1, said: ['ASSISTANT', 'USER'] })
    expect(staged.database.queues.size('stages')).toBe(0)
    expect(staged.faults).toEqual([])
  })

  test('writes no failure down either', async () => {
    await using staged = await openStaged()
    const { job } = await staged.send(await staged.newLearner())
    const first = await staged.take()
    staged.tutor.answerBy(async () => {
      staged.lose(first)
      throw busy()
    })
    await staged.stages.run(first, new AbortController().signal)
    expect((await staged.updates(job)).map(({ status }) => status)).toEqual(['QUEUED', 'RUNNING'])
    expect(await staged.take()).toEqual({ ...first, retryCount: 1 })
  })

  test('ends without a word when it is told so', async () => {
    await using staged = await openStaged()
    const { job } = await staged.send(await staged.newLearner())
    const { asked } = holdBack(staged)
    const first = await staged.take()
    const holder = new AbortController()
    const running = staged.stages.run(first, holder.signal)
    await asked
    staged.lose(first)
    holder.abort(new Lost())
    await running
    expect((await staged.updates(job)).map(({ status }) => status)).toEqual(['QUEUED', 'RUNNING'])
    expect(staged.database.queues.size('stages')).toBe(1)
    expect(staged.faults).toEqual([])
  })
})

describe('a process that ends', () => {
  test('gives back what it has begun, for whoever takes it next', async () => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    const { job } = await staged.send(ada)
    const { asked } = holdBack(staged)
    const holder = new AbortController()
    const running = staged.runNext(holder.signal)
    await asked
    holder.abort(new Closing())
    await running
    expect(await staged.job(job)).toMatchObject({ status: 'QUEUED', attempts: 1, failures: 0, error: null })
    staged.tutor.answerBy(async () => {})
    await staged.runNext()
    expect((await staged.updates(job)).map(({ status, attempts }) => [status, attempts])).toEqual([
      ['QUEUED', 0],
      ['RUNNING', 1],
      ['QUEUED', 1],
      ['RUNNING', 2],
      ['SUCCEEDED', 0],
    ])
    expect(await staged.standing(ada)).toMatchObject({ messages: 1, said: ['ASSISTANT', 'USER'] })
    expect(staged.faults).toEqual([])
  })

  test('may give a stage back as often as it likes: that is no failure, whatever the model makes of it', async () => {
    // As nobody else waits for its answers, its words come through.
    await using staged = await openStaged({ model: null })
    const { job } = await staged.send(await staged.newLearner())
    for (let times = 0; times <= FAILURES_MAX; times += 1) {
      const { asked } = holdBack(staged, busy())
      const holder = new AbortController()
      const running = staged.runNext(holder.signal)
      await asked
      holder.abort(new Closing())
      await running
    }
    staged.tutor.answerBy(async () => {})
    await staged.runNext()
    expect(await staged.job(job)).toMatchObject({ status: 'SUCCEEDED' })
  })
})

describe('a job that no worker survives', () => {
  async function dead(staged: Staged): Promise<void> {
    for (let losses = 0; losses <= 50; losses += 1) staged.lose(await staged.take())
  }

  test('has failed, and goes on when it is retried', async () => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    const { job } = await staged.send(ada)
    await dead(staged)
    await staged.stages.bury(await staged.take('lost-stages'), new AbortController().signal)
    const error = { code: 'WORKER_LOST', stage: 'REPLY', retryable: true }
    expect(await staged.job(job)).toMatchObject({ status: 'FAILED', stage: 'REPLY', error })
    expect(staged.database.queues.size('stages') + staged.database.queues.size('lost-stages')).toBe(0)

    const retried = await staged.session({ role: 'user', id: ada }).perform(retryJob({ id: job.id }, limits))
    expect(retried).toMatchObject({ status: 'QUEUED', attempts: 0, error: { code: 'WORKER_LOST' } })
    await staged.runNext()
    expect(await staged.job(job)).toMatchObject({ status: 'SUCCEEDED', error: null })
  })

  test('stays as it is where it is over', async () => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    const { job } = await staged.send(ada)
    await staged.session({ role: 'user', id: ada }).perform(cancelJob({ id: job.id }))
    await dead(staged)
    await staged.stages.bury(await staged.take('lost-stages'), new AbortController().signal)
    expect((await staged.updates(job)).map(({ status }) => status)).toEqual(['QUEUED', 'CANCELLED'])
    expect(staged.database.queues.size('lost-stages')).toBe(0)
  })
})

describe('a learner who is deleted', () => {
  const deletes = ({ database }: Staged, id: Awaited<ReturnType<Staged['newLearner']>>) =>
    database.unitOfWork.run(({ users }) => users.delete(id))

  test('takes along what waits', async () => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    await staged.send(ada)
    await deletes(staged, ada)
    await staged.runNext()
    expect(staged.tutor.asked).toEqual([])
    expect(staged.database.queues.size('stages')).toBe(0)
  })

  test.each(['and it is told', 'and it is not told'])('ends what is worked on, %s', async (told) => {
    await using staged = await openStaged()
    const ada = await staged.newLearner()
    const { job } = await staged.send(ada)
    const { asked, release } = holdBack(staged)
    const running = staged.runNext()
    await asked
    await deletes(staged, ada)
    if (told === 'and it is told') await staged.stages.changed(job.id)
    else release()
    await running
    expect(staged.database.queues.size('stages')).toBe(0)
    expect(await staged.updates(job)).toEqual([])
    expect(staged.faults).toEqual([])
  })
})
