import { describe, expect, onTestFinished, test } from 'vitest'
import { HonzikError } from '../../src/domain/error.ts'
import { type JobId, parseJobId } from '../../src/domain/ids.ts'
import { wav } from '../support/audio/wav.ts'
import { eventually } from '../support/eventually.ts'
import { openMemoryDatabase } from '../support/memory-database.ts'
import { HEARS } from '../support/memory-voice.ts'
import { at } from '../support/test-app.ts'
import type { Learner } from '../support/tutored.ts'
import { startVoiced, type Voiced, type VoicedOptions } from '../support/voiced.ts'

async function start(options: VoicedOptions = {}): Promise<Voiced> {
  const app = await startVoiced(options)
  onTestFinished(() => app[Symbol.asyncDispose]())
  return app
}

/** A promise that a test keeps. */
function held() {
  const { promise, resolve: release } = Promise.withResolvers<void>()
  return { wait: () => promise, release }
}

/** Fails in a way that is not repeated before somebody asks for it. */
const broken = () =>
  Promise.reject(new HonzikError('UPSTREAM_UNAVAILABLE', 'The model is gone.', { retryAfterSeconds: 3_600 }))
const mended = async () => {}

const retry = (learner: Learner, id: string) =>
  learner.ask('mutation ($id: ID!) { retryJob(input: { id: $id }) { status } }', { id })
const messagesOf = async ({ ask }: Learner) =>
  at(await ask('{ me { messages { edges { node { role text createdAt } } } } }'), 'data', 'me', 'messages', 'edges')
const recordingOf = async ({ database }: Voiced, id: string) => {
  const job = parseJobId(id)
  return job && database.readers.recording(job)
}
const idle = ({ database }: Voiced) => eventually(() => expect(database.queues.size('stages')).toBe(0))

test('what may be remembered of a learner is named before anybody is asked', async () => {
  const app = await start()
  const ada = await app.learner()
  const sent = Promise.withResolvers<JobId | null>()
  const keys: unknown[] = []
  const look = async (name: 'transcriptKey' | 'speechKey') => {
    const id = await sent.promise
    keys.push(id && (await app.database.readers.jobs([id])).get(id)?.[name])
  }
  app.voice.hearBy(() => look('transcriptKey'))
  app.voice.speakBy(() => look('speechKey'))
  const id = await app.said(ada)
  sent.resolve(parseJobId(id))
  await app.ended(ada, id)
  expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)])
})

describe('a recording', () => {
  test('is written down, answered and spoken to', async () => {
    const app = await start()
    const ada = await app.learner()
    const audio = wav(2)
    expect(await app.ended(ada, await app.said(ada, audio))).toMatchObject({
      status: 'SUCCEEDED',
      stage: null,
      progress: 100,
      error: null,
      userMessage: { id: '1', text: HEARS, answered: true },
      result: { starsEarned: 1, assistantMessage: { id: '2', text: `Slyším tě: ${HEARS} A co dál?` } },
      speech: { contentType: 'audio/mpeg', bytes: 298 },
    })
    expect(app.voice.heard).toHaveLength(1)
    expect(app.voice.heard[0]).toMatchObject({ format: 'WAV', durationMs: 2_000, audio })
    expect(app.voice.spoken).toEqual([
      { text: `Slyším tě: ${HEARS} A co dál?`, character: 'HONZIK', voiceSpeed: 'NORMAL' },
    ])
  })

  test('is spoken to as the learner wants it by then', async () => {
    const app = await start()
    const ada = await app.learner()
    const hearing = held()
    app.voice.hearBy(hearing.wait)
    const id = await app.said(ada)
    const settings = { userId: ada.id, character: 'NOVAKOVA', voiceSpeed: 'VERY_SLOW' }
    await ada.ask('mutation ($input: UpdateUserSettingsInput!) { updateUserSettings(input: $input) { user { id } } }', {
      input: settings,
    })
    hearing.release()
    await app.ended(ada, id)
    expect(app.voice.spoken).toMatchObject([{ character: 'NOVAKOVA', voiceSpeed: 'VERY_SLOW' }])
  })

  test('is a message of the moment at which it came, and practice of that day', async () => {
    const app = await start()
    const ada = await app.learner()
    const hearing = held()
    app.voice.hearBy(hearing.wait)
    const id = await app.said(ada)
    app.pass({ hours: 20 })
    hearing.release()
    await app.ended(ada, id)
    expect(await messagesOf(ada)).toMatchObject([
      { node: { role: 'ASSISTANT', createdAt: '2026-11-24T04:30:00.000Z' } },
      { node: { role: 'USER', createdAt: '2026-11-23T08:30:00.000Z' } },
    ])
    const days = at(await ada.ask('{ me { dailyStats(date: "2026-11-23") { messagesCount } } }'), 'data', 'me')
    expect(days).toEqual({ dailyStats: { messagesCount: 1 } })
  })

  test('is kept until it is written down, and no longer', async () => {
    const app = await start()
    const ada = await app.learner()
    const [hearing, speaking] = [held(), held()]
    app.voice.hearBy(hearing.wait)
    app.voice.speakBy(speaking.wait)
    const audio = wav(1)
    const id = await app.said(ada, audio)
    expect((await recordingOf(app, id))?.audio.equals(audio)).toBe(true)
    hearing.release()
    await eventually(async () => expect((await app.job(ada, id)).stage).toBe('SPEAK'))
    expect(await recordingOf(app, id)).toBeNull()
    speaking.release()
    await app.ended(ada, id)
  })

  test('can be read in words before it is answered, and the answer before it is spoken', async () => {
    const app = await start()
    const ada = await app.learner()
    const [answering, speaking] = [held(), held()]
    app.tutor.answerBy(answering.wait)
    app.voice.speakBy(speaking.wait)
    const id = await app.said(ada)
    await eventually(async () =>
      expect(await app.job(ada, id)).toMatchObject({ stage: 'REPLY', userMessage: { text: HEARS, answered: false } }),
    )
    answering.release()
    await eventually(async () =>
      expect(await app.job(ada, id)).toMatchObject({
        stage: 'SPEAK',
        userMessage: { answered: true },
        result: { assistantMessage: { text: `Slyším tě: ${HEARS} A co dál?`, speech: null } },
        speech: null,
      }),
    )
    speaking.release()
    expect((await app.ended(ada, id)).speech).toMatchObject({ bytes: 298 })
  })
})

describe('what is heard', () => {
  test.each(['', '  \n\t ', '\u00a0'])('is no speech when there is nothing in it: %j', async (hears) => {
    const app = await start()
    const ada = await app.learner()
    app.voice.hears = hears
    const id = await app.said(ada)
    expect(await app.ended(ada, id, 'FAILED')).toMatchObject({
      stage: 'TRANSCRIBE',
      error: { code: 'NO_SPEECH', stage: 'TRANSCRIBE', retryable: false },
      userMessage: null,
      result: null,
      speech: null,
    })
    expect(await messagesOf(ada)).toEqual([])
    expect(await recordingOf(app, id)).toBeNull()
    expect((await retry(ada, id)).errors?.[0]?.extensions).toEqual({ code: 'CONFLICT', field: 'id' })
  })

  test.each([
    ['with its spaces in order', ' Ahoj,\n  jak\tse máš? ', 'Ahoj, jak se máš?'],
    ['up to what a message may have', `${'a'.repeat(1_999)}🎓${'b'.repeat(100)}`, `${'a'.repeat(1_999)}🎓`],
    ['without halves of characters', 'Ahoj \ud83d!', 'Ahoj \ufffd!'],
  ])('becomes a message %s', async (_, hears, text) => {
    const app = await start()
    const ada = await app.learner()
    app.voice.hears = hears
    expect((await app.ended(ada, await app.said(ada))).userMessage?.text).toBe(text)
  })
})

describe('without models that hear and speak', () => {
  /** The same learner, in front of another server over the same database. */
  const behind = (app: Voiced, { id, token }: Learner): Learner => ({
    id,
    token,
    ask: (query, variables) => app.ask(query, variables, token),
  })

  test('a recording waits for them: its job says so, and goes on where they are', async () => {
    const database = openMemoryDatabase()
    const deaf = await startVoiced({ database, voice: null })
    const ada = await deaf.learner()
    const id = await deaf.said(ada)
    expect(await deaf.ended(ada, id, 'FAILED')).toMatchObject({
      stage: 'TRANSCRIBE',
      error: { code: 'STT_UNAVAILABLE', retryable: true, retryAfterSeconds: null },
      userMessage: null,
    })
    expect(await recordingOf(deaf, id)).not.toBeNull()
    await deaf[Symbol.asyncDispose]()

    const app = await start({ database })
    const there = behind(app, ada)
    expect((await retry(there, id)).errors).toBeUndefined()
    expect(await app.ended(there, id)).toMatchObject({
      error: null,
      userMessage: { text: HEARS },
      speech: { bytes: 298 },
    })
  })

  test('a job that has got to its last stage ends without it', async () => {
    const database = openMemoryDatabase()
    const speaking = await startVoiced({ database })
    const ada = await speaking.learner()
    speaking.voice.speakBy(broken)
    const id = await speaking.said(ada)
    await speaking.ended(ada, id, 'FAILED')
    await speaking[Symbol.asyncDispose]()

    const app = await start({ database, voice: null })
    const there = behind(app, ada)
    expect((await retry(there, id)).errors).toBeUndefined()
    expect(await app.ended(there, id)).toMatchObject({ stage: null, result: { starsEarned: 1 }, speech: null })
  })

  test('a job that is answered where nobody can speak ends there', async () => {
    const database = openMemoryDatabase()
    const speaking = await startVoiced({ database })
    const ada = await speaking.learner()
    speaking.tutor.answerBy(broken)
    const id = await speaking.said(ada)
    await speaking.ended(ada, id, 'FAILED')
    await speaking[Symbol.asyncDispose]()

    const app = await start({ database, voice: null })
    const there = behind(app, ada)
    await retry(there, id)
    expect(await app.ended(there, id)).toMatchObject({ result: { starsEarned: 1 }, speech: null })
    const jobId = parseJobId(id)
    const [updates] = jobId ? await database.readers.jobUpdates([{ jobId, after: null }]) : []
    expect(updates?.map(({ stage }) => stage)).not.toContain('SPEAK')
  })

  test('what is written is answered, and not spoken', async () => {
    const app = await start({ voice: null })
    const ada = await app.learner()
    const sent = await ada.ask('mutation { sendMessage(input: { text: "Ahoj!", mode: ASYNC }) { job { id } } }')
    const id = String(at(sent, 'data', 'sendMessage', 'job', 'id'))
    expect(await app.ended(ada, id)).toMatchObject({ result: { starsEarned: 2 }, speech: null })
  })
})

describe('a model that fails for good', () => {
  test('at hearing leaves the recording to be tried again', async () => {
    const app = await start()
    const ada = await app.learner()
    app.voice.hearBy(broken)
    const id = await app.said(ada)
    expect(await app.ended(ada, id, 'FAILED')).toMatchObject({
      stage: 'TRANSCRIBE',
      attempts: 1,
      error: { code: 'UPSTREAM_UNAVAILABLE', retryable: true, retryAfterSeconds: 3_600 },
    })
    app.voice.hearBy(mended)
    await retry(ada, id)
    expect((await app.ended(ada, id)).userMessage?.text).toBe(HEARS)
    expect(app.voice.heard).toHaveLength(2)
  })

  test('at speaking leaves the answer there, which is spoken when it is tried again', async () => {
    const app = await start()
    const ada = await app.learner()
    app.voice.speakBy(broken)
    const id = await app.said(ada)
    expect(await app.ended(ada, id, 'FAILED')).toMatchObject({
      stage: 'SPEAK',
      error: { code: 'UPSTREAM_UNAVAILABLE', stage: 'SPEAK', retryable: true },
      result: { starsEarned: 1, assistantMessage: { speech: null } },
      speech: null,
    })
    app.voice.speakBy(mended)
    await retry(ada, id)
    expect(await app.ended(ada, id)).toMatchObject({ error: null, speech: { bytes: 298 } })
    expect([app.voice.heard.length, app.tutor.asked.length, app.voice.spoken.length]).toEqual([1, 1, 2])
    const stats = await ada.ask('{ me { dailyStats { messagesCount } stars { total } } }')
    expect(at(stats, 'data', 'me')).toEqual({ dailyStats: { messagesCount: 1 }, stars: { total: 1 } })
  })
})

test('a job that is given up ends what is asked for it, and keeps nothing', async () => {
  const app = await start()
  const ada = await app.learner()
  let left: AbortSignal | undefined
  app.voice.hearBy(async (_, { signal }) => {
    left = signal
    await new Promise((_, fail) => signal.addEventListener('abort', () => fail(signal.reason)))
  })
  const id = await app.said(ada)
  await eventually(() => expect(left).toBeDefined())
  await ada.ask('mutation ($id: ID!) { cancelJob(input: { id: $id }) { status } }', { id })
  await idle(app)
  expect(left?.aborted).toBe(true)
  expect(await app.job(ada, id)).toMatchObject({ status: 'CANCELLED', stage: 'TRANSCRIBE', userMessage: null })
  expect(await messagesOf(ada)).toEqual([])
  expect(await recordingOf(app, id)).toBeNull()
})
