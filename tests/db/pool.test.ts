import { expect, test } from 'vitest'
import { createPool } from '../../src/db/pool.ts'

interface Fake {
  readonly number: number
  readonly lose: () => void
}

const LIFETIME_MS = 1_000
const PAUSE_MS = 100
const PATIENCE_MS = 400

/** A pool of numbered connections, on a clock that stands still unless it is moved. */
function openPool({ max = 2, goodbye = Promise.resolve() } = {}) {
  const opened: Fake[] = []
  const closed: number[] = []
  const sleeping: { readonly until: number; readonly wake: () => void }[] = []
  let time = 0
  const pool = createPool<Fake>({
    max,
    open(lose) {
      const connection = { number: opened.length + 1, lose }
      opened.push(connection)
      return connection
    },
    close({ number }, atOnce) {
      closed.push(atOnce ? -number : number)
      return goodbye
    },
    lifetimeMs: () => LIFETIME_MS,
    pauseMs: PAUSE_MS,
    patienceMs: PATIENCE_MS,
    now: () => time,
    sleep(ms, signal) {
      const { promise, resolve } = Promise.withResolvers<void>()
      if (signal.aborted) resolve()
      signal.addEventListener('abort', () => resolve())
      sleeping.push({ until: time + ms, wake: resolve })
      return promise
    },
  })

  /** Something that is asked for, and ends when it is told to. */
  function ask(how: 'share' | 'hold') {
    const end = Promise.withResolvers<string>()
    const use = { number: 0, end: () => end.resolve('answer'), fail: () => end.reject(new Error('refused')) }
    const answer = pool[how]((connection) => {
      use.number = connection.number
      return end.promise
    })
    answer.catch(() => {})
    return { ...use, answer, on: () => use.number }
  }

  return {
    pool,
    opened,
    closed,
    ask,
    settle,
    moveTo(next: number) {
      time = next
      for (const { until, wake } of sleeping) if (until <= time) wake()
      return settle()
    },
  }
}

/** Long enough for everything that waits for nothing but promises. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

test('one after the other have the same connection', async () => {
  const { ask, opened, settle } = openPool()
  for (let time = 0; time < 3; time += 1) {
    const one = ask('share')
    one.end()
    expect(await one.answer).toBe('answer')
    const other = ask('hold')
    other.fail()
    await expect(other.answer).rejects.toThrow('refused')
  }
  await settle()
  expect(opened).toHaveLength(1)
})

test('those who come together have their own as long as there are any, and then share the one that has the fewest', async () => {
  const { ask, settle } = openPool({ max: 2 })
  const asked = [ask('share'), ask('share'), ask('share'), ask('share')]
  await settle()
  expect(asked.map(({ on }) => on())).toEqual([1, 2, 1, 2])
  asked[0]?.end()
  asked[2]?.end()
  await settle()
  const next = [ask('share'), ask('share')]
  await settle()
  expect(next.map(({ on }) => on())).toEqual([1, 1])
})

test('those who have to share do so where something was answered already', async () => {
  const { ask, settle } = openPool({ max: 3 })
  const first = ask('share')
  first.end()
  await first.answer
  const asked = [ask('share'), ask('share'), ask('share'), ask('share'), ask('share')]
  await settle()
  expect(asked.map(({ on }) => on())).toEqual([1, 2, 3, 1, 1])
  asked[1]?.fail()
  await settle()
  const next = [ask('share'), ask('share')]
  await settle()
  // One that is idle comes first, whatever it has answered.
  expect(next.map(({ on }) => on())).toEqual([2, 1])
})

test('what is held is nobody else’s until it was given back', async () => {
  const { ask, opened, settle } = openPool({ max: 2 })
  const holder = ask('hold')
  const others = [ask('share'), ask('share'), ask('share')]
  await settle()
  expect(holder.on()).toBe(1)
  expect(others.map(({ on }) => on())).toEqual([2, 2, 2])
  holder.end()
  await settle()
  const next = ask('share')
  await settle()
  expect(next.on()).toBe(1)
  expect(opened).toHaveLength(2)
})

test('who holds one comes after those who share it already, and nobody else after him', async () => {
  const { ask, settle } = openPool({ max: 1 })
  const [first, second] = [ask('share'), ask('share')]
  const holder = ask('hold')
  const later = ask('share')
  const on = () => [first, second, holder, later].map((use) => use.on())
  await settle()
  expect(on()).toEqual([1, 1, 0, 0])
  first.end()
  await settle()
  expect(on()).toEqual([1, 1, 0, 0])
  second.fail()
  await settle()
  expect(on()).toEqual([1, 1, 1, 0])
  holder.fail()
  await settle()
  expect(on()).toEqual([1, 1, 1, 1])
})

test('who waits to be alone on a connection that is lost is told so by it', async () => {
  const { ask, opened, settle } = openPool({ max: 1 })
  const sharing = ask('share')
  const holder = ask('hold')
  await settle()
  opened[0]?.lose()
  await settle()
  expect([sharing.on(), holder.on()]).toEqual([1, 1])
})

test('who waits to be alone on one that is lost before it was opened is told so as well', async () => {
  const { ask, opened, moveTo, settle } = openPool({ max: 1 })
  ask('share')
  await settle()
  opened[0]?.lose()
  const [sharing, holder] = [ask('share'), ask('hold')]
  await settle()
  opened[1]?.lose()
  await moveTo(PAUSE_MS)
  expect([sharing.on(), holder.on()]).toEqual([2, 2])
})

test('when all are held others wait, and come in the order in which they came', async () => {
  const { ask, settle } = openPool({ max: 1 })
  const [first, second, third, fourth, fifth] = [ask('hold'), ask('share'), ask('share'), ask('hold'), ask('share')]
  const on = () => [first, second, third, fourth, fifth].map((use) => use.on())
  await settle()
  expect(on()).toEqual([1, 0, 0, 0, 0])
  first.end()
  await settle()
  // Who shares does not wait for others who share.
  expect(on()).toEqual([1, 1, 1, 0, 0])
  second.end()
  third.end()
  await settle()
  expect(on()).toEqual([1, 1, 1, 1, 0])
  fourth.end()
  await settle()
  expect(on()).toEqual([1, 1, 1, 1, 1])
})

test('who comes while others wait does not overtake them', async () => {
  const { ask, settle } = openPool({ max: 1 })
  const holder = ask('hold')
  const waiting = ask('hold')
  await settle()
  holder.end()
  const late = ask('share')
  await settle()
  expect([waiting.on(), late.on()]).toEqual([1, 0])
  waiting.end()
  await settle()
  expect(late.on()).toBe(1)
})

test('a connection that was lost is used no more, and another is opened after a pause', async () => {
  const { ask, opened, moveTo, settle } = openPool()
  const cut = ask('share')
  await settle()
  opened[0]?.lose()
  cut.fail()
  await moveTo(10)
  const next = ask('share')
  await settle()
  expect(opened).toHaveLength(2)
  expect(next.on()).toBe(0)
  await moveTo(PAUSE_MS - 1)
  expect(next.on()).toBe(0)
  await moveTo(PAUSE_MS)
  expect(next.on()).toBe(2)
})

test('who waited when all were held has the place of one that was lost', async () => {
  const { ask, opened, moveTo, settle } = openPool({ max: 1 })
  const holder = ask('hold')
  const waiting = ask('hold')
  await settle()
  opened[0]?.lose()
  await moveTo(PAUSE_MS)
  expect(waiting.on()).toBe(2)
  // What is given back late changes nothing for the others.
  holder.fail()
  await settle()
  const next = ask('share')
  await settle()
  expect(next.on()).toBe(0)
  waiting.end()
  await settle()
  expect(next.on()).toBe(2)
})

test('after a loss one connection is tried at a time, until one has answered', async () => {
  const { ask, opened, moveTo, settle } = openPool({ max: 5 })
  ask('share')
  await settle()
  opened[0]?.lose()
  await moveTo(PAUSE_MS)
  const probes = [ask('share'), ask('share'), ask('share')]
  await settle()
  expect(probes.map(({ on }) => on())).toEqual([2, 2, 2])
  opened[1]?.lose()
  for (const probe of probes) probe.fail()
  await moveTo(2 * PAUSE_MS)
  const again = [ask('hold'), ask('share'), ask('share')]
  await settle()
  expect(again.map(({ on }) => on())).toEqual([3, 0, 0])
  again[0]?.end()
  await settle()
  expect(again.map(({ on }) => on())).toEqual([3, 3, 4])
})

test('a server that refuses before it ends the connection is not stormed either', async () => {
  const { ask, opened, moveTo, settle } = openPool({ max: 5 })
  ask('hold')
  await settle()
  opened[0]?.lose()
  await moveTo(PAUSE_MS)
  const waiting = [ask('hold'), ask('hold'), ask('hold'), ask('hold')]
  await settle()
  expect(waiting.map(({ on }) => on())).toEqual([2, 0, 0, 0])
  waiting[0]?.fail()
  await settle()
  expect(opened).toHaveLength(2)
  opened[1]?.lose()
  await settle()
  expect(opened).toHaveLength(3)
})

test('an answer that comes over a connection that is lost meanwhile proves nothing', async () => {
  const { ask, opened, moveTo, settle } = openPool({ max: 5 })
  const late = ask('share')
  await settle()
  opened[0]?.lose()
  late.end()
  await late.answer
  await moveTo(PAUSE_MS)
  const next = [ask('share'), ask('share')]
  await settle()
  expect(next.map(({ on }) => on())).toEqual([2, 2])
})

test('a loss does not keep others from being tried beside those that have proven themselves', async () => {
  const { ask, opened, moveTo, settle } = openPool({ max: 5 })
  const [first, second] = [ask('share'), ask('share')]
  await settle()
  first.end()
  await settle()
  const held = ask('hold')
  await settle()
  opened[1]?.lose()
  second.fail()
  await moveTo(PAUSE_MS)
  const next = ask('share')
  await settle()
  expect([held.on(), next.on()]).toEqual([1, 3])
})

test('a connection is replaced after its time, but not while somebody uses it', async () => {
  const { ask, closed, moveTo, opened, settle } = openPool({ max: 1 })
  const [one, other] = [ask('share'), ask('share')]
  await moveTo(LIFETIME_MS)
  one.end()
  await settle()
  expect(closed).toEqual([])
  other.end()
  await settle()
  expect(closed).toEqual([1])
  const next = ask('share')
  await settle()
  expect(next.on()).toBe(2)
  // That its socket closes now is no loss.
  opened[0]?.lose()
  next.end()
  await settle()
  const last = ask('share')
  await settle()
  expect(last.on()).toBe(2)
})

test('a connection that was replaced leaves no doubt about the server when it ends', async () => {
  const { ask, moveTo, opened, settle } = openPool({ max: 2 })
  const first = ask('share')
  await moveTo(LIFETIME_MS)
  first.end()
  await settle()
  opened[0]?.lose()
  const next = [ask('share'), ask('share')]
  await settle()
  expect(next.map(({ on }) => on())).toEqual([2, 3])
})

test('when it is closed, who waits and who comes is refused, and who uses a connection comes to an end', async () => {
  const { ask, closed, pool, settle } = openPool({ max: 2 })
  const [idle, holder] = [ask('share'), ask('hold')]
  await settle()
  idle.end()
  await idle.answer
  const second = ask('hold')
  const waiting = ask('share')
  await settle()
  const closing = pool.close()
  await expect(waiting.answer).rejects.toMatchObject({ code: 'CONNECTION_ENDED' })
  await expect(ask('share').answer).rejects.toMatchObject({ code: 'CONNECTION_ENDED' })
  second.end()
  expect(await second.answer).toBe('answer')
  expect(closed).toEqual([1])
  holder.end()
  await closing
  expect(closed).toEqual([1, 2])
  expect(await holder.answer).toBe('answer')
})

test('who does not come to an end is not waited for when it is closed', async () => {
  const { ask, closed, moveTo, pool, settle } = openPool({ max: 2 })
  ask('hold')
  await settle()
  let isClosed = false
  const closing = pool.close().then(() => {
    isClosed = true
  })
  await moveTo(PATIENCE_MS - 1)
  expect(isClosed).toBe(false)
  await moveTo(PATIENCE_MS)
  await closing
  expect(closed).toEqual([-1])
})

test('it is closed when the last connection has said goodbye', async () => {
  const goodbye = Promise.withResolvers<void>()
  const { ask, pool, settle } = openPool({ goodbye: goodbye.promise })
  const one = ask('share')
  one.end()
  await one.answer
  let isClosed = false
  const closing = pool.close().then(() => {
    isClosed = true
  })
  await settle()
  expect(isClosed).toBe(false)
  goodbye.resolve()
  await closing
})
