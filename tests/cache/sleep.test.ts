import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sleep } from '../../src/cache/sleep.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Whether it is over by now. */
async function isOver(sleeping: Promise<void>): Promise<boolean> {
  return Promise.race([sleeping.then(() => true), new Promise<false>((resolve) => setImmediate(resolve, false))])
}

test('one who sleeps wakes after their time', async () => {
  const sleeping = sleep(100, new AbortController().signal)
  await vi.advanceTimersByTimeAsync(99)
  expect(await isOver(sleeping)).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(await isOver(sleeping)).toBe(true)
})

test('one who sleeps wakes when they are no longer to, and leaves no timer', async () => {
  const controller = new AbortController()
  const sleeping = sleep(100, controller.signal)
  controller.abort()
  expect(await isOver(sleeping)).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
})

test('one who is not to sleep any more does not begin to', async () => {
  expect(await isOver(sleep(100, AbortSignal.abort()))).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
})
