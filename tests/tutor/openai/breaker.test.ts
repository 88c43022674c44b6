import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { HonzikError } from '../../../src/domain/error.ts'
import { rateLimited, serverError } from '../../support/fake-openai/trouble.ts'
import { arrived, lessonOf, openWorld, rejection, type World } from './world.ts'

const breaker = { failures: 3, openMs: 60_000 }
const passing = { failures: 3, openMs: 0 }

async function failing(world: World, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) await rejection(world.ask())
}

const told = ({ events }: World) => events.filter((event) => event.kind === 'breaker')
const troubles = ({ events }: World) => events.flatMap((event) => (event.kind === 'failed' ? [event.trouble] : []))

describe('a model that does not answer', () => {
  test('is not asked again for a while', async () => {
    await using world = await openWorld({ breaker })
    world.fake.play(serverError)
    await failing(world, 3)
    expect(told(world)).toEqual([{ kind: 'breaker', model: 'big', state: 'open' }])
    const error = await rejection(world.ask())
    expect(world.fake.requests).toHaveLength(3)
    expect(troubles(world).at(-1)).toBe('not-asked')
    expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    const seconds = error instanceof HonzikError ? (error.retryAfterSeconds ?? 0) : 0
    expect(seconds).toBeGreaterThan(30)
    expect(seconds).toBeLessThanOrEqual(60)
  })

  test.each([
    { title: 'says nothing at all', trouble: { kind: 'hang' } },
    { title: 'has a gateway that loses patience', trouble: { kind: 'status', status: 408 } },
    { title: 'never ends its error', trouble: { ...serverError, endless: true } },
  ] as const)('and $title is not asked again for a while', async ({ trouble }) => {
    await using world = await openWorld({ breaker, timeoutMs: 150 })
    world.fake.play(trouble)
    await failing(world, 4)
    expect(troubles(world)).toEqual(['timeout', 'timeout', 'timeout', 'not-asked'])
  })

  test('is no matter to a caller who has given up', async () => {
    await using world = await openWorld({ breaker })
    world.fake.play(serverError)
    await failing(world, 3)
    const reason = new Error('the caller has left')
    expect(await rejection(world.prepare().ask({ signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(troubles(world)).not.toContain('not-asked')
  })

  test('makes the tutor unavailable', async () => {
    await using world = await openWorld({ breaker })
    expect(world.tutor.status()).toBe('HEALTHY')
    world.fake.play(serverError)
    await failing(world, 3)
    expect(world.tutor.status()).toBe('UNAVAILABLE')
  })

  test('does not make a tutor unavailable that has another', async () => {
    await using world = await openWorld({ breaker, fallbackModel: 'small' })
    world.fake.play(serverError, undefined, 'big')
    await failing(world, 3)
    expect(world.tutor.status()).toBe('HEALTHY')
    const fallback = world.tutor.prepare(lessonOf())[1]
    expect((await fallback?.ask({ signal: new AbortController().signal }))?.reply.model).toBe('small')
  })

  test('is left alone for as long as it wants', async () => {
    await using world = await openWorld({ breaker: { failures: 1, openMs: 1_000 } })
    world.fake.play(rateLimited('40'), 1)
    await failing(world, 1)
    const error = await rejection(world.ask())
    expect(error instanceof HonzikError && (error.retryAfterSeconds ?? 0)).toBeGreaterThan(20)
    expect(world.fake.requests).toHaveLength(1)
  })

  test('is asked once more later, and again as usual when it answers', async () => {
    await using world = await openWorld({ breaker: passing })
    world.fake.play(serverError, 3)
    await failing(world, 3)
    await world.ask()
    expect(told(world).map((event) => event.state)).toEqual(['open', 'closed'])
    expect(world.tutor.status()).toBe('HEALTHY')
  })

  test('is asked by one only while it is tried; nobody waits for the outcome', async () => {
    await using world = await openWorld({ breaker: passing })
    world.fake.play(serverError, 3)
    await failing(world, 3)
    world.fake.play({ kind: 'late', milliseconds: 100 }, 1)
    const trial = world.ask()
    await arrived(world, 4)
    await failing(world, 1)
    expect(troubles(world).at(-1)).toBe('not-asked')
    expect((await trial).reply.engine).toBe('OPENAI')
    expect(world.fake.requests).toHaveLength(4)
  })

  test('stays unasked when the trial fails, which is not told twice', async () => {
    await using world = await openWorld({ breaker: passing })
    world.fake.play(serverError)
    await failing(world, 5)
    expect(told(world)).toHaveLength(1)
    expect(world.tutor.status()).toBe('UNAVAILABLE')
  })
})

describe('what does not count against a model', () => {
  test.each([
    { title: 'a refusal', trouble: { kind: 'refusal' } },
    { title: 'an answer that is too long', trouble: { kind: 'length' } },
    { title: 'an answer of another shape', trouble: { kind: 'content', content: {} } },
    { title: 'a bad request', trouble: { kind: 'status', status: 400 } },
  ] as const)('is $title', async ({ trouble }) => {
    await using world = await openWorld({ breaker })
    world.fake.play(trouble)
    await failing(world, 5)
    expect(told(world)).toEqual([])
    expect(world.fake.requests).toHaveLength(5)
  })

  test.each([{ how: 'whole' }, { how: 'streamed', onText: () => {} }])(
    'is an answer asked for $how that has begun when its time is up',
    async ({ onText }) => {
      await using world = await openWorld({ breaker, timeoutMs: 150 })
      world.fake.play({ kind: 'drip', bytes: 1, everyMs: 10 })
      const signal = new AbortController().signal
      for (let count = 0; count < 4; count += 1) await rejection(world.prepare().ask({ signal, onText }))
      expect(troubles(world)).toEqual(Array(4).fill('timeout'))
      expect(told(world)).toEqual([])
    },
  )

  test('ends a row of failures, for the model was there', async () => {
    await using world = await openWorld({ breaker })
    world.fake.play(serverError, 2)
    world.fake.play({ kind: 'refusal' }, 1)
    world.fake.play(serverError, 2)
    await failing(world, 5)
    expect(told(world)).toEqual([])
  })

  test('is a caller who gives up', async () => {
    await using world = await openWorld({ breaker })
    world.fake.play(serverError, 2)
    await failing(world, 2)
    world.fake.play({ kind: 'hang' }, 1)
    const caller = new AbortController()
    const asked = rejection(world.prepare().ask({ signal: caller.signal }))
    await arrived(world, 3)
    caller.abort()
    await asked
    expect(told(world)).toEqual([])
    world.fake.play(serverError, 1)
    await failing(world, 1)
    expect(told(world)).toHaveLength(1)
  })

  test('is a caller who gives up a trial: the next one tries at once', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    await using world = await openWorld({ breaker: { failures: 1, openMs: 60_000 } })
    world.fake.play(serverError, 1)
    await failing(world, 1)
    world.fake.play({ kind: 'hang' }, 1)
    const caller = new AbortController()
    vi.setSystemTime(Date.now() + 60_000)
    const trial = rejection(world.prepare().ask({ signal: caller.signal }))
    await arrived(world, 2)
    caller.abort()
    await trial
    expect(world.tutor.status()).toBe('UNAVAILABLE')
    expect((await world.ask()).reply.engine).toBe('OPENAI')
    expect(world.tutor.status()).toBe('HEALTHY')
  })
})
