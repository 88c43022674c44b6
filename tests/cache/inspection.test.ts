import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { Answering } from './answering.ts'
import { HandClock } from './hand-clock.ts'
import { answerPolicy, Model, questionOf, startMemo } from './memo-node.ts'
import { MemoryStore } from './memory-store.ts'
import { type Node, Source, settled, startNode } from './node.ts'

const KEY = 'test:v1:{thing:1}'
const json = (version: number) => `{"id":1,"version":${version}}`

let shared: MemoryStore
let source: Source
let node: Node

beforeEach(async () => {
  shared = new MemoryStore()
  shared.now = 1_000
  source = new Source()
  source.versions.set(1, 1)
  node = await another()
})

async function another(): Promise<Node> {
  const started = startNode(shared, source)
  onTestFinished(() => started[Symbol.asyncDispose]())
  await settled()
  return started
}

const inspect = async (at = node) => at.things.inspect(1, await at.cache.open('USE'))

async function readAndSettle(at = node) {
  await at.read(1)
  await settled()
}

describe('a thing', () => {
  test('that nobody has read is in no cache, and looking does not put it there', async () => {
    const nowhere = { memory: null, shared: null, found: json(1), isFresh: null }
    expect(await inspect()).toEqual(nowhere)
    await settled()
    expect(await inspect()).toEqual(nowhere)
    expect([node.l1.size, shared.entries.size]).toEqual([0, 0])
    expect(node.events.filter((event) => 'policy' in event)).toEqual([])
  })

  test('is shown where it is, since when and until when', async () => {
    await readAndSettle()
    const times = { loadedAt: 1_000, expiresAt: 61_000 }
    expect(await inspect()).toEqual({
      memory: { value: json(1), ...times, bytes: 200 + json(1).length },
      shared: { value: json(1), ...times, bytes: shared.entries.get(KEY)?.value.length },
      found: json(1),
      isFresh: true,
    })
  })

  test('was loaded when whoever loaded it did, for those who have it from the store too', async () => {
    await readAndSettle()
    shared.now = 5_000
    const other = await another()
    await other.read(1)
    expect((await inspect(other)).memory?.loadedAt).toBe(1_000)
  })

  test('is stale where a copy says something else than the source', async () => {
    await readAndSettle()
    source.versions.set(1, 2)
    expect(await inspect()).toMatchObject({ memory: { value: json(1) }, found: json(2), isFresh: false })
    node.l1.invalidate(['thing:1'], 0)
    expect(await inspect()).toMatchObject({ memory: null, shared: { value: json(1) }, isFresh: false })
  })

  test('is fresh when no copy says anything: that there is none is a copy', async () => {
    source.versions.clear()
    await readAndSettle()
    expect(await inspect()).toMatchObject({ memory: { value: 'null' }, shared: { value: 'null' }, isFresh: true })
  })

  test('that memory may not show to a request of now is not there', async () => {
    await readAndSettle()
    // Another node has changed it, and its message has not come yet.
    shared.number += 1
    expect((await inspect()).memory).toBeNull()
  })

  test('that has ended is not there', async () => {
    await readAndSettle()
    shared.entries.set(KEY, { value: shared.entries.get(KEY)?.value ?? '', endsAt: Number.POSITIVE_INFINITY })
    shared.now = 61_000
    expect(await inspect()).toMatchObject({ memory: null, shared: null })
  })

  test.each([
    ['a lease', 'lease:somebody'],
    ['of another life', `db/life-0/1/1:zzzzzz.1;${json(1)}`],
    ['of another shape', 'db/life-1/1/1:zzzzzz.1;{"name":"Ada"}'],
    ['half of one', 'db/life-1/1/1:zzzzzz.1;~bm9pc2U='],
  ])('is not in the store when that has something of no use: %s', async (_, value) => {
    shared.entries.set(KEY, { value, endsAt: Number.POSITIVE_INFINITY })
    expect((await inspect()).shared).toBeNull()
    expect([shared.entries.get(KEY)?.value, node.count('unusable')]).toEqual([value, 0])
  })

  test('of an earlier release does not say when it was loaded', async () => {
    shared.entries.set(KEY, { value: `db/life-1/1/1:zzzzzz;${json(1)}`, endsAt: Number.POSITIVE_INFINITY })
    expect((await inspect()).shared).toMatchObject({ value: json(1), loadedAt: null })
  })

  test('is shown as the source has it while the store is gone', async () => {
    await readAndSettle()
    shared.gone = true
    expect(await inspect()).toEqual({ memory: null, shared: null, found: json(1), isFresh: null })
  })

  test('goes from memory as if nobody had looked at it', async () => {
    await readAndSettle()
    const marked = node.l1.shelf<string, string>()
    const options = { asOf: shared.number, expiresAt: Number.POSITIVE_INFINITY }
    await inspect()
    // Room for it and half of another one: the one that was not asked for has to go.
    marked.put('large', 'large', 'x', { ...options, bytes: 999_700 })
    expect(node.things.peek(1, await node.cache.open('USE'))).toBeUndefined()
  })
})

describe('a memoised value', () => {
  const TAG = 'reply:a'

  async function asked(options: Partial<Parameters<typeof startMemo>[0]> = {}) {
    const model = new Model()
    const started = startMemo({ store: shared.connect(), ...new HandClock(shared), ...options })
    await started.memo.ask({ ...questionOf(model), compute: async () => ({ text: 'Ahoj!' }) })
    started.events.length = 0
    return started
  }

  test('is shown where it is, whatever question it answers, and nothing is noted of that', async () => {
    const { memo, events } = await asked()
    shared.now = 2_000
    const copy = { value: '{"text":"Ahoj!"}', loadedAt: 1_000, expiresAt: 61_000 }
    const stored = shared.entries.get('test:v1:{reply:a}')?.value ?? ''
    expect(await memo.inspect(TAG)).toEqual({
      memory: { ...copy, bytes: 200 + copy.value.length },
      shared: { ...copy, bytes: stored.length },
    })
    expect(await memo.inspect('reply:b')).toEqual({ memory: null, shared: null })
    expect(events).toEqual([])
  })

  test('is shown as it is when it is stored compressed, with what it takes', async () => {
    const text = 'Žluťoučký kůň. '.repeat(100)
    const started = startMemo({ store: shared.connect(), ...new HandClock(shared) })
    await started.memo.ask({ ...questionOf(new Model()), compute: async () => ({ text }) })
    const { memory, shared: stored } = await started.memo.inspect(TAG)
    expect(stored?.value).toBe(JSON.stringify({ text }))
    expect(stored?.bytes).toBeLessThan((memory?.bytes ?? 0) / 4)
  })

  test('that is stored as bytes only says how many they are', async () => {
    const bytes = {
      write: ({ text }: { text: string }) => Buffer.from(text),
      read: (it: Buffer) => ({ text: `${it}` }),
    }
    const { memo } = await asked({ policy: { ...answerPolicy, bytes } })
    const { memory, shared: stored } = await memo.inspect(TAG)
    expect([memory, stored?.value]).toEqual([null, '{"bytes":5}'])
  })

  test('is in memory alone where there is no store, and there while the store is gone', async () => {
    const alone = await asked({ store: null, keeps: 'everything' })
    expect(await alone.memo.inspect(TAG)).toMatchObject({ memory: { value: '{"text":"Ahoj!"}' }, shared: null })
    const beside = await asked()
    shared.gone = true
    expect(await beside.memo.inspect(TAG)).toMatchObject({ memory: { value: '{"text":"Ahoj!"}' }, shared: null })
  })

  test.each([
    ['somebody’s lease', 'lease:db/f:1'],
    ['the note of a failure', 'failed:1:out'],
    ['of another source', 'db2/answer/1/f:zzzzzz.1;{"text":"a"}'],
    ['of another policy', 'db/question/1/f:zzzzzz.1;{"text":"a"}'],
    ['of another version', 'db/answer/2/f:zzzzzz.1;{"text":"a"}'],
    ['of another shape', 'db/answer/1/f:zzzzzz.1;{"texts":"a"}'],
    ['one that has ended', 'db/answer/1/f:rr.1;{"text":"a"}'],
    ['one without a question', 'db/answer/1/'],
  ])('is not in the store when that has something else: %s', async (_, value) => {
    const { memo } = startMemo({ store: shared.connect(), ...new HandClock(shared) })
    shared.entries.set('test:v1:{reply:a}', { value, endsAt: Number.POSITIVE_INFINITY })
    expect((await memo.inspect(TAG)).shared).toBeNull()
  })
})

test('responses are counted by what they show', async () => {
  source.versions.set(2, 1)
  const answering = new Answering(node, shared)
  await answering.ask({ key: 'a', ids: [1] })
  await answering.ask({ key: 'b', ids: [1, 2] })
  const counts = () => ['thing:1', 'thing:2', 'thing:3'].map((tag) => node.l1.responses.filed(tag))
  expect(counts()).toEqual([2, 1, 0])
  await node.invalidate(['thing:2'])
  expect(counts()).toEqual([1, 0, 0])
})
