import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { HonzikError } from '../../../src/domain/error.ts'
import type { Trouble } from '../../../src/replies/tutor.ts'
import {
  type Trouble as Played,
  rateLimited,
  serverError,
  unpaid,
  wrongKey,
} from '../../support/fake-openai/trouble.ts'
import { lessonOf, openWorld, prompts, rejection, type World } from './world.ts'

interface Case {
  readonly title: string
  readonly played: Played
  readonly trouble: Trouble
  readonly retryAfterSeconds?: number
  /** @default both */
  readonly streamed?: boolean
}

const status = (code: number, name?: string): Played => ({
  kind: 'status',
  status: code,
  ...(name !== undefined && { code: name }),
})

const CASES: readonly Case[] = [
  { title: '429 with seconds', played: rateLimited('7'), trouble: 'rate-limited', retryAfterSeconds: 7 },
  { title: '429 without a word', played: rateLimited(), trouble: 'rate-limited' },
  { title: '429 without a wait', played: rateLimited('0'), trouble: 'rate-limited', retryAfterSeconds: 1 },
  { title: '429 for ever', played: rateLimited('99999999'), trouble: 'rate-limited', retryAfterSeconds: 86_400 },
  { title: '429 with something else', played: rateLimited('soon'), trouble: 'rate-limited' },
  { title: 'a gateway that lost patience', played: status(408), trouble: 'timeout' },
  {
    title: '429 with milliseconds, which are exact',
    played: { kind: 'status', status: 429, headers: { 'retry-after-ms': '20100', 'retry-after': '90' } },
    trouble: 'rate-limited',
    retryAfterSeconds: 21,
  },
  { title: 'a quota that is used up', played: unpaid, trouble: 'quota' },
  { title: 'a bill that is not paid', played: status(402), trouble: 'quota' },
  { title: 'a wrong key', played: wrongKey, trouble: 'refused-key' },
  { title: 'a key without the right', played: status(403), trouble: 'refused-key' },
  { title: 'an internal error', played: serverError, trouble: 'server-error' },
  {
    title: 'an overloaded server',
    played: { kind: 'status', status: 503, headers: { 'retry-after': '30' } },
    trouble: 'server-error',
    retryAfterSeconds: 30,
  },
  { title: 'a model that does not exist', played: status(404, 'model_not_found'), trouble: 'bad-request' },
  { title: 'a request that is not understood', played: status(400), trouble: 'bad-request' },
  { title: 'a prompt that the filter stops', played: status(400, 'content_filter'), trouble: 'refusal' },
  { title: 'a connection that is reset', played: { kind: 'reset' }, trouble: 'connection' },
  { title: 'silence', played: { kind: 'hang' }, trouble: 'timeout' },
  { title: 'an answer that drips', played: { kind: 'drip', bytes: 1, everyMs: 5 }, trouble: 'timeout' },
  {
    title: 'an answer that stalls',
    played: { kind: 'drip', bytes: 200, everyMs: 1, stallAfter: 2 },
    trouble: 'timeout',
  },
  { title: 'an answer that is cut', played: { kind: 'cut', afterBytes: 300 }, trouble: 'connection' },
  {
    title: 'a stream that is cut as if it were complete',
    played: { kind: 'cut', afterBytes: 700, politely: true },
    trouble: 'connection',
    streamed: true,
  },
  {
    title: 'an answer that is cut as if it were complete',
    played: { kind: 'cut', afterBytes: 100, politely: true },
    trouble: 'invalid-json',
    streamed: false,
  },
  {
    title: 'an error in the middle of a stream',
    played: { kind: 'break', afterPieces: 4 },
    trouble: 'server-error',
    streamed: true,
  },
  {
    title: 'a limit that is reached in the middle of a stream',
    played: { kind: 'break', afterPieces: 4, code: 'rate_limit_exceeded' },
    trouble: 'rate-limited',
    streamed: true,
  },
  {
    title: 'a quota that is used up in the middle of a stream',
    played: { kind: 'break', afterPieces: 4, code: 'insufficient_quota' },
    trouble: 'quota',
    streamed: true,
  },
  { title: 'a refusal', played: { kind: 'refusal' }, trouble: 'refusal' },
  { title: 'an answer that the filter stops', played: { kind: 'content-filter' }, trouble: 'refusal' },
  { title: 'an answer that is too long', played: { kind: 'length' }, trouble: 'length' },
  { title: 'half of a JSON', played: { kind: 'content', content: '{"reply": "Ahoj' }, trouble: 'invalid-json' },
  { title: 'prose', played: { kind: 'content', content: 'Ahoj, jak se máš?' }, trouble: 'invalid-json' },
  { title: 'nothing', played: { kind: 'content', content: '' }, trouble: 'invalid-json' },
  { title: 'JSON of another shape', played: { kind: 'content', content: { reply: 'Ahoj?' } }, trouble: 'schema' },
  {
    title: 'a score that is no number',
    played: { kind: 'answer', changes: { correctnessScore: 'NaN' } },
    trouble: 'schema',
  },
  { title: 'a reply without a word', played: { kind: 'answer', changes: { reply: ' \n ' } }, trouble: 'schema' },
  { title: 'a reply that is no text', played: { kind: 'answer', changes: { reply: '\0 \0' } }, trouble: 'schema' },
  {
    title: 'a reply of half characters',
    played: { kind: 'answer', changes: { reply: '\ud83d \udc4b' } },
    trouble: 'schema',
  },
  ...['reply', 'suggestion'].map((field) => ({
    title: `the system prompt with nothing between its letters in ${field}`,
    played: { kind: 'answer', changes: { [field]: [...prompts.systemFor(lessonOf())].join('\0') } } as const,
    trouble: 'leak' as const,
  })),
  { title: 'JSON of no chat completion', played: { kind: 'stranger' }, trouble: 'schema' },
  { title: 'a page of a proxy', played: { kind: 'page' }, trouble: 'invalid-json', streamed: false },
  { title: 'a page of a proxy instead of a stream', played: { kind: 'page' }, trouble: 'connection', streamed: true },
]

const asked = ({ tutor }: World, streamed: boolean): Promise<unknown>[] =>
  tutor
    .prepare(lessonOf())
    .map((way) => way.ask({ signal: new AbortController().signal, onText: streamed ? () => {} : undefined }))

describe.each([
  { how: 'whole', streamed: false },
  { how: 'streamed', streamed: true },
])('an answer asked for $how', ({ streamed }) => {
  const cases = CASES.filter((it) => (it.streamed ?? streamed) === streamed)

  test.each(cases)('is not given for $title: $trouble', async ({ played, trouble, retryAfterSeconds }) => {
    await using world = await openWorld({ timeoutMs: trouble === 'timeout' ? 300 : 10_000 })
    world.fake.play(played)
    const error = await rejection(Promise.all(asked(world, streamed)))
    expect(error).toBeInstanceOf(HonzikError)
    expect(error).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: 'The tutor cannot answer at the moment; please try again later.',
      retryAfterSeconds,
    })
    expect(world.events).toMatchObject([{ kind: 'failed', model: 'big', trouble }])
    expect(world.events[0]).toHaveProperty('error', expect.any(Error))
  })
})

test('a date to come back at is counted in seconds', async () => {
  await using world = await openWorld()
  world.fake.play(rateLimited(new Date(Date.now() + 90_000).toUTCString()))
  const error = await rejection(world.ask())
  const seconds = error instanceof HonzikError ? (error.retryAfterSeconds ?? 0) : 0
  expect(seconds).toBeGreaterThan(60)
  expect(seconds).toBeLessThanOrEqual(90)
})

test('a server that is not there is no connection', async () => {
  const port = await new Promise<number>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })
  await using world = await openWorld({ baseUrl: `http://127.0.0.1:${port}/v1` })
  await expect(world.ask()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  expect(world.events).toMatchObject([{ trouble: 'connection' }])
})

test('neither a key nor a server is a mistake of whoever starts us', async () => {
  await expect(openWorld({ apiKey: null, baseUrl: null })).rejects.toThrow(TypeError)
})
