import { describe, expect, test } from 'vitest'
import { Attempts } from '../../../src/tutor/openai/attempts.ts'
import { Deadline } from '../../../src/tutor/openai/deadline.ts'
import { rateLimited, serverError, unpaid, wrongKey } from '../../support/fake-openai/trouble.ts'
import { arrived, lessonOf, openWorld, rejection } from './world.ts'

const soon = { kind: 'status', status: 500, headers: { 'retry-after-ms': '5' } } as const

describe('an attempt that failed', () => {
  test('is repeated, and the answer given', async () => {
    await using world = await openWorld({ maxRetries: 2 })
    world.fake.play(soon, 2)
    expect((await world.ask()).reply.engine).toBe('OPENAI')
    expect(world.fake.requests).toHaveLength(3)
    expect(world.events).toMatchObject([{ kind: 'answered' }])
  })

  test('is repeated with the same request, also when its answer is to be streamed', async () => {
    await using world = await openWorld({ maxRetries: 1 })
    world.fake.play({ kind: 'reset' }, 1)
    await world.prepare().ask({ signal: new AbortController().signal, onText: () => {} })
    const [one, two] = world.fake.requests
    expect(two?.body).toEqual(one?.body)
  })

  test('is repeated twice at most, and is then one failure', async () => {
    await using world = await openWorld({ maxRetries: 2 })
    world.fake.play(soon)
    await expect(world.ask()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    expect(world.fake.requests).toHaveLength(3)
    expect(world.events).toMatchObject([{ kind: 'failed', trouble: 'server-error' }])
  })

  test.each([
    { title: 'the quota is used up', trouble: unpaid },
    { title: 'the key is wrong', trouble: wrongKey },
    { title: 'the server wants to be left alone for longer than we have', trouble: rateLimited('30') },
    { title: 'the server wants to be left alone for longer than the SDK would', trouble: rateLimited('61') },
    { title: 'the model refused', trouble: { kind: 'refusal' } },
    { title: 'the answer has the wrong shape', trouble: { kind: 'content', content: {} } },
  ] as const)('is not repeated when $title', async ({ title, trouble }) => {
    const timeoutMs = title.includes('the SDK') ? 600_000 : 20_000
    await using world = await openWorld({ maxRetries: 2, timeoutMs })
    world.fake.play(trouble, 1)
    await rejection(world.ask())
    expect(world.fake.requests).toHaveLength(1)
  })

  test('is not repeated when there is no time for it, and says what was wrong', async () => {
    const times = [0, 0]
    await using world = await openWorld({ maxRetries: 2, timeoutMs: 10_000, clock: () => times.shift() ?? 9_800 })
    world.fake.play(serverError)
    await rejection(world.ask())
    expect(world.fake.requests).toHaveLength(1)
    expect(world.events).toMatchObject([{ trouble: 'server-error' }])
  })

  test('is what was wrong when the time runs out before it is repeated', async () => {
    // The SDK waits for more than a second in all before it tries a third time.
    await using world = await openWorld({ maxRetries: 2, timeoutMs: 900 })
    world.fake.play({ kind: 'reset' })
    await rejection(world.ask())
    expect(world.fake.requests.length).toBeLessThan(3)
    expect(world.events).toMatchObject([{ trouble: 'connection' }])
  })
})

describe('the time for an answer', () => {
  test('is one for all attempts', async () => {
    await using world = await openWorld({ maxRetries: 2, timeoutMs: 1_000 })
    world.fake.play({ ...soon, headers: { 'retry-after-ms': '1' } }, 2)
    world.fake.play({ kind: 'hang' })
    await rejection(world.ask())
    expect(world.fake.requests).toHaveLength(3)
    expect(world.events).toMatchObject([{ trouble: 'timeout' }])
    expect(await world.fake.requests[2]?.ended).toBe('closed by the client')
  })

  test('is shared between a model and its fallback', async () => {
    await using world = await openWorld({ fallbackModel: 'small', timeoutMs: 500 })
    world.fake.play({ kind: 'hang' })
    const signal = AbortSignal.timeout(5_000)
    for (const way of world.tutor.prepare(lessonOf())) await rejection(way.ask({ signal }))
    const spent = world.events.map((event) => (event.kind === 'failed' ? event.milliseconds : 0))
    expect(world.events).toMatchObject([
      { model: 'big', trouble: 'timeout' },
      { model: 'small', trouble: 'timeout' },
    ])
    expect(spent[0]).toBeGreaterThan(spent[1] ?? 0)
  })
})

describe('a caller who gives up', () => {
  const reason = new Error('the caller has left')

  test.each([
    { title: 'while the model is silent', trouble: { kind: 'hang' }, streamed: false },
    { title: 'while a stream is silent', trouble: { kind: 'hang' }, streamed: true },
    { title: 'in an answer', trouble: { kind: 'drip', bytes: 50, everyMs: 1, stallAfter: 4 }, streamed: false },
    { title: 'in a stream', trouble: { kind: 'drip', bytes: 50, everyMs: 1, stallAfter: 8 }, streamed: true },
  ] as const)('closes the connection $title, and hears their own reason', async ({ trouble, streamed }) => {
    await using world = await openWorld({ timeoutMs: 60_000 })
    world.fake.play(trouble)
    const caller = new AbortController()
    const asked = rejection(world.prepare().ask({ signal: caller.signal, onText: streamed ? () => {} : undefined }))
    await arrived(world, 1)
    caller.abort(reason)
    expect(await asked).toBe(reason)
    expect(await world.fake.requests[0]?.ended).toBe('closed by the client')
    expect(world.events).toEqual([])
  })

  test('between two attempts hears their own reason at once', async () => {
    await using world = await openWorld({ timeoutMs: 60_000, maxRetries: 2 })
    world.fake.play(rateLimited('50'))
    const caller = new AbortController()
    const asked = rejection(world.prepare().ask({ signal: caller.signal }))
    await arrived(world, 1)
    await world.fake.requests[0]?.ended
    caller.abort(reason)
    expect(await asked).toBe(reason)
  })

  test('before an attempt is sent owes nothing for it', async () => {
    using deadline = new Deadline(1_000, new AbortController().signal, () => 0)
    const attempts = new Attempts('sk-test', deadline)
    expect(await rejection(attempts.fetch('http://127.0.0.1:9', { signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(attempts.mayCost).toBe(false)
  })

  test('before asking asks nobody', async () => {
    await using world = await openWorld()
    expect(await rejection(world.prepare().ask({ signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(world.fake.requests).toEqual([])
  })
})

test('a tutor that is closed ends what is under way', async () => {
  await using world = await openWorld({ timeoutMs: 60_000 })
  world.fake.play({ kind: 'hang' })
  const asked = rejection(world.ask())
  await arrived(world, 1)
  await world.tutor[Symbol.asyncDispose]()
  expect(await asked).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  expect(await world.fake.requests[0]?.ended).toBe('closed by the client')
})
