import { describe, expect, onTestFinished, test } from 'vitest'
import { HonzikError } from '../../src/domain/error.ts'
import { userIdFromRow } from '../../src/domain/ids.ts'
import { wav } from '../support/audio/wav.ts'
import { eventually } from '../support/eventually.ts'
import { at } from '../support/test-app.ts'
import type { Learner } from '../support/tutored.ts'
import { startVoiced, type Voiced, type VoicedOptions } from '../support/voiced.ts'

async function start(options: VoicedOptions = {}): Promise<Voiced> {
  const app = await startVoiced(options)
  onTestFinished(() => app[Symbol.asyncDispose]())
  return app
}

const counts = ({ voice, tutor }: Voiced) => [voice.heard.length, tutor.asked.length, voice.spoken.length]
const retry = (learner: Learner, id: string) =>
  learner.ask('mutation ($id: ID!) { retryJob(input: { id: $id }) { status } }', { id })
const removed = async (learner: Learner) => {
  const answer = await learner.ask(`mutation { deleteUser(input: { id: ${learner.id} }) { deletedId } }`)
  expect(answer.errors).toBeUndefined()
}
const idle = ({ database }: Voiced) => eventually(() => expect(database.queues.size('stages')).toBe(0))
const usageOf = async (app: Voiced, { id }: Learner, selection: string) =>
  at(await app.asStaff(`{ user(id: ${id}) { tutorUsage { ${selection} } } }`), 'data', 'user', 'tutorUsage')
const whole = async (app: Voiced, learner: Learner, audio?: Uint8Array) =>
  app.ended(learner, await app.said(learner, audio))
const refusalIn = async (sent: ReturnType<Voiced['say']>) => (await sent).errors?.[0]?.extensions

/** Two learners who want the same in the same way. */
async function two(app: Voiced) {
  return [await app.learner(), await app.learner()] as const
}

describe('what was asked of models for one learner', () => {
  test('is not asked again for another, who has it all the same', async () => {
    const app = await start()
    const [ada, bob] = await two(app)
    const first = await whole(app, ada)
    const second = await whole(app, bob)
    expect(counts(app)).toEqual([1, 1, 1])
    expect(second.userMessage?.text).toBe(first.userMessage?.text)
    expect(second.speech?.bytes).toBe(first.speech?.bytes)
    await eventually(async () => expect(await usageOf(app, bob, 'calls recalled')).toEqual({ calls: 0, recalled: 3 }))
    expect(await usageOf(app, bob, 'usdSpent usdSaved')).toEqual({ usdSpent: 0, usdSaved: 0.005 })
    expect(await usageOf(app, ada, 'calls recalled usdSpent')).toEqual({ calls: 3, recalled: 0, usdSpent: 0.005 })
  })

  test('is asked once for all who want it at the same moment', async () => {
    const app = await start()
    const learners = await Promise.all(Array.from({ length: 6 }, () => app.learner()))
    const { promise, resolve } = Promise.withResolvers<void>()
    app.voice.hearBy(() => promise)
    const ids = await Promise.all(learners.map((learner) => app.said(learner)))
    await eventually(() => expect(app.voice.heard).toHaveLength(1))
    resolve()
    for (const [n, learner] of learners.entries()) await app.ended(learner, ids[n] ?? '')
    expect(counts(app)).toEqual([1, 1, 1])
  })

  test('is asked for other recordings, and another voice or speed', async () => {
    const app = await start()
    const [ada, bob] = await two(app)
    await whole(app, ada)
    await whole(app, bob, wav(1, 8))
    expect(counts(app)).toEqual([2, 1, 1])
    await bob.ask(`mutation { updateUserSettings(input: { userId: ${bob.id}, voiceSpeed: SLOW }) { user { id } } }`)
    const eva = await app.learner()
    await eva.ask(`mutation { updateUserSettings(input: { userId: ${eva.id}, voiceSpeed: SLOW }) { user { id } } }`)
    await whole(app, eva)
    expect(counts(app)).toEqual([2, 1, 2])
  })

  test('is asked again once the learner it was asked for is deleted', async () => {
    const app = await start()
    const [ada, bob] = await two(app)
    await whole(app, ada)
    await removed(ada)
    await whole(app, bob)
    expect([app.voice.heard.length, app.voice.spoken.length]).toEqual([2, 2])
  })
})

describe('a learner who is deleted', () => {
  /** Deletes a learner whose recording is worked on just then; what was asked of the model is answered after that. */
  async function deletedDuring(stage: 'TRANSCRIBE' | 'SPEAK') {
    const app = await start()
    const [ada, bob] = await two(app)
    const { promise, resolve } = Promise.withResolvers<void>()
    const asked = stage === 'TRANSCRIBE' ? app.voice.heard : app.voice.spoken
    if (stage === 'TRANSCRIBE') app.voice.hearBy(() => promise)
    else app.voice.speakBy(() => promise)
    await app.said(ada)
    await eventually(() => expect(asked).toHaveLength(1))
    await removed(ada)
    resolve()
    await idle(app)
    return { app, bob, asked }
  }

  test.each(['TRANSCRIBE', 'SPEAK'] as const)('during %s leaves nothing behind, not even in caches', async (stage) => {
    const { app, bob, asked } = await deletedDuring(stage)
    const { result } = await app.database.unitOfWork.run(({ jobs }) => jobs.backlog(userIdFromRow(bob.id)))
    expect(result).toEqual({ jobs: 0, own: 0, since: null })
    expect(app.lines.filter(({ msg }) => msg === 'fault' || msg === 'work')).toEqual([])
    await whole(app, bob)
    expect(asked).toHaveLength(2)
  })

  test('takes along what waits to be transcribed', async () => {
    const app = await start({ config: { workers: 0 } })
    const [ada] = await two(app)
    const id = await app.said(ada)
    await removed(ada)
    const answer = await app.asStaff(`{ job(id: "${id}") { id } }`)
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'NOT_FOUND' })
  })
})

describe('a learner’s day', () => {
  test.each([
    ['TRANSCRIBE', 0, null],
    ['REPLY', 1, null],
    ['SPEAK', 2, expect.anything()],
  ] as const)('may end before %s, which is then done on the next one', async (stage, calls, result) => {
    // 0 would be no limit.
    const app = await start({ openai: { dailyLimit: Math.max(1, calls) } })
    const ada = await app.learner()
    if (calls === 0) await ada.ask('{ honzikReply(input: { text: "Ahoj!" }) { reply } }')
    const id = await app.said(ada)
    expect(await app.ended(ada, id, 'FAILED')).toMatchObject({
      stage,
      error: { code: 'RATE_LIMITED', stage, retryable: true, retryAfterSeconds: 52_200 },
      result,
      speech: null,
    })
    // One call a day is a stage a day.
    for (let status = 'FAILED', days = 0; status === 'FAILED'; days += 1) {
      expect(days).toBeLessThan(3)
      app.pass({ hours: 24 })
      const token = await app.tokenOf('user', ada.id)
      const later: Learner = { ...ada, token, ask: (query, variables) => app.ask(query, variables, token) }
      await retry(later, id)
      await eventually(async () => {
        const job = await app.job(later, id)
        expect(['FAILED', 'SUCCEEDED']).toContain(job.status)
        status = job.status
      })
    }
    expect(counts(app)).toEqual([1, 1 + Number(calls === 0), 1])
  })

  test('has three calls less after a recording, and none after what came to nothing', async () => {
    const app = await start({ openai: { dailyLimit: 3 } })
    const ada = await app.learner()
    app.voice.hearBy(() =>
      Promise.reject(new HonzikError('UPSTREAM_UNAVAILABLE', 'Gone.', { retryAfterSeconds: 3_600 })),
    )
    const id = await app.said(ada)
    await app.ended(ada, id, 'FAILED')
    expect(await usageOf(app, ada, 'calls')).toEqual({ calls: 0 })
    app.voice.hearBy(async () => {})
    await retry(ada, id)
    await app.ended(ada, id)
    expect(await usageOf(app, ada, 'calls callsLimit')).toEqual({ calls: 3, callsLimit: 3 })
  })
})

describe('too much at once', () => {
  test('is refused with a time when one learner has 20 recordings waiting', async () => {
    const app = await start({ config: { workers: 0 } })
    const [ada, bob] = await two(app)
    for (let n = 0; n < 20; n += 1) await app.said(ada, wav(1, n))
    expect(await refusalIn(app.say(ada))).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: 1 })
    await app.said(bob)
  })

  test('is refused with a time when all have as many waiting as there may be', async () => {
    const app = await start({ config: { workers: 0, jobsMax: 1 } })
    const [ada, bob] = await two(app)
    await app.said(ada)
    app.pass({ seconds: 30 })
    expect(await refusalIn(app.say(bob))).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: 30 })
  })
})

describe('a recording that is sent again', () => {
  test('under the same key is the same job, before and after it is done, also without room', async () => {
    const app = await start({ config: { workers: 0, jobsMax: 1 } })
    const ada = await app.learner()
    const id = await app.said(ada, wav(1), { idempotencyKey: 'k' })
    expect(await app.said(ada, wav(1), { idempotencyKey: 'k' })).toBe(id)
    const working = await start({ database: app.database })
    await app.ended(ada, id)
    expect(await app.said(ada, wav(1), { idempotencyKey: 'k' })).toBe(id)
    expect(working.voice.heard).toHaveLength(1)
  })

  test('is another act for another learner, and for another key or none', async () => {
    const app = await start({ config: { workers: 0 } })
    const [ada, bob] = await two(app)
    const jobs = [
      await app.said(ada, wav(1), { idempotencyKey: 'k' }),
      await app.said(bob, wav(1), { idempotencyKey: 'k' }),
      await app.said(ada, wav(1), { idempotencyKey: 'l' }),
      await app.said(ada, wav(1)),
      await app.said(ada, wav(1)),
    ]
    expect(new Set(jobs).size).toBe(jobs.length)
  })

  test('is a conflict under a key that was for something else', async () => {
    const app = await start({ config: { workers: 0 } })
    const ada = await app.learner()
    const conflict = { code: 'CONFLICT', field: 'idempotencyKey' }
    await app.said(ada, wav(1), { idempotencyKey: 'k' })
    expect(await refusalIn(app.say(ada, wav(1, 8), { idempotencyKey: 'k' }))).toEqual(conflict)
    await ada.ask('mutation { sendMessage(input: { text: "Ahoj!", idempotencyKey: "t" }) { starsEarned } }')
    expect(await refusalIn(app.say(ada, wav(1), { idempotencyKey: 't' }))).toEqual(conflict)
    const sent = await ada.ask(
      'mutation { sendMessage(input: { text: "Ahoj!", idempotencyKey: "k" }) { starsEarned } }',
    )
    expect(sent.errors?.[0]?.extensions).toEqual(conflict)
  })
})

test('staff may say something for a learner, and a learner for nobody else', async () => {
  const app = await start()
  const [ada, bob] = await two(app)
  const token = await app.tokenOf('staff', 999_999)
  const staff: Learner = { id: 999_999, token, ask: (query, variables) => app.ask(query, variables, token) }
  const id = await app.said(staff, wav(1), { userId: String(ada.id) })
  expect((await app.ended(ada, id)).result).not.toBeNull()
  expect(await usageOf(app, ada, 'calls')).toEqual({ calls: 3 })
  expect(await refusalIn(app.say(bob, wav(1), { userId: String(ada.id) }))).toEqual({ code: 'NOT_FOUND' })
  expect(await refusalIn(app.say(staff, wav(1)))).toEqual({ code: 'NOT_FOUND' })
})
