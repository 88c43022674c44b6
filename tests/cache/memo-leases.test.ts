import { beforeEach, describe, expect, test } from 'vitest'
import type { MemoStore } from '../../src/cache/memo-store.ts'
import { HandClock } from './hand-clock.ts'
import {
  answerPolicy,
  breakable,
  fingerprintOf,
  type MemoNode,
  Model,
  Outage,
  questionOf,
  Refusal,
  startMemo,
} from './memo-node.ts'
import { MemoryStore } from './memory-store.ts'
import { settled } from './node.ts'

/*
 * Several processes want the same. One computes, and keeps telling that it is alive; the others look now and then.
 */

let shared: MemoryStore
let clock: HandClock
let model: Model
let one: MemoNode
let other: MemoNode

beforeEach(() => {
  shared = new MemoryStore()
  clock = new HandClock(shared)
  model = new Model()
  one = start()
  other = start()
})

const start = (store: MemoStore = shared.connect()) => startMemo({ store, ...clock })

type Given = Parameters<typeof questionOf>[1]

/** Asks, and lets everyone get as far as they can. */
async function asking({ memo }: MemoNode, given: Given = {}) {
  const found = memo.ask(questionOf(model, given))
  // Some of them are looked at only later.
  found.catch(() => {})
  await settled()
  return { found }
}

const KEY = 'test:v1:{reply:a}'
const place = () => shared.entries.get(KEY)?.value
const invalidate = (tag = 'reply:a') => shared.connect().invalidate([`test:v1:{${tag}}`], [tag])

describe('while one process computes, another one', () => {
  test('waits, and gets the same soon after', async () => {
    const first = await asking(one)
    const second = await asking(other)
    await clock.pass(3_000)
    expect(model.names).toEqual(['a'])
    model.last.answer('Ahoj!')
    expect((await first.found).from).toBe('COMPUTED')
    await clock.pass(100)
    expect(await second.found).toEqual({
      value: { text: 'Ahoj!' },
      from: 'JOINED',
      computedAt: 3_000,
      askedAt: null,
    })
    expect(other.counts()).toEqual({ joined: 1 })
  })

  test('looks again soon at first, and less often later', async () => {
    let looks = 0
    const store = shared.connect()
    const counting = {
      ...store,
      find: (keys: readonly string[]) => {
        looks += 1
        return store.find(keys)
      },
    }
    await asking(one)
    await asking(start(counting))
    expect(looks).toBe(1)
    const after: number[] = []
    for (const ms of [20, 40, 80, 100, 100, 1_000]) {
      await clock.pass(ms)
      after.push(looks)
    }
    expect(after).toEqual([2, 3, 4, 5, 6, 16])
  })

  test('is told of its failure, as one who waited', async () => {
    const first = await asking(one)
    const second = await asking(other)
    model.last.fail(new Outage('the model is gone'))
    await expect(first.found).rejects.toThrow('the model is gone')
    await clock.pass(100)
    await expect(second.found).rejects.toThrow(Outage)
    await expect(second.found).rejects.toThrow('the model is gone')
  })

  test('takes over when the failure was the asker’s own affair', async () => {
    const first = await asking(one)
    const second = await asking(other)
    model.last.fail(new Refusal('no budget'))
    await expect(first.found).rejects.toThrow('no budget')
    expect(place()).toBeUndefined()
    await clock.pass(100)
    expect(model.names).toEqual(['a', 'a'])
    model.last.answer('Ahoj!')
    expect((await second.found).from).toBe('COMPUTED')
  })

  test('takes over at once when nobody there waits any more, and the computation has ended', async () => {
    const controller = new AbortController()
    const first = await asking(one, { signal: controller.signal })
    const second = await asking(other)
    controller.abort(new Error('gone'))
    await expect(first.found).rejects.toThrow('gone')
    model.last.heed()
    await settled()
    expect(place()).toBeUndefined()
    await clock.pass(20)
    expect(model.names).toEqual(['a', 'a'])
    model.last.answer('Ahoj!')
    expect((await second.found).from).toBe('COMPUTED')
  })

  test('waits on when nobody there waits any more, as long as that is computed all the same', async () => {
    const controller = new AbortController()
    const first = await asking(one, { signal: controller.signal })
    const second = await asking(other)
    controller.abort(new Error('gone'))
    await expect(first.found).rejects.toThrow('gone')
    await clock.pass(10_000)
    expect(model.names).toEqual(['a'])
    model.last.answer('Ahoj!')
    await clock.pass(100)
    expect(await second.found).toMatchObject({ from: 'JOINED', value: { text: 'Ahoj!' } })
    expect(clock.sleeping).toBe(0)
  })

  test('takes over within 2.5 s when that one dies', async () => {
    const breaking = breakable(shared.connect())
    await asking(start(breaking.store))
    const second = await asking(other)
    await clock.pass(1_900)
    breaking.become('hanging')
    await clock.pass(1_500)
    expect(model.names).toEqual(['a'])
    await clock.pass(1_000)
    expect(model.names).toEqual(['a', 'a'])
    model.last.answer('Ahoj!')
    expect((await second.found).from).toBe('COMPUTED')
  })

  test('does not take over from one who could not be heard of for a moment', async () => {
    const breaking = breakable(shared.connect())
    const owner = start(breaking.store)
    await asking(owner)
    await asking(other)
    await clock.pass(499)
    breaking.become('refusing')
    await clock.pass(1)
    breaking.become('none')
    await clock.pass(5_000)
    expect(model.names).toEqual(['a'])
    expect(owner.counts()).toEqual({ miss: 1, 'store-failed': 1 })
  })

  test('waits for whoever takes over, and is told of that one’s failure as well', async () => {
    const breaking = breakable(shared.connect())
    await asking(start(breaking.store))
    breaking.become('hanging')
    const waiting = [await asking(one), await asking(other)]
    await clock.pass(2_100)
    expect(model.names).toEqual(['a', 'a'])
    model.last.fail(new Outage('again'))
    await clock.pass(100)
    for (const { found } of waiting) await expect(found).rejects.toThrow('again')
    expect(model.names).toEqual(['a', 'a'])
  })

  test('computes something else in the same place by itself, and leaves the place alone', async () => {
    const tag = 'replies:1'
    const first = await asking(one, { tag })
    const second = await asking(other, { tag, name: 'b' })
    const third = await asking(other, { tag, name: 'b' })
    expect(model.names).toEqual(['a', 'b'])
    model.calls[1]?.answer('to b')
    expect([(await second.found).from, (await third.found).from]).toEqual(['COMPUTED', 'JOINED'])
    model.calls[0]?.answer('to a')
    await first.found
    expect((await (await asking(other, { tag })).found).value.text).toBe('to a')
    await asking(other, { tag, name: 'b' })
    expect(model.names).toEqual(['a', 'b', 'b'])
  })

  test('computes the same for another database by itself', async () => {
    await asking(one)
    const elsewhere = await asking(startMemo({ store: shared.connect(), ...clock, origin: 'another' }))
    expect(model.names).toEqual(['a', 'a'])
    model.last.answer('there')
    expect(await elsewhere.found).toMatchObject({ from: 'COMPUTED', value: { text: 'there' } })
  })

  test('gets what came in between looking and claiming', async () => {
    const store = shared.connect()
    const held = Promise.withResolvers<void>()
    const late = {
      ...store,
      claim: (...asked: Parameters<typeof store.claim>) => held.promise.then(() => store.claim(...asked)),
    }
    const second = await asking(start(late))
    await asking(one)
    model.last.answer('Ahoj!')
    await settled()
    held.resolve()
    expect(await second.found).toMatchObject({ from: 'STORED', value: { text: 'Ahoj!' } })
    expect(model.names).toEqual(['a'])
  })
})

describe('a failure', () => {
  const failed = async () => {
    const first = await asking(one)
    model.last.fail(new Outage('the model is gone'))
    await expect(first.found).rejects.toThrow('the model is gone')
  }

  test('is nobody’s who asks later, here or elsewhere', async () => {
    await failed()
    expect(place()).toMatch(/^failed:/)
    const later = await asking(other)
    const laterStill = await asking(one)
    expect(model.names).toEqual(['a', 'a'])
    model.last.answer('Ahoj!')
    await clock.pass(100)
    expect([(await later.found).from, (await laterStill.found).from]).toEqual(['COMPUTED', 'JOINED'])
  })

  test('is nobody’s who asks later where somebody still waits for it', async () => {
    await asking(one)
    const waiting = await asking(other)
    model.last.fail(new Outage('the model is gone'))
    await settled()
    // The earlier one has not looked again yet.
    const later = await asking(other)
    await clock.pass(20)
    await expect(waiting.found).rejects.toThrow('the model is gone')
    expect(model.names).toEqual(['a', 'a'])
    model.last.answer('Ahoj!')
    expect((await later.found).from).toBe('COMPUTED')
  })

  test('of one who was not waited for is none', async () => {
    const breaking = breakable(shared.connect())
    await asking(start(breaking.store))
    breaking.become('hanging')
    const waiting = await asking(other)
    // As if another one had taken over and failed before this one looked again.
    shared.entries.set(KEY, { value: 'failed:somebody else:no', endsAt: Number.POSITIVE_INFINITY })
    await clock.pass(20)
    expect(model.names).toEqual(['a', 'a'])
    model.last.answer('Ahoj!')
    expect((await waiting.found).from).toBe('COMPUTED')
  })

  test('whose note nobody here can read is none: one of those who waited computes', async () => {
    const decodeFailure = (text: string) => {
      throw new TypeError(`not a failure of this release: ${text}`)
    }
    const policy = { ...answerPolicy, decodeFailure }
    const [third, fourth] = [1, 2].map(() => startMemo({ store: shared.connect(), ...clock, policy }))
    await asking(one)
    const waiting = []
    for (const each of [third, fourth]) if (each) waiting.push(await asking(each))
    model.last.fail(new Outage('in other words'))
    await clock.pass(100)
    expect(model.names).toEqual(['a', 'a'])
    model.last.answer('Ahoj!')
    await clock.pass(100)
    const found = await Promise.all(waiting.map((each) => each.found))
    expect(found.map(({ from }) => from).toSorted()).toEqual(['COMPUTED', 'JOINED'])
    expect(third?.counts()).toMatchObject({ unusable: 1 })
  })

  test('is noted only for a while', async () => {
    await failed()
    await clock.pass(5_000)
    expect(await shared.connect().find([KEY])).toEqual([null])
  })

  test('that cannot be told apart still leaves the place', async () => {
    const error = new Outage('odd')
    Object.defineProperty(error, 'message', {
      get() {
        throw new TypeError('no words')
      },
    })
    const first = await asking(one)
    model.last.fail(error)
    await expect(first.found).rejects.toThrow('no words')
    await settled()
    expect(place()).toBeUndefined()
    expect(clock.sleeping).toBe(0)
  })
})

describe('an invalidation', () => {
  test('keeps what was computed before it out of its place', async () => {
    const first = await asking(one)
    await invalidate()
    model.last.answer('Ahoj!')
    expect((await first.found).value.text).toBe('Ahoj!')
    expect(place()).toBeUndefined()
    expect(one.counts()).toEqual({ miss: 1, loaded: 1, 'fill-refused': 1 })
  })

  test('has those who wait elsewhere compute it anew', async () => {
    const first = await asking(one)
    const second = await asking(other)
    await invalidate()
    await clock.pass(500)
    expect(model.names).toEqual(['a', 'a'])
    model.calls[1]?.answer('new')
    model.calls[0]?.answer('old')
    expect((await first.found).value.text).toBe('old')
    expect((await second.found).value.text).toBe('new')
    expect((await (await asking(one)).found).value.text).toBe('new')
  })

  test('has those who come after it join nobody who was there before', async () => {
    const before = await asking(one)
    await invalidate()
    one.hear('reply:a')
    const after = await asking(one)
    model.calls[1]?.answer('new')
    model.calls[0]?.answer('old')
    expect([(await before.found).value.text, (await after.found).value.text]).toEqual(['old', 'new'])
  })

  test('of something else changes nothing', async () => {
    const before = await asking(one)
    one.hear('reply:b')
    const after = await asking(one)
    model.last.answer('Ahoj!')
    expect([(await before.found).from, (await after.found).from]).toEqual(['COMPUTED', 'JOINED'])
  })

  test('has nobody renew a lease that is gone', async () => {
    await asking(one)
    await invalidate()
    await clock.pass(500)
    expect(clock.sleeping).toBe(0)
  })
})

describe('without the store', () => {
  test('everyone in a process shares one computation, and it is remembered there', async () => {
    shared.gone = true
    const asked = [await asking(one), await asking(one)]
    expect(model.names).toEqual(['a'])
    model.last.answer('Ahoj!')
    const found = await Promise.all(asked.map((each) => each.found))
    expect(found.map(({ from }) => from)).toEqual(['COMPUTED', 'JOINED'])
    expect((await (await asking(one)).found).from).toBe('STORED')
    expect(one.events).toContainEqual({ kind: 'hit', policy: 'answer', tier: 'L1', count: 1 })
    await asking(other)
    expect(model.names).toEqual(['a', 'a'])
  })

  test('what was computed anew replaces what was remembered', async () => {
    shared.gone = true
    const first = await asking(one)
    model.last.answer('one')
    await first.found
    const second = await asking(one, { mode: 'REFRESH' })
    model.last.answer('two')
    await second.found
    expect((await (await asking(one)).found).value.text).toBe('two')
  })

  test('what is still computed since before is not remembered in the place of what was computed anew', async () => {
    shared.gone = true
    const earlier = await asking(one)
    const later = await asking(one, { mode: 'REFRESH' })
    model.calls[1]?.answer('later')
    await later.found
    model.calls[0]?.answer('earlier')
    await earlier.found
    expect((await (await asking(one)).found).value.text).toBe('later')
  })

  test('one who waited for another process computes by themselves', async () => {
    const breaking = breakable(shared.connect())
    const waiting = start(breaking.store)
    await asking(one)
    const asked = [await asking(waiting), await asking(waiting)]
    breaking.become('refusing')
    await clock.pass(20)
    expect(model.names).toEqual(['a', 'a'])
    model.last.answer('Ahoj!')
    const found = await Promise.all(asked.map((each) => each.found))
    expect(found.map(({ from }) => from)).toEqual(['COMPUTED', 'JOINED'])
  })

  test('one who was computing is answered all the same, and remembers it', async () => {
    const breaking = breakable(shared.connect())
    const alone = start(breaking.store)
    const first = await asking(alone)
    breaking.become('refusing')
    model.last.answer('Ahoj!')
    expect((await first.found).from).toBe('COMPUTED')
    expect((await (await asking(alone)).found).from).toBe('STORED')
  })

  test('one who finds nothing, and cannot claim the place, takes what memory has', async () => {
    const store = shared.connect()
    let refusing = false
    const node = start({
      ...store,
      claim: async (...asked) => (refusing ? Promise.reject(new Error('no')) : store.claim(...asked)),
    })
    const first = await asking(node)
    model.last.answer('Ahoj!')
    await first.found
    shared.entries.clear()
    refusing = true
    expect(await (await asking(node)).found).toMatchObject({ from: 'STORED', value: { text: 'Ahoj!' } })
    expect(model.names).toEqual(['a'])
  })

  test('one who wants it anew, and cannot claim the place, has it remembered here', async () => {
    const store = shared.connect()
    const node = start({ ...store, claim: () => Promise.reject(new Error('no')) })
    const first = await asking(node, { mode: 'REFRESH' })
    model.last.answer('Ahoj!')
    await first.found
    shared.gone = true
    expect((await (await asking(node)).found).from).toBe('STORED')
  })

  test('what was computed beside whoever has the place is not remembered', async () => {
    const first = await asking(one)
    const second = await asking(one, { mode: 'REFRESH' })
    model.calls[1]?.answer('two')
    model.calls[0]?.answer('one')
    await Promise.all([first.found, second.found])
    shared.gone = true
    await asking(one)
    expect(model.names).toEqual(['a', 'a', 'a'])
  })

  test('a failure is told to everyone who waits here, and to nobody later', async () => {
    shared.gone = true
    const asked = [await asking(one), await asking(one)]
    model.last.fail(new Outage('the model is gone'))
    for (const { found } of asked) await expect(found).rejects.toThrow('the model is gone')
    await asking(one)
    expect(model.names).toEqual(['a', 'a'])
  })
})

test('after an answer, or a failure, the store is not asked any more', async () => {
  const steps: string[] = []
  const node = start(shared.connect(async (step) => void steps.push(step)))
  for (const end of ['answer', 'outage', 'refusal'] as const) {
    const { found } = await asking(node, { name: end })
    steps.length = 0
    if (end === 'answer') model.last.answer('Ahoj!')
    else model.last.fail(end === 'outage' ? new Outage('no') : new Refusal('no'))
    await found.catch(() => {})
    await clock.pass(5_000)
    const done = end === 'refusal' ? 'release' : 'settle'
    expect(steps).toEqual([`${done}: on its way`, `${done}: on its way back`])
    expect(clock.sleeping).toBe(0)
  }
})

test('a lease says what it is for', async () => {
  await asking(one)
  expect(place()).toMatch(new RegExp(`^lease:db/${fingerprintOf('a')}:node-`))
})
