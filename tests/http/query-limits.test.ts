import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { QueryLimits } from '../../src/http/query-limits.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const openLimits = (ms = 10_000) => {
  const controller = new AbortController()
  return { limits: new QueryLimits(ms, controller.signal), callLast: () => controller.abort() }
}

const response = () => new ServerResponse(new IncomingMessage(new Socket()))

const never = new Promise<never>(() => {})

/** How a promise has ended so far. */
async function outcome(promise: Promise<unknown>): Promise<unknown> {
  const pending = new Promise((resolve) => setImmediate(resolve, 'pending'))
  return Promise.race([promise.catch((error: unknown) => error), pending])
}

const TOO_LONG = { code: 'SERVICE_UNAVAILABLE', message: 'The request took longer than 10 s.' }

describe('a query', () => {
  test('has its result when it is in time', async () => {
    const { limits } = openLimits()
    using limit = limits.begin(response())
    expect(await limit.race(Promise.resolve('done'))).toBe('done')
    await expect(limit.race(Promise.reject(new Error('wrong')))).rejects.toThrow('wrong')
    limit.throwIfAborted()
  })

  test('ends when its time is over, and what it still does is told so', async () => {
    const { limits } = openLimits()
    using limit = limits.begin(response())
    const raced = limit.race(never)
    vi.advanceTimersByTime(9_999)
    expect(await outcome(raced)).toBe('pending')
    limit.throwIfAborted()
    vi.advanceTimersByTime(1)
    expect(await outcome(raced)).toMatchObject(TOO_LONG)
    expect(() => limit.throwIfAborted()).toThrow(expect.objectContaining(TOO_LONG))
  })

  test('ends with everything that it waits for', async () => {
    const { limits } = openLimits()
    using limit = limits.begin(response())
    const raced = [limit.race(never), limit.race(never)]
    vi.advanceTimersByTime(10_000)
    for (const each of raced) expect(await outcome(each)).toMatchObject(TOO_LONG)
  })

  test('has all of its time, whoever began before it', async () => {
    const { limits } = openLimits()
    using early = limits.begin(response())
    vi.advanceTimersByTime(6_000)
    using late = limits.begin(response())
    const [first, second] = [early.race(never), late.race(never)]
    vi.advanceTimersByTime(4_000)
    expect(await outcome(first)).toMatchObject(TOO_LONG)
    expect(await outcome(second)).toBe('pending')
    vi.advanceTimersByTime(5_999)
    expect(await outcome(second)).toBe('pending')
    vi.advanceTimersByTime(1)
    expect(await outcome(second)).toMatchObject(TOO_LONG)
  })

  test('is forgotten when it is over, and another one gets a time of its own', async () => {
    const { limits } = openLimits()
    limits.begin(response())[Symbol.dispose]()
    vi.advanceTimersByTime(10_000)
    using limit = limits.begin(response())
    const raced = limit.race(never)
    vi.advanceTimersByTime(9_999)
    expect(await outcome(raced)).toBe('pending')
    vi.advanceTimersByTime(1)
    expect(await outcome(raced)).toMatchObject(TOO_LONG)
  })

  test('reads nothing more for a client who has gone', () => {
    const { limits } = openLimits()
    const gone = response()
    using limit = limits.begin(gone)
    using unattended = limits.begin(null)
    gone.destroy()
    expect(() => limit.throwIfAborted()).toThrow('The client has gone.')
    unattended.throwIfAborted()
  })

  test('ends when the server waits no longer', async () => {
    const { limits, callLast } = openLimits()
    using limit = limits.begin(response())
    const raced = limit.race(never)
    callLast()
    expect(await outcome(raced)).toMatchObject({ code: 'SERVICE_UNAVAILABLE', message: /stopping/ })
  })
})
