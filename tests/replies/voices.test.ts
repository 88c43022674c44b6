import { createHash } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openLocalCache } from '../../src/cache/cache.ts'
import type { Memo, MemoQuestion } from '../../src/cache/memo.ts'
import { HonzikError } from '../../src/domain/error.ts'
import { userIdFromRow } from '../../src/domain/ids.ts'
import { defaultSettings } from '../../src/domain/settings.ts'
import type { Recording } from '../../src/domain/voice.ts'
import { speechPolicy, transcriptPolicyFor } from '../../src/loaders/policies.ts'
import { createBudget, type Payer } from '../../src/replies/budget.ts'
import type { Ledger } from '../../src/replies/ledger.ts'
import type { Line, VoicePreparation } from '../../src/replies/voice.ts'
import { createVoices, REMEMBERED_SPEECH_MAX, type Voices } from '../../src/replies/voices.ts'
import { createMemoryOutbox } from '../support/memory-outbox.ts'
import { HEARS, openMemoryVoice, soundOf } from '../support/memory-voice.ts'
import { NOW } from '../support/test-app.ts'

const recording = (sound = 'Ahoj'): Recording => {
  const audio = Buffer.from(sound)
  return { audio, format: 'OGG', durationMs: 1_000, digest: createHash('sha256').update(audio).digest('hex') }
}
const line = (changes: Partial<Line> = {}): Line => ({
  text: 'Jak se máš?',
  character: 'HONZIK',
  voiceSpeed: 'NORMAL',
  ...changes,
})
const payer = (id = 1): Payer => ({ learner: userIdFromRow(id), timezone: defaultSettings.timezone })
const TODAY = '2026-11-23'

/** Voices over a memo that remembers, and a ledger that counts. */
function open({ dailyLimit = null }: { readonly dailyLimit?: number | null } = {}) {
  const did: string[] = []
  const asked: Pick<MemoQuestion<unknown>, 'tag' | 'fingerprint' | 'mode' | 'personal' | 'asker'>[] = []
  const saved: unknown[] = []
  const lost: unknown[] = []
  let calls = 0
  const ledger: Ledger = {
    async reserve({ userId }, limit) {
      if (userId === 404) return 'NO_SUCH_LEARNER'
      if (limit !== null && calls >= limit) return 'SPENT'
      calls += 1
      did.push('reserve')
      return 'COUNTED'
    },
    async release() {
      calls -= 1
      did.push('release')
    },
    settle: async ({ userId, model, usd, date }) => void did.push(`settle ${userId} ${model} ${usd} ${date}`),
    save: async () => {},
  }
  const cache = openLocalCache({
    outbox: createMemoryOutbox(),
    namespace: 'test',
    origin: 'db',
    report: () => {},
    l1MaxBytes: 8_000_000,
    longestTtlMs: 60_000,
    consistency: 'bounded',
    now: () => NOW.epochMilliseconds,
  })
  onTestFinished(() => cache[Symbol.asyncDispose]())
  const watched = <Value>(memo: Memo<Value>): Pick<Memo<Value>, 'ask'> => ({
    ask(question) {
      const { tag, fingerprint, mode, personal, asker } = question
      asked.push({ tag, fingerprint, mode, personal, asker })
      return memo.ask(question)
    },
  })
  const voice = openMemoryVoice()
  const voices = createVoices({
    voice,
    heard: watched(cache.memo(transcriptPolicyFor(60))),
    spoken: watched(cache.memo(speechPolicy)),
    budget: createBudget({ ledger, clock: () => NOW, dailyLimit, lost: (error) => lost.push(error) }),
    savings: { add: (day, usd) => saved.push({ ...day, usd }) },
    clock: () => NOW,
  })
  return { voice, voices, cache, ledger, did, asked, saved, lost }
}

const NEVER = new AbortController().signal

type Asked = Parameters<VoicePreparation<unknown>['ask']>[0]

interface Way {
  readonly name: string
  readonly model: string
  readonly tag: RegExp
  ask(voices: Voices, payer: Payer, signal?: AbortSignal): Promise<unknown>
  by(opened: ReturnType<typeof open>, how: (call: Asked) => Promise<void>): void
  asked(opened: ReturnType<typeof open>): number
}

const WAYS: readonly Way[] = [
  {
    name: 'a recording that is heard',
    model: 'a-hearing-model',
    tag: /^transcript:[0-9a-f]{64}$/,
    ask: (voices, who, signal = NEVER) => voices.transcribe(recording(), who, signal),
    by: ({ voice }, how) => voice.hearBy((_, call) => how(call)),
    asked: ({ voice }) => voice.heard.length,
  },
  {
    name: 'a text that is spoken',
    model: 'a-speaking-model',
    tag: /^speech:[0-9a-f]{64}$/,
    ask: (voices, who, signal = NEVER) => voices.speak(line(), who, signal),
    by: ({ voice }, how) => voice.speakBy((_, call) => how(call)),
    asked: ({ voice }) => voice.spoken.length,
  },
]

describe.each(WAYS)('$name', (way) => {
  test('is asked for once by all who want it meanwhile and afterwards, at the cost of the first', async () => {
    const opened = open()
    const { promise, resolve } = Promise.withResolvers<void>()
    way.by(opened, () => promise)
    const together = [1, 2, 3].map((id) => way.ask(opened.voices, payer(id)))
    await expect.poll(() => way.asked(opened)).toBe(1)
    resolve()
    const answers = await Promise.all([...together, way.ask(opened.voices, payer(4))])
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(way.asked(opened)).toBe(1)
    expect(opened.did).toEqual(['reserve', `settle 1 ${way.model} 0.002 ${TODAY}`])
    expect(opened.saved).toEqual([2, 3, 4].map((userId) => ({ userId, date: TODAY, usd: 0.002 })))
  })

  test('stands under a tag of its own as what is somebody’s alone, and nobody notes who asked', async () => {
    const opened = open()
    await way.ask(opened.voices, payer())
    expect(opened.asked).toEqual([
      {
        tag: expect.stringMatching(way.tag),
        fingerprint: opened.asked[0]?.tag.replace(/^.*:/, ''),
        mode: 'USE',
        personal: true,
        asker: null,
      },
    ])
  })

  test('is asked for again when it was forgotten', async () => {
    const opened = open()
    await way.ask(opened.voices, payer())
    await opened.cache.confirm([{ id: 1, tag: opened.asked[0]?.tag ?? '' }])
    await way.ask(opened.voices, payer())
    expect(way.asked(opened)).toBe(2)
  })

  test('is refused to a learner who has had enough for today, unless it is remembered', async () => {
    const opened = open({ dailyLimit: 1 })
    await way.ask(opened.voices, payer())
    await way.ask(opened.voices, payer())
    await opened.cache.confirm([{ id: 1, tag: opened.asked[0]?.tag ?? '' }])
    await expect(way.ask(opened.voices, payer())).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: 'The tutor has answered 1 times today; it will again from 2026-11-24T00:00+01:00.',
      retryAfterSeconds: 52_200,
    })
    expect(way.asked(opened)).toBe(1)
  })

  test('is refused to whoever is no learner any more', async () => {
    const opened = open()
    await expect(way.ask(opened.voices, payer(404))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(way.asked(opened)).toBe(0)
  })

  test('that fails is not remembered, and fails for all who wait; a call that costs nothing is taken back', async () => {
    const opened = open()
    const { promise, reject } = Promise.withResolvers<void>()
    way.by(opened, () => promise)
    const together = [1, 2].map((id) => way.ask(opened.voices, payer(id)).catch((error: unknown) => error))
    await expect.poll(() => way.asked(opened)).toBe(1)
    const trouble = new HonzikError('UPSTREAM_UNAVAILABLE', 'The model is gone.', { retryAfterSeconds: 7 })
    reject(trouble)
    expect(await Promise.all(together)).toEqual([trouble, trouble])
    expect(opened.did).toEqual(['reserve', 'release'])
    way.by(opened, async () => {})
    await way.ask(opened.voices, payer())
    expect(way.asked(opened)).toBe(2)
    expect(opened.saved).toEqual([])
  })

  test('that fails and has to be paid all the same is not taken back', async () => {
    const opened = open()
    way.by(opened, async ({ onSpent }) => {
      onSpent?.({ model: way.model, tokens: null, usd: 0.002 })
      throw new HonzikError('UPSTREAM_UNAVAILABLE', 'The answer broke off.')
    })
    await expect(way.ask(opened.voices, payer())).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    expect(opened.did).toEqual(['reserve', `settle 1 ${way.model} 0.002 ${TODAY}`])
  })

  test('is not asked for any longer when all have left, who hear their own reason', async () => {
    const opened = open()
    let wanted: AbortSignal | undefined
    way.by(opened, ({ signal }) => {
      wanted = signal
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    })
    const callers = [new AbortController(), new AbortController()]
    const asked = callers.map(({ signal }, id) => way.ask(opened.voices, payer(id + 1), signal).catch((error) => error))
    await expect.poll(() => way.asked(opened)).toBe(1)
    callers[0]?.abort(new Error('the first has left'))
    expect(await asked[0]).toEqual(new Error('the first has left'))
    expect(wanted?.aborted).toBe(false)
    callers[1]?.abort(new Error('all have left'))
    expect(await asked[1]).toEqual(new Error('all have left'))
    expect(wanted?.aborted).toBe(true)
    await expect.poll(() => opened.did).toEqual(['reserve', 'release'])
  })

  test('is answered although its price could not be written down', async () => {
    const opened = open()
    opened.ledger.settle = () => Promise.reject(new Error('no database'))
    await expect(way.ask(opened.voices, payer())).resolves.toBeDefined()
    expect(opened.lost).toEqual([new Error('no database')])
  })
})

test('a transcript is named by what it is remembered under', async () => {
  const { voices, asked } = open()
  const { text, key } = await voices.transcribe(recording(), payer(), NEVER)
  expect([text, `transcript:${key}`]).toEqual([HEARS, asked[0]?.tag])
})

test('other recordings, texts, voices and speeds are other things', async () => {
  const { voices, voice } = open()
  for (const sound of ['a', 'b']) await voices.transcribe(recording(sound), payer(), NEVER)
  const lines = [line(), line({ text: 'Ne.' }), line({ character: 'NOVAKOVA' }), line({ voiceSpeed: 'SLOW' })]
  for (const each of [...lines, ...lines]) await voices.speak(each, payer(), NEVER)
  expect([voice.heard.length, voice.spoken]).toEqual([2, lines])
})

describe('a speech', () => {
  test('is what the model said, byte for byte, also when it is remembered', async () => {
    const { voices, asked } = open()
    for (let time = 0; time < 2; time += 1) {
      const { audio, format, fingerprint } = await voices.speak(line(), payer(), NEVER)
      expect(audio.equals(soundOf(line()))).toBe(true)
      expect([format, `speech:${fingerprint}`]).toEqual(['MP3', asked[0]?.tag])
    }
  })

  test('of a long text is not remembered, and has no name to be forgotten by', async () => {
    const { voices, voice, asked, saved, did } = open()
    const short = line({ text: 'a'.repeat(REMEMBERED_SPEECH_MAX) })
    const long = line({ text: `${short.text}b` })
    expect((await voices.speak(short, payer(), NEVER)).fingerprint).not.toBeNull()
    for (let time = 0; time < 2; time += 1) expect((await voices.speak(long, payer(), NEVER)).fingerprint).toBeNull()
    expect(voice.spoken).toEqual([short, long, long])
    expect(asked.map(({ mode }) => mode)).toEqual(['USE', 'BYPASS', 'BYPASS'])
    expect(did.filter((each) => each === 'reserve')).toHaveLength(3)
    expect(saved).toEqual([])
  })
})
