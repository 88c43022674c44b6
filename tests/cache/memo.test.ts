import { beforeEach, describe, expect, test } from 'vitest'
import type { MemoQuestion } from '../../src/cache/memo.ts'
import { HandClock } from './hand-clock.ts'
import { type Answer, answerPolicy, type MemoNode, Model, questionOf, startMemo } from './memo-node.ts'
import { MemoryStore } from './memory-store.ts'
import { settled } from './node.ts'

let shared: MemoryStore
let clock: HandClock
let model: Model
let node: MemoNode

beforeEach(() => {
  shared = new MemoryStore()
  clock = new HandClock(shared)
  model = new Model()
  node = start()
})

const start = (options: Partial<Parameters<typeof startMemo>[0]> = {}) =>
  startMemo({ store: shared.connect(), ...clock, ...options })

type Given = Parameters<typeof questionOf>[1]

const ask = (given: Given = {}, { memo }: MemoNode = node) => memo.ask(questionOf(model, given))

/** Asks, and has the model answer at once. */
async function answered(text: string, given: Given = {}, at: MemoNode = node) {
  const compute: MemoQuestion<Answer>['compute'] = async (call) => {
    const answer = model.ask(given?.name ?? 'a')(call)
    model.last.answer(text)
    return answer
  }
  const found = await at.memo.ask({ ...questionOf(model, given), compute })
  await settled()
  return found
}

const KEY = 'test:v1:{reply:a}'
const place = () => shared.entries.get(KEY)?.value

describe('what was computed', () => {
  test('is found by everyone who asks for it next', async () => {
    await clock.pass(1_000)
    expect(await answered('Ahoj!')).toEqual({
      value: { text: 'Ahoj!' },
      from: 'COMPUTED',
      computedAt: 1_000,
      askedAt: null,
    })
    await clock.pass(5_000)
    const stored = { value: { text: 'Ahoj!' }, from: 'STORED', computedAt: 1_000, askedAt: null }
    expect(await ask()).toEqual(stored)
    expect(await ask({}, start())).toEqual(stored)
    expect(model.names).toEqual(['a'])
  })

  test('is in the store before anyone is answered', async () => {
    const stored = ask().then(() => place())
    await settled()
    model.last.answer('Ahoj!')
    expect(await stored).toContain('{"text":"Ahoj!"}')
  })

  test('is forgotten after its time, whatever time the store still gives it', async () => {
    await answered('one')
    await clock.pass(59_999)
    expect((await ask()).from).toBe('STORED')
    const standing = shared.entries.get(KEY)
    await clock.pass(1)
    if (standing) shared.entries.set(KEY, { ...standing, endsAt: Number.POSITIVE_INFINITY })
    expect((await answered('two')).value.text).toBe('two')
  })

  test('answers nothing else that is asked in the same place, and makes room for it', async () => {
    await answered('to a', { tag: 'replies:1' })
    expect(await answered('to b', { tag: 'replies:1', name: 'b' })).toMatchObject({ from: 'COMPUTED' })
    expect(await ask({ tag: 'replies:1', name: 'b' })).toMatchObject({ from: 'STORED', value: { text: 'to b' } })
    expect((await answered('to a', { tag: 'replies:1' })).from).toBe('COMPUTED')
  })

  test.each([
    ['from another source', { origin: 'another' }],
    ['of another shape', { policy: { ...answerPolicy, version: 2 } }],
    ['of another kind', { policy: { ...answerPolicy, name: 'other' } }],
  ])('does not count %s, and makes room', async (_, other) => {
    await answered('old')
    const reader = start(other)
    expect((await answered('new', {}, reader)).from).toBe('COMPUTED')
    expect((await ask({}, reader)).value.text).toBe('new')
  })

  test('is found in its place only', async () => {
    const alone = start({ store: null })
    const asked = [ask({ tag: 'reply:1' }, alone), ask({ tag: 'reply:2' }, alone)]
    await settled()
    for (const [index, call] of model.calls.entries()) call.answer(`${index}`)
    expect((await Promise.all(asked)).map(({ value }) => value.text)).toEqual(['0', '1'])
  })

  test('does not count when it is not what it says it is, and makes room', async () => {
    await answered('old')
    shared.entries.set(KEY, { value: place()?.replace('text', 'test') ?? '', endsAt: Number.POSITIVE_INFINITY })
    expect((await answered('new')).from).toBe('COMPUTED')
    expect(node.counts()).toMatchObject({ unusable: 1 })
    expect((await ask()).value.text).toBe('new')
  })

  test('is answered although it cannot be written down', async () => {
    const value: Answer = JSON.parse('{"text":"Ahoj!"}')
    const odd = { ...value, toJSON: () => undefined }
    expect((await node.memo.ask({ ...questionOf(model), compute: async () => odd })).value).toBe(odd)
    await settled()
    expect(node.counts()).toEqual({ miss: 1, loaded: 1, 'store-failed': 1 })
    expect(place()).toBeUndefined()
    expect((await answered('next')).from).toBe('COMPUTED')
  })

  test('is told of: what was found, computed and joined', async () => {
    const [one, other] = [ask(), ask()]
    await settled()
    model.last.answer('Ahoj!')
    await Promise.all([one, other])
    await ask()
    expect(node.counts()).toEqual({ miss: 1, loaded: 1, filled: 1, joined: 1, hit: 1 })
    expect(node.events).toContainEqual({ kind: 'hit', policy: 'answer', tier: 'L2', count: 1 })
  })
})

describe('one who wants it anew', () => {
  test('does not take what is there, and replaces it', async () => {
    await answered('one')
    expect(await answered('two', { mode: 'REFRESH' })).toMatchObject({ from: 'COMPUTED', value: { text: 'two' } })
    expect((await ask()).value.text).toBe('two')
    expect(node.counts()).toEqual({ miss: 1, loaded: 2, filled: 2, hit: 1 })
  })

  test('does not join whoever began before, nor takes their place', async () => {
    const earlier = ask()
    await settled()
    const later = ask({ mode: 'REFRESH' })
    await settled()
    model.calls[1]?.answer('later')
    expect((await later).value.text).toBe('later')
    model.calls[0]?.answer('earlier')
    expect((await earlier).value.text).toBe('earlier')
    expect((await ask()).value.text).toBe('earlier')
  })

  test('is joined by whoever comes after', async () => {
    const first = ask({ mode: 'REFRESH' })
    await settled()
    const second = ask()
    await settled()
    model.last.answer('anew')
    expect([(await first).from, (await second).from]).toEqual(['COMPUTED', 'JOINED'])
  })

  test('is joined even after one who began before is done', async () => {
    const alone = start({ store: null })
    const earlier = ask({}, alone)
    const later = ask({ mode: 'REFRESH' }, alone)
    await settled()
    model.calls[0]?.answer('earlier')
    await earlier
    const last = ask({}, alone)
    await settled()
    expect(model.calls).toHaveLength(2)
    model.calls[1]?.answer('later')
    expect([(await later).from, (await last).from]).toEqual(['COMPUTED', 'JOINED'])
  })

  test('has it anew although the value is in memory only', async () => {
    const alone = start({ store: null })
    await answered('one', {}, alone)
    expect((await answered('two', { mode: 'REFRESH' }, alone)).value.text).toBe('two')
    expect((await ask({}, alone)).value.text).toBe('two')
  })
})

describe('one who bypasses what is remembered', () => {
  test('neither takes nor leaves anything', async () => {
    await answered('one', { asker: 'asked:1' })
    const steps: string[] = []
    const watched = start({ store: shared.connect(async (step) => void steps.push(step)) })
    const bypassing = { mode: 'BYPASS', asker: 'asked:1' } as const
    expect(await answered('two', bypassing, watched)).toMatchObject({ from: 'COMPUTED', askedAt: null })
    expect(steps).toEqual([])
    expect((await ask()).value.text).toBe('one')
  })

  test('does not join anyone and is not joined', async () => {
    const asked = [ask(), ask({ mode: 'BYPASS' }), ask({ mode: 'BYPASS' })]
    await settled()
    expect(model.calls).toHaveLength(3)
    for (const [index, call] of model.calls.entries()) call.answer(`${index}`)
    expect((await Promise.all(asked)).map(({ from }) => from)).toEqual(['COMPUTED', 'COMPUTED', 'COMPUTED'])
    expect(node.counts()).toEqual({ miss: 1, loaded: 3, filled: 1 })
  })
})

describe('who has asked before', () => {
  const from = (asker: string, name = 'a') => ({ asker, name })

  test('is remembered, of each asker and each question', async () => {
    expect((await answered('Ahoj!', from('asked:1'))).askedAt).toBeNull()
    expect((await ask(from('asked:1'))).askedAt).toBe(0)
    expect((await ask(from('asked:1'), start())).askedAt).toBe(0)
    expect((await ask(from('asked:2'))).askedAt).toBeNull()
    expect((await ask({ asker: null })).askedAt).toBeNull()
    expect((await answered('Čau!', from('asked:1', 'b'))).askedAt).toBeNull()
    expect((await answered('Nazdar!', { ...from('asked:1'), mode: 'REFRESH' })).askedAt).toBe(0)
  })

  test.each([
    ['in the store', () => node],
    ['in memory', () => start({ store: null })],
  ])('is remembered with the time of their own first question, %s', async (_, open) => {
    shared.now = Date.UTC(2026, 10, 24)
    const at = open()
    await answered('Ahoj!', from('asked:1'), at)
    await clock.pass(10_000)
    await ask(from('asked:2'), at)
    const first = Date.UTC(2026, 10, 24)
    for (let n = 0; n < 2; n += 1) {
      await clock.pass(1_000)
      expect((await ask(from('asked:2'), at)).askedAt).toBe(first + 10_000)
      expect((await ask(from('asked:1'), at)).askedAt).toBe(first)
    }
  })

  test('is noted in as many characters whatever the source is called, and the time is', async () => {
    shared.now = 0.5
    await answered('Ahoj!', from('asked:1'), start({ origin: 'Žluťoučký-kůň' }))
    expect(shared.entries.get('test:v1:{asked:1}')?.value).toMatch(/^luou(61){8}0{9}$/)
  })

  test('is another one in another database on the same store', async () => {
    await answered('Ahoj!', from('asked:1'))
    const elsewhere = start({ origin: 'another' })
    expect((await answered('Ahoj!', from('asked:1'), elsewhere)).askedAt).toBeNull()
    expect((await ask(from('asked:1'), elsewhere)).askedAt).toBe(0)
    expect((await answered('Ahoj!', from('asked:1'))).askedAt).toBe(0)
  })

  test('is found together with the value, and not looked for where nobody is to be noted', async () => {
    const store = shared.connect()
    const looks: (readonly string[])[] = []
    const find: typeof store.find = (keys) => {
      looks.push(keys)
      return store.find(keys)
    }
    const watched = start({ store: { ...store, find } })
    await answered('Ahoj!', from('asked:1'), watched)
    await answered('Ahoj!', { asker: null }, watched)
    expect(looks).toEqual([['test:v1:{reply:a}', 'test:v1:{asked:1}'], ['test:v1:{reply:a}']])
  })

  test('is noted once', async () => {
    await answered('Ahoj!', from('asked:1'))
    const steps: string[] = []
    await ask(from('asked:1'), start({ store: shared.connect(async (step) => void steps.push(step)) }))
    await settled()
    expect(steps).toEqual(['find: on its way', 'find: on its way back'])
  })

  test('is one who was answered: a failure does not count', async () => {
    const failing = ask(from('asked:1'))
    await settled()
    model.last.fail(new Error('no'))
    await expect(failing).rejects.toThrow('no')
    expect((await answered('Ahoj!', from('asked:1'))).askedAt).toBeNull()
  })

  test('is told by whole marks, not by two halves that stand together', async () => {
    const key = 'test:v1:{asked:1}'
    await answered('Ahoj!', from('asked:1'))
    const mark = shared.entries.get(key)?.value ?? ''
    expect(mark).toMatch(/^db--(61){8}0{9}$/)
    shared.entries.set(key, { value: `${'0'.repeat(9)}${mark}${'0'.repeat(20)}`, endsAt: Number.POSITIVE_INFINITY })
    expect((await ask(from('asked:1'))).askedAt).toBeNull()
  })

  test.each([
    ['in the store', () => node],
    ['in memory', () => start({ store: null })],
  ])('is remembered for 64 questions, the latest ones, %s', async (_, open) => {
    const at = open()
    const [oldest = '', ...others] = Array.from({ length: 64 }, (_, index) => String.fromCharCode(256 + index))
    for (const name of [oldest, ...others]) await answered('Ahoj!', from('asked:1', name), at)
    await answered('Ahoj!', { ...from('asked:1', oldest), mode: 'BYPASS' }, at)
    // The same one twice at the same time is one question.
    await Promise.all([1, 2].map(() => answered('Ahoj!', from('asked:1', 'z'), at)))
    const before: (number | null)[] = []
    for (const name of ['z', ...others, oldest]) before.push((await ask(from('asked:1', name), at)).askedAt)
    expect(before).toEqual([...Array.from({ length: 64 }, () => 0), null])
  })

  test.each([
    ['in the store', () => node],
    ['in memory', () => start({ store: null })],
  ])('is remembered as long as a value is, %s', async (_, open) => {
    const at = open()
    await answered('Ahoj!', from('asked:1'), at)
    await clock.pass(59_999)
    expect((await answered('Ahoj!', from('asked:1'), at)).askedAt).toBe(0)
    await clock.pass(1)
    expect((await answered('Ahoj!', from('asked:1'), at)).askedAt).toBeNull()
  })

  test('is forgotten with an invalidation of the asker', async () => {
    await answered('Ahoj!', from('asked:1'))
    await shared.connect().invalidate(['test:v1:{asked:1}'], ['asked:1'])
    expect((await ask(from('asked:1'))).askedAt).toBeNull()
  })
})
