import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { deadline } from '../../src/http/deadline.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** As much of a response as a deadline looks at. */
const response = (state: { writableEnded: boolean } = { writableEnded: false }) =>
  Object.assign(new EventEmitter(), state) as EventEmitter as ServerResponse

const never = new AbortController().signal

test('work that still runs when the server stops is given up, and told so', async () => {
  const stopping = new AbortController()
  using limit = deadline(1000, response(), stopping.signal)
  const raced = limit.race(new Promise(() => {}))
  const outcome = expect(raced).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: expect.stringContaining('stopping'),
  })
  stopping.abort()
  // The tutor first: what it was asked is still to be kept.
  expect(limit.tutorSignal.reason).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  expect(limit.signal.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(749)
  expect(limit.signal.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  await outcome
})

test('work that is done in time is handed on', async () => {
  using limit = deadline(1000, response(), never)
  expect(await limit.race(Promise.resolve('done'))).toBe('done')
  expect(limit.signal.aborted).toBe(false)
})

test('work that fails in time fails as itself', async () => {
  using limit = deadline(1000, response(), never)
  await expect(limit.race(Promise.reject(new TypeError('wrong')))).rejects.toThrow(TypeError)
})

test('work that takes longer is given up, and told so', async () => {
  using limit = deadline(1000, response(), never)
  const raced = limit.race(new Promise(() => {}))
  const outcome = expect(raced).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: expect.stringContaining('1 s'),
  })
  await vi.advanceTimersByTimeAsync(1000)
  await outcome
  expect(limit.signal.aborted).toBe(true)
})

test('the tutor is given up a second before the rest, so that there is time to keep what was asked', async () => {
  using limit = deadline(10_000, response(), never)
  await vi.advanceTimersByTimeAsync(8_999)
  expect(limit.tutorSignal.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(limit.tutorSignal.reason).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  expect(limit.signal.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(limit.signal.reason).toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
})

test('work whose client has gone is given up', async () => {
  const going = response()
  using limit = deadline(1000, going, never)
  const raced = limit.race(new Promise(() => {}))
  going.emit('close')
  await expect(raced).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  expect(limit.tutorSignal.reason).toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
})

test('a connection that closes after its answer ends nothing', () => {
  const answered = response({ writableEnded: true })
  using limit = deadline(1000, answered, never)
  answered.emit('close')
  expect(limit.signal.aborted).toBe(false)
})

test('nothing is left behind once the work is done', () => {
  const done = response()
  deadline(1000, done, never)[Symbol.dispose]()
  expect(vi.getTimerCount()).toBe(0)
  expect(done.listenerCount('close')).toBe(0)
})
