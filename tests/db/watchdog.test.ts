import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createWatchdog, type Watchdog } from '../../src/db/watchdog.ts'

const SILENCE_MS = 1500
/** Longer than the watchdog may be late in noticing. */
const A_LITTLE = SILENCE_MS / 5

let watchdog: Watchdog

beforeEach(() => {
  vi.useFakeTimers()
  watchdog = createWatchdog({ silenceMs: SILENCE_MS, speaks: (failure) => !String(failure).includes('unreached') })
})
afterEach(() => {
  vi.useRealTimers()
})

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

/** Watched work that answers when it is told to, and what its caller has seen so far. */
function watched() {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const events: string[] = []
  watchdog
    .watch(promise, () => events.push('abandoned'))
    .then(
      (value) => events.push(value),
      (error) => events.push(error.code ?? error.message),
    )
  return { resolve, reject, events }
}

const GIVEN_UP = ['abandoned', 'SERVICE_UNAVAILABLE']

describe('watched work', () => {
  test('answers as it would have answered unwatched', async () => {
    const answer = { rows: [] }
    expect(await watchdog.watch(Promise.resolve(answer))).toBe(answer)
  })

  test('fails as it would have failed unwatched', async () => {
    const failure = new Error('duplicate key')
    await expect(watchdog.watch(Promise.reject(failure))).rejects.toBe(failure)
  })

  test('is never abandoned once it has answered', async () => {
    const done = watched()
    done.resolve('done')
    await pass(10 * SILENCE_MS)
    expect(done.events).toEqual(['done'])
  })

  test('leaves no timer running when nobody waits', async () => {
    const [answered, silent] = [watched(), watched()]
    answered.resolve('done')
    await pass(A_LITTLE)
    expect(vi.getTimerCount()).toBe(1)
    await pass(SILENCE_MS)
    expect(silent.events).toEqual(GIVEN_UP)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('silence', () => {
  test('is SERVICE_UNAVAILABLE after its time and not before, the abandoning first', async () => {
    const work = watched()
    await pass(SILENCE_MS - A_LITTLE)
    expect(work.events).toEqual([])
    await pass(2 * A_LITTLE)
    expect(work.events).toEqual(GIVEN_UP)
  })

  test('begins with the work, however long nothing was asked before', async () => {
    await pass(100 * SILENCE_MS)
    const work = watched()
    await pass(SILENCE_MS - A_LITTLE)
    expect(work.events).toEqual([])
  })

  test('ends the waiting of each only after that one has waited long enough', async () => {
    const early = watched()
    await pass(SILENCE_MS / 2)
    const late = watched()
    await pass(SILENCE_MS / 2 + A_LITTLE)
    expect([early.events, late.events]).toEqual([GIVEN_UP, []])
    await pass(SILENCE_MS / 2)
    expect(late.events).toEqual(GIVEN_UP)
  })

  test('is watched for again after everyone was given up', async () => {
    watched()
    await pass(2 * SILENCE_MS)
    const next = watched()
    await pass(SILENCE_MS + A_LITTLE)
    expect(next.events).toEqual(GIVEN_UP)
  })
})

describe('a database that is slow but not silent', () => {
  test.each([
    ['answers', (other: ReturnType<typeof watched>) => other.resolve('done')],
    ['refuses', (other: ReturnType<typeof watched>) => other.reject(new Error('duplicate key'))],
  ])('is waited for as long as it %s others', async (_, speak) => {
    const work = watched()
    for (let round = 0; round < 10; round += 1) {
      const other = watched()
      await pass(SILENCE_MS - A_LITTLE)
      speak(other)
    }
    expect(work.events).toEqual([])
    await pass(SILENCE_MS + A_LITTLE)
    expect(work.events).toEqual(GIVEN_UP)
  })

  test('does not speak by not being reached', async () => {
    const work = watched()
    await pass(SILENCE_MS / 2)
    const other = watched()
    other.reject(new Error('unreached'))
    await pass(SILENCE_MS / 2 + A_LITTLE)
    expect(work.events).toEqual(GIVEN_UP)
  })

  test('speaks even with an answer that nobody waits for any more', async () => {
    const givenUp = watched()
    await pass(SILENCE_MS / 2)
    const work = watched()
    await pass(SILENCE_MS - A_LITTLE)
    expect(givenUp.events).toEqual(GIVEN_UP)
    givenUp.resolve('too late')
    await pass(SILENCE_MS - A_LITTLE)
    expect(work.events).toEqual([])
    work.resolve('done')
    await pass(0)
    expect(work.events).toEqual(['done'])
  })
})

test('a process that slept itself does not take its own sleep for silence', async () => {
  const work = watched()
  // The clock goes on while no timer runs, as it does when the machine or the event loop stands still.
  const now = performance.now()
  vi.setSystemTime(Date.now() + 10 * SILENCE_MS)
  vi.spyOn(performance, 'now').mockImplementation(() => now + 10 * SILENCE_MS)
  await pass(SILENCE_MS / 10)
  vi.restoreAllMocks()
  expect(work.events).toEqual([])
})

describe('an answer that comes too late', () => {
  test.each([
    ['a result', (work: ReturnType<typeof watched>) => work.resolve('too late')],
    ['a failure', (work: ReturnType<typeof watched>) => work.reject(new Error('too late'))],
  ])('changes nothing for its caller: %s', async (_, answer) => {
    const work = watched()
    await pass(2 * SILENCE_MS)
    answer(work)
    await pass(2 * SILENCE_MS)
    expect(work.events).toEqual(GIVEN_UP)
  })

  test('leaves those who ask later watched', async () => {
    const givenUp = watched()
    await pass(2 * SILENCE_MS)
    const next = watched()
    givenUp.resolve('too late')
    await pass(SILENCE_MS + A_LITTLE)
    expect(next.events).toEqual(GIVEN_UP)
  })
})
