import { describe, expect, test } from 'vitest'
import { HonzikError } from '../../../src/domain/error.ts'
import type { Spending, Trouble } from '../../../src/replies/tutor.ts'
import type { ModelVoiceOptions } from '../../../src/tutor/openai/openai-voice.ts'
import { eventually } from '../../support/eventually.ts'
import {
  type Trouble as Played,
  rateLimited,
  serverError,
  unpaid,
  wrongKey,
} from '../../support/fake-openai/trouble.ts'
import { arrived, MOUTH, openVoiceWorld, WAYS } from './voice-world.ts'
import { rejection } from './world.ts'

interface Case {
  readonly title: string
  readonly played: Played
  readonly trouble: Trouble
  readonly retryAfterSeconds?: number
  /** What has to be paid. @default nothing */
  readonly paid?: true
  /** @default both */
  readonly only?: 'hearing' | 'speaking'
}

const status = (code: number): Played => ({ kind: 'status', status: code })

const CASES: readonly Case[] = [
  { title: '429 with seconds', played: rateLimited('7'), trouble: 'rate-limited', retryAfterSeconds: 7 },
  { title: '429 without a word', played: rateLimited(), trouble: 'rate-limited' },
  { title: 'a quota that is used up', played: unpaid, trouble: 'quota' },
  { title: 'a wrong key', played: wrongKey, trouble: 'refused-key' },
  { title: 'a key without the right', played: status(403), trouble: 'refused-key' },
  { title: 'an internal error', played: serverError, trouble: 'server-error' },
  { title: 'a request that is not understood', played: status(400), trouble: 'bad-request' },
  { title: 'a model that does not exist', played: status(404), trouble: 'bad-request' },
  { title: 'a recording that is too large', played: status(413), trouble: 'bad-request' },
  { title: 'a connection that is reset', played: { kind: 'reset' }, trouble: 'connection' },
  { title: 'silence', played: { kind: 'hang' }, trouble: 'timeout', paid: true },
  { title: 'an answer that drips', played: { kind: 'drip', bytes: 1, everyMs: 20 }, trouble: 'timeout', paid: true },
  {
    title: 'an answer that stalls',
    played: { kind: 'drip', bytes: 20, everyMs: 1, stallAfter: 2 },
    trouble: 'timeout',
    paid: true,
  },
  { title: 'an answer that is cut', played: { kind: 'cut', afterBytes: 30 }, trouble: 'connection', paid: true },
  { title: 'a page of a proxy', played: { kind: 'page' }, trouble: 'schema', paid: true },
  {
    title: 'half of an answer',
    played: { kind: 'content', content: '{"text": "Aho' },
    trouble: 'invalid-json',
    only: 'hearing',
    paid: true,
  },
  ...[null, [], {}, { text: 7 }, { text: null }, 'Ahoj'].map(
    (content): Case => ({
      title: `${JSON.stringify(content)} for an answer`,
      played: { kind: 'content', content: JSON.stringify(content) },
      trouble: 'schema',
      only: 'hearing',
      paid: true,
    }),
  ),
  {
    title: 'JSON instead of speech',
    played: { kind: 'sound', bytes: 100, type: 'application/json' },
    trouble: 'schema',
    only: 'speaking',
    paid: true,
  },
  {
    title: 'nothing instead of speech',
    played: { kind: 'sound', bytes: 0 },
    trouble: 'schema',
    only: 'speaking',
    paid: true,
  },
  {
    title: 'speech without end',
    played: { kind: 'sound', bytes: 11 * 1024 * 1024 },
    trouble: 'length',
    only: 'speaking',
    paid: true,
  },
]

describe.each(WAYS)('$name', (way) => {
  const cases = CASES.filter(({ only = way.name }) => only === way.name)

  test.each(cases)('fails as unavailable for $title', async ({ played, trouble, retryAfterSeconds, paid }) => {
    await using world = await openVoiceWorld({ timeoutMs: trouble === 'timeout' ? 300 : 10_000 })
    world.fake.play(played)
    const spent: Spending[] = []
    const error = await rejection(way.ask(world, { onSpent: (spending) => spent.push(spending) }))
    expect(error).toBeInstanceOf(HonzikError)
    expect(error).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: 'The tutor cannot answer at the moment; please try again later.',
      retryAfterSeconds,
    })
    expect(world.events).toMatchObject([{ kind: 'failed', model: way.model, trouble }])
    expect(spent).toEqual(paid ? [{ model: way.model, tokens: null, usd: null }] : [])
  })

  const soon = { kind: 'status', status: 500, headers: { 'retry-after-ms': '1' } } as const

  test('is tried again where that may help, twice at most', async () => {
    await using world = await openVoiceWorld({ maxRetries: 2 })
    world.fake.play(soon, 2)
    await way.ask(world)
    expect(way.requests(world)).toHaveLength(3)
    world.fake.play(soon)
    await rejection(way.ask(world))
    expect(way.requests(world)).toHaveLength(6)
    expect(world.events).toMatchObject([{ kind: 'answered' }, { kind: 'failed', trouble: 'server-error' }])
  })

  test.each([
    ['the quota is used up', unpaid],
    ['the key is wrong', wrongKey],
    ['the server wants to be left alone for longer', rateLimited('30')],
    ['the answer is none', { kind: 'page' }],
  ] as const)('is not tried again when %s', async (_, trouble) => {
    await using world = await openVoiceWorld({ maxRetries: 2 })
    world.fake.play(trouble)
    await rejection(way.ask(world))
    expect(way.requests(world)).toHaveLength(1)
  })

  describe('for a caller who leaves', () => {
    const reason = new Error('the caller has left')

    test.each<[string, Played, pieces: number]>([
      ['before anything has come', { kind: 'hang' }, 0],
      ['while it comes', { kind: 'drip', bytes: 1, everyMs: 20 }, 2],
      ['when it has stopped coming', { kind: 'drip', bytes: 10, everyMs: 1, stallAfter: 3 }, 3],
    ])('ends %s, and may have to be paid', async (_, played, pieces) => {
      await using world = await openVoiceWorld({ timeoutMs: 60_000 })
      world.fake.play(played)
      const caller = new AbortController()
      const spent: Spending[] = []
      const asked = rejection(way.ask(world, { signal: caller.signal, onSpent: (spending) => spent.push(spending) }))
      await eventually(() => expect(way.requests(world)[0]?.dripped()).toBeGreaterThanOrEqual(pieces))
      caller.abort(reason)
      expect(await asked).toBe(reason)
      expect(await way.requests(world)[0]?.ended).toBe('closed by the client')
      expect(spent).toEqual([{ model: way.model, tokens: null, usd: null }])
      expect(world.events).toEqual([])
    })

    test('before it is sent is not sent', async () => {
      await using world = await openVoiceWorld()
      expect(await rejection(way.ask(world, { signal: AbortSignal.abort(reason) }))).toBe(reason)
      expect(way.requests(world)).toEqual([])
    })
  })

  test('ends when the voice is closed', async () => {
    await using world = await openVoiceWorld({ timeoutMs: 60_000 })
    world.fake.play({ kind: 'drip', bytes: 10, everyMs: 1, stallAfter: 3 })
    const asked = rejection(way.ask(world))
    await arrived(world, way, 1)
    await world.voice[Symbol.asyncDispose]()
    expect(await asked).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    expect(await way.requests(world)[0]?.ended).toBe('closed by the client')
  })
})

describe('a model that does not answer', () => {
  const breaking: Partial<ModelVoiceOptions> = { breaker: { failures: 2, openMs: 60_000 } }

  test('is not asked for some time, and the other one is', async () => {
    await using world = await openVoiceWorld(breaking)
    world.fake.play(serverError, Number.POSITIVE_INFINITY, MOUTH)
    for (let time = 0; time < 3; time += 1) await rejection(world.speak())
    expect(world.fake.spoken).toHaveLength(2)
    expect(world.events).toMatchObject([
      { kind: 'failed', trouble: 'server-error' },
      { kind: 'breaker', model: MOUTH, state: 'open' },
      { kind: 'failed', trouble: 'server-error' },
      { kind: 'failed', trouble: 'not-asked' },
    ])
    const spent: Spending[] = []
    expect(await rejection(world.speak({ onSpent: (spending) => spent.push(spending) }))).toMatchObject({
      retryAfterSeconds: 60,
    })
    expect(spent).toEqual([])
    await world.hear()
  })

  test('is not one whose answers are merely of no use', async () => {
    await using world = await openVoiceWorld(breaking)
    world.fake.play({ kind: 'page' }, 3)
    for (let time = 0; time < 3; time += 1) await rejection(world.hear())
    await world.hear()
    expect(world.fake.heard).toHaveLength(4)
  })
})
