import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { AUDIO_FORMATS, type AudioFormat } from '../../../src/domain/recording.ts'
import { CHARACTERS, VOICE_SPEEDS } from '../../../src/domain/settings.ts'
import type { Price } from '../../../src/domain/usage.ts'
import type { Spending } from '../../../src/replies/tutor.ts'
import { createTutorLog } from '../../../src/telemetry/tutor-log.ts'
import { speechAnswer } from '../../support/fake-openai/voice.ts'
import { AUDIO, EAR, lineOf, MOUTH, openVoiceWorld, recordingOf, WAYS } from './voice-world.ts'
import { first, rejection } from './world.ts'

describe('to have a recording written down', () => {
  const FILES: Record<AudioFormat, readonly [name: string, type: string]> = {
    OGG: ['speech.ogg', 'audio/ogg'],
    MP3: ['speech.mp3', 'audio/mpeg'],
    MP4: ['speech.m4a', 'audio/mp4'],
    WAV: ['speech.wav', 'audio/wav'],
    WEBM: ['speech.webm', 'audio/webm'],
  }

  test.each(AUDIO_FORMATS)('it is sent as it is, in %s, with the language that is spoken', async (format) => {
    await using world = await openVoiceWorld()
    expect(await world.hear({}, recordingOf({ format }))).toEqual({ text: world.fake.hears, usd: null })
    const asked = first(world.fake.heard)
    expect(asked.fields).toEqual({ model: EAR, language: 'cs', response_format: 'json' })
    expect([asked.fileName, asked.fileType]).toEqual(FILES[format])
    expect(asked.audio.equals(AUDIO)).toBe(true)
  })

  test('it is sent whole again when that has to be', async () => {
    await using world = await openVoiceWorld({ maxRetries: 1 })
    const audio = Buffer.alloc(5 * 1024 * 1024, AUDIO)
    world.fake.play({ kind: 'reset' }, 1)
    await world.hear({}, recordingOf({ audio }))
    expect(world.fake.heard.map((asked) => asked.audio.equals(audio))).toEqual([true, true])
  })

  test.each(['', 'Ahoj!', 'Žluťoučký kůň 🎓', ' \n '])('what is heard is taken as it is: %j', async (hears) => {
    await using world = await openVoiceWorld()
    world.fake.hears = hears
    expect((await world.hear()).text).toBe(hears)
  })
})

describe('to have a text spoken', () => {
  test('it is sent with voice, speed and form, and nothing else', async () => {
    await using world = await openVoiceWorld()
    const { audio, format, usd } = await world.speak()
    const { body } = first(world.fake.spoken)
    expect(body).toEqual({ model: MOUTH, voice: 'echo', input: 'Ahoj! Jak se máš?', speed: 1, response_format: 'mp3' })
    expect([format, usd]).toEqual(['MP3', null])
    expect(audio.equals(speechAnswer(body))).toBe(true)
  })

  test('each character has a voice, and each speed its factor', async () => {
    await using world = await openVoiceWorld()
    for (const character of CHARACTERS) await world.speak({}, lineOf({ character }))
    for (const voiceSpeed of VOICE_SPEEDS) await world.speak({}, lineOf({ voiceSpeed }))
    const sent = world.fake.spoken.map(({ body }) => body)
    expect(sent.slice(0, 2).map(({ voice }) => voice)).toEqual(['echo', 'shimmer'])
    expect(sent.slice(2).map(({ speed }) => speed)).toEqual([0.6, 0.8, 1, 1.2])
  })

  test.each(['audio/mpeg', 'audio/mp3; rate=24000', 'application/octet-stream'])('%s is heard', async (type) => {
    await using world = await openVoiceWorld()
    world.fake.play({ kind: 'sound', bytes: 1_000, type })
    expect((await world.speak()).audio).toHaveLength(1_000)
  })

  const said = async (text: string) => {
    await using world = await openVoiceWorld()
    await world.speak({}, lineOf({ text }))
    return first(world.fake.spoken).body.input
  }

  test('it is cut after a sentence where it is longer than may be spoken', async () => {
    const sentence = 'Dnes je hezky. '
    const most = sentence.repeat(4_096 / sentence.length).trimEnd()
    expect(await said(sentence.repeat(1_000))).toBe(most)
    for (const end of ['!', '?'])
      expect(await said(sentence.replace('.', end).repeat(1_000))).toBe(most.replaceAll('.', end))
    expect(await said(`${'a'.repeat(4_095)}.`)).toHaveLength(4_096)
  })

  test('it is cut anywhere where no sentence ends, but within no character', async () => {
    expect(await said('a'.repeat(5_000))).toBe('a'.repeat(4_096))
    expect(await said(`a${'🎓'.repeat(3_000)}`)).toBe(`a${'🎓'.repeat(2_047)}`)
    expect(await said('Ahoj \ud83d!')).toBe('Ahoj \ufffd!')
  })
})

describe.each(WAYS)('a request for $name', (way) => {
  test('has nothing but what is needed, whatever stands in the environment', async () => {
    const names = ['OPENAI_API_KEY', 'OPENAI_ORG_ID', 'OPENAI_PROJECT_ID', 'OPENAI_BASE_URL', 'OPENAI_CUSTOM_HEADERS']
    for (const name of names) process.env[name] = 'x-secret: of-somebody-else'
    try {
      await using world = await openVoiceWorld()
      await way.ask(world)
      const { headers } = first(way.requests(world))
      const { host, connection, ...sent } = headers
      expect(sent).toMatchObject({ authorization: 'Bearer sk-test', 'user-agent': 'honzik' })
      expect(JSON.stringify(sent)).not.toMatch(/stainless|node|somebody|darwin|linux/i)
      const platform = ['accept-language', 'sec-fetch-mode', 'accept-encoding', 'content-length', 'transfer-encoding']
      const own = Object.keys(sent).filter((name) => !platform.includes(name))
      expect(own.toSorted()).toEqual(['accept', 'authorization', 'content-type', 'user-agent'])
    } finally {
      for (const name of names) delete process.env[name]
    }
  })

  test('is all that is sent', async () => {
    await using world = await openVoiceWorld()
    const sent: string[] = []
    const { fetch } = globalThis
    globalThis.fetch = (input, init) => {
      sent.push(String(input).replace(/^.*\/v1/, ''))
      return fetch(input, init)
    }
    try {
      await way.ask(world)
    } finally {
      globalThis.fetch = fetch
    }
    expect(sent).toEqual([way.name === 'hearing' ? '/audio/transcriptions' : '/audio/speech'])
  })

  test('is written down without a word of what was said', async () => {
    const lines: string[] = []
    const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) })
    await using world = await openVoiceWorld({ report: createTutorLog(log) })
    world.fake.hears = 'Moje tajemství.'
    const ask = () => (way.name === 'hearing' ? world.hear() : world.speak({}, lineOf({ text: 'Moje tajemství.' })))
    await ask()
    for (const content of ['{"error":"Moje tajemství."}', 'Moje tajemství.', '{"text":["Moje tajemství."]}']) {
      world.fake.play({ kind: 'content', content }, 1)
      await ask().catch(() => {})
    }
    world.fake.play({ kind: 'page' }, 1)
    await rejection(ask())
    expect(lines.length).toBe(5)
    expect(lines.join('')).not.toContain('tajemství')
  })
})

describe('what it costs', () => {
  const prices = new Map<string, Price>([
    [EAR, { in: 1.25, cached: 1.25, out: 5 }],
    [MOUTH, { in: 15, cached: 0, out: 0 }],
  ])

  test('is by tokens for hearing', async () => {
    await using world = await openVoiceWorld({ prices })
    world.fake.hears = 'a'.repeat(80)
    const spent: Spending[] = []
    const { usd } = await world.hear({ onSpent: (spending) => spent.push(spending) })
    expect(usd).toBeCloseTo((40 * 1.25 + 20 * 5) / 1_000_000, 12)
    const tokens = { tokensIn: 40, tokensCached: 0, tokensOut: 20 }
    expect(spent).toEqual([{ model: EAR, tokens, usd }])
    expect(world.events).toMatchObject([{ kind: 'answered', model: EAR, tokens, usd }])
  })

  test('is by characters for speaking', async () => {
    await using world = await openVoiceWorld({ prices })
    const spent: Spending[] = []
    const { usd } = await world.speak(
      { onSpent: (spending) => spent.push(spending) },
      lineOf({ text: 'á'.repeat(200) }),
    )
    expect(usd).toBeCloseTo((200 * 15) / 1_000_000, 12)
    expect(spent).toEqual([{ model: MOUTH, tokens: null, usd }])
    expect(world.events).toMatchObject([{ kind: 'answered', model: MOUTH, tokens: null, usd }])
    // Of a longer text, for as much as is spoken.
    expect((await world.speak({}, lineOf({ text: 'a'.repeat(9_000) }))).usd).toBeCloseTo((4_096 * 15) / 1_000_000, 12)
  })

  test('for a speech that broke off is known all the same', async () => {
    await using world = await openVoiceWorld({ prices })
    world.fake.play({ kind: 'cut', afterBytes: 100 })
    const spent: Spending[] = []
    await rejection(world.speak({ onSpent: (spending) => spent.push(spending) }, lineOf({ text: 'a'.repeat(100) })))
    expect(spent).toEqual([{ model: MOUTH, tokens: null, usd: 0.0015 }])
  })

  test.each<[string, unknown]>([
    ['is not told', { text: 'Ahoj!' }],
    ['is told in seconds', { text: 'Ahoj!', usage: { type: 'duration', seconds: 3 } }],
    ['is nonsense', { text: 'Ahoj!', usage: { input_tokens: -1, output_tokens: 'x' } }],
    ['is more than can be counted', { text: 'Ahoj!', usage: { input_tokens: 2 ** 40, output_tokens: 1 } }],
  ])('is not known, but the answer good, when it %s', async (_, content) => {
    await using world = await openVoiceWorld({ prices })
    world.fake.play({ kind: 'content', content })
    const spent: Spending[] = []
    const answer = await world.hear({ onSpent: (spending) => spent.push(spending) })
    expect(answer).toEqual({ text: 'Ahoj!', usd: null })
    expect(spent).toEqual([{ model: EAR, tokens: null, usd: null }])
  })
})
