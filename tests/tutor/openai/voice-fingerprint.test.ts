import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { VOICE_SPEEDS } from '../../../src/domain/settings.ts'
import { openConfiguredVoice } from '../../../src/open.ts'
import { type ModelVoiceOptions, openModelVoice } from '../../../src/tutor/openai/openai-voice.ts'
import { testConfig } from '../../support/test-app.ts'
import { EAR, lineOf, recordingOf, voiceOptions } from './voice-world.ts'

describe('what decides an answer', () => {
  const open = (changes: Partial<ModelVoiceOptions> = {}) => openModelVoice({ ...voiceOptions, ...changes })
  const heardBy = (changes?: Partial<ModelVoiceOptions>, recording = recordingOf()) =>
    open(changes).hear(recording).fingerprint
  const spokenBy = (changes?: Partial<ModelVoiceOptions>, line = lineOf()) => open(changes).speak(line).fingerprint

  test('is a SHA-256 in lower-case hexadecimal', () => {
    for (const fingerprint of [heardBy(), spokenBy()]) expect(fingerprint).toMatch(/^[0-9a-f]{64}$/)
    expect(heardBy()).not.toBe(spokenBy())
  })

  test('are recording, model and server, of what is heard', () => {
    const all = [
      heardBy(),
      heardBy({ transcriptionModel: 'another' }),
      heardBy({ namespace: 'another' }),
      heardBy({}, recordingOf({ audio: Buffer.from('another') })),
    ]
    expect(new Set(all).size).toBe(all.length)
  })

  test('are text, voice, speed, model and server, of what is spoken', () => {
    const all = [
      spokenBy(),
      spokenBy({ speechModel: 'another' }),
      spokenBy({ namespace: 'another' }),
      spokenBy({}, lineOf({ text: 'Ahoj! Jak se mas?' })),
      spokenBy({}, lineOf({ character: 'NOVAKOVA' })),
      ...VOICE_SPEEDS.filter((speed) => speed !== 'NORMAL').map((voiceSpeed) => spokenBy({}, lineOf({ voiceSpeed }))),
    ]
    expect(new Set(all).size).toBe(all.length)
  })

  test('is nothing else', () => {
    const changes: Partial<ModelVoiceOptions>[] = [
      { apiKey: 'sk-another' },
      { timeoutMs: 1 },
      { prices: new Map([[EAR, { in: 1, cached: 1, out: 1 }]]) },
      { maxRetries: 7 },
      { breaker: { failures: 1 } },
    ]
    for (const change of changes) expect([heardBy(change), spokenBy(change)]).toEqual([heardBy(), spokenBy()])
    expect(heardBy({ speechModel: 'another' })).toBe(heardBy())
    expect(spokenBy({ transcriptionModel: 'another' })).toBe(spokenBy())
    // The same bytes under another name are heard in the same way.
    expect(heardBy({}, recordingOf({ format: 'WAV' }))).toBe(heardBy())
  })

  test('exists for texts with half a character in them', () => {
    expect(spokenBy({}, lineOf({ text: 'Ahoj \ud83d!' }))).toBe(spokenBy({}, lineOf({ text: 'Ahoj \ufffd!' })))
  })
})

describe('the voice that is configured', () => {
  const log = pino({ level: 'silent' })
  const openai = { ...voiceOptions, model: 'm', fallbackModel: null, dailyLimit: null }

  test('tells servers apart, whose models may have the same names', async () => {
    const at = async (baseUrl: string | null) => {
      await using voice = await openConfiguredVoice(testConfig({ openai: { ...openai, baseUrl } }), log, () => {})
      return [voice?.hear(recordingOf()).fingerprint, voice?.speak(lineOf()).fingerprint]
    }
    const all = [await at(null), await at('http://one.invalid/v1'), await at('http://two.invalid/v1')].flat()
    expect(new Set(all).size).toBe(6)
    expect(all).not.toContain(undefined)
  })

  test('is none where no model is', async () => {
    expect(await openConfiguredVoice(testConfig({ openai: null }), log, () => {})).toBeNull()
  })

  test('needs a key or a server', () => {
    expect(() => openModelVoice({ ...voiceOptions, apiKey: null, baseUrl: null })).toThrow(TypeError)
  })
})
