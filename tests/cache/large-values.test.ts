import { deflateRawSync } from 'node:zlib'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openLocalCache } from '../../src/cache/cache.ts'
import type { CacheEvent } from '../../src/cache/cache-event.ts'
import type { Policy } from '../../src/cache/policy.ts'
import { Answering } from './answering.ts'
import { HandClock } from './hand-clock.ts'
import { answerPolicy, Model, questionOf, startMemo } from './memo-node.ts'
import { MemoryStore } from './memory-store.ts'
import { type NodeOptions, Source, settled, startNode } from './node.ts'

const SMALL = 'Ahoj!'
const LARGE = 'Žluťoučký kůň pěl ďábelské ódy. '.repeat(100)

const textPolicy: Policy<number, string> = {
  name: 'text',
  tagOf: (id) => `text:${id}`,
  ttlMs: () => 60_000,
  absentTtlMs: 5_000,
  version: 1,
  decode(json) {
    if (typeof json !== 'string') throw new TypeError('not a text')
    return json
  },
}

const KEY = 'test:v1:{text:1}'
let shared: MemoryStore

beforeEach(() => {
  shared = new MemoryStore()
})

/** A node that reads one text, and how often that was loaded. */
async function reader(text: string, options: NodeOptions = {}) {
  const node = startNode(shared, new Source(), options)
  onTestFinished(() => node[Symbol.asyncDispose]())
  await settled()
  let loads = 0
  const texts = node.cache.kind(textPolicy, async (ids) => {
    loads += 1
    return new Map(ids.map((id) => [id, text]))
  })
  return {
    node,
    loads: () => loads,
    async read(footprint = null) {
      const found = await texts.get(1, { ...(await node.cache.open('USE')), footprint })
      await settled()
      return found
    },
  }
}

const standing = () => shared.entries.get(KEY)?.value ?? ''
const put = (body: string) =>
  shared.entries.set(KEY, { value: `db/life-1/1/1:zzzzzz.1;${body}`, endsAt: Number.POSITIVE_INFINITY })

describe('a large entity', () => {
  test('is stored compressed, and found by others as it was', async () => {
    const { node, read } = await reader(LARGE)
    expect(await read()).toBe(LARGE)
    expect(standing()).toMatch(/^db\/life-1\/1\/1:\w+\.0;~/)
    expect(standing().length).toBeLessThan(LARGE.length / 4)
    expect(node.count('compressed', { policy: 'text' })).toBe(1)
    const other = await reader('something else')
    expect(await other.read()).toBe(LARGE)
    expect([other.loads(), other.node.count('hit', { tier: 'L2' })]).toEqual([0, 1])
  })

  test('costs in memory what it is, not what it was compressed to', async () => {
    await (await reader(LARGE)).read()
    const { node, read } = await reader(LARGE)
    await read()
    expect(node.l1.bytes).toBe(JSON.stringify(LARGE).length + 200)
  })

  test('leaves small ones as they are', async () => {
    const { node, read } = await reader(SMALL)
    await read()
    expect(standing()).toMatch(/;"Ahoj!"$/)
    expect(node.count('compressed')).toBe(0)
  })

  test.each([
    ['half a value', () => `~${deflateRawSync(JSON.stringify(LARGE)).toString('base64').slice(0, 60)}`],
    ['noise', () => '~bm9pc2U='],
    ['no base64', () => '~~~~'],
    ['another codec', () => `#${'a'.repeat(50)}`],
    ['what is no JSON', () => `~${deflateRawSync('hello').toString('base64')}`],
    ['a bomb', () => `~${deflateRawSync(JSON.stringify('a'.repeat(20_000_000))).toString('base64')}`],
    ['what is larger than anything that is kept', () => JSON.stringify('a'.repeat(1_048_576))],
  ])('is a miss and replaced when it is of no use: %s', async (_, body) => {
    put(body())
    const { node, read } = await reader(LARGE)
    expect(await read()).toBe(LARGE)
    expect(node.count('unusable')).toBe(1)
    const other = await reader('something else')
    expect(await other.read()).toBe(LARGE)
  })
})

describe('an entity that is larger than what is kept', () => {
  const limit = { entryMaxBytes: Buffer.byteLength(JSON.stringify(LARGE)) }

  test('is kept nowhere, answered all the same, and counted', async () => {
    const { node, read, loads } = await reader(`${LARGE}.`, limit)
    for (let time = 0; time < 2; time += 1) expect(await read()).toBe(`${LARGE}.`)
    expect([loads(), node.l1.size, node.count('too-large', { policy: 'text', count: 1 })]).toEqual([2, 0, 2])
    expect([node.count('filled'), node.count('fill-refused')]).toEqual([0, 0])
  })

  test('leaves its lease to end by itself, for which nobody waits', async () => {
    const { read } = await reader(`${LARGE}.`, limit)
    await read()
    expect(standing()).toMatch(/^lease:/)
    const other = await reader(SMALL)
    expect(await other.read()).toBe(SMALL)
    shared.now = 3_000
    const later = await reader(SMALL)
    await later.read()
    expect(standing()).toMatch(/;"Ahoj!"$/)
  })

  test('is not even brought to the store', async () => {
    const store = shared.connect()
    let fills = 0
    const fill: typeof store.fill = async (...given) => {
      fills += 1
      return store.fill(...given)
    }
    await (await reader(`${LARGE}.`, { ...limit, store: { ...store, fill } })).read()
    expect(fills).toBe(0)
  })

  test('is kept when it is just as large', async () => {
    const { node, read } = await reader(LARGE, limit)
    await read()
    expect([node.l1.size, node.count('too-large'), node.count('filled')]).toEqual([1, 0, 1])
  })

  test('is kept neither where it was loaded without a lease', async () => {
    shared.entries.set(KEY, { value: 'lease:somebody', endsAt: 3_000 })
    const { node, read } = await reader(`${LARGE}.`, limit)
    await read()
    expect([node.l1.size, node.count('too-large')]).toEqual([0, 1])
  })
})

test('nothing is compressed where nothing is shared', async () => {
  const events: CacheEvent[] = []
  const outbox = {
    pending: async () => [],
    backlog: async () => 0,
    forget: async () => [],
    forgetOlder: async () => {},
  }
  await using cache = openLocalCache({
    ...{ outbox, namespace: 'test', origin: 'db', consistency: 'bounded', l1MaxBytes: 100_000, longestTtlMs: 60_000 },
    report: (event) => events.push(event),
    now: () => shared.now,
  })
  const texts = cache.kind(textPolicy, async (ids) => new Map(ids.map((id) => [id, LARGE])))
  await texts.get(1, await cache.open('USE'))
  await settled()
  expect(events.map(({ kind }) => kind)).toContain('filled')
  expect(events.map(({ kind }) => kind)).not.toContain('compressed')
})

describe('a large memoised value', () => {
  async function asked(text: string, entryMaxBytes = 1_048_576, policy = answerPolicy) {
    const model = new Model()
    const clock = new HandClock(shared)
    const node = startMemo({ store: shared.connect(), ...clock, entryMaxBytes, policy })
    const { value, from } = await node.memo.ask({ ...questionOf(model), compute: async () => ({ text }) })
    return { node, clock, text: value.text, from }
  }
  const PLACE = 'test:v1:{reply:a}'
  const place = () => shared.entries.get(PLACE)?.value

  test('is stored compressed, and found by others as it was', async () => {
    const { node } = await asked(LARGE)
    expect(place()).toMatch(/;~/)
    expect(node.counts()).toEqual({ miss: 1, loaded: 1, compressed: 1, filled: 1 })
    expect(await asked('something else')).toMatchObject({ text: LARGE, from: 'STORED' })
  })

  test('is computed anew when what stands there cannot be read', async () => {
    await asked(LARGE)
    const stored = place() ?? ''
    for (const body of ['~', '~bm9pc2U=', `~${deflateRawSync(Buffer.alloc(20_000_000, ' ')).toString('base64')}`]) {
      shared.entries.set(PLACE, { value: stored.replace(/;.*/, `;${body}`), endsAt: Number.POSITIVE_INFINITY })
      const { node, from } = await asked(LARGE)
      expect([from, node.counts()['unusable'] ?? 0]).toEqual(['COMPUTED', 1])
    }
  })

  test('as bytes stays as it is', async () => {
    const bytes = {
      write: ({ text }: { readonly text: string }) => Buffer.from(text),
      read: (from: Buffer) => ({ text: from.toString() }),
    }
    const { node } = await asked(`~${LARGE}`, undefined, { ...answerPolicy, bytes })
    expect(node.counts()).toEqual({ miss: 1, loaded: 1, filled: 1 })
    expect((await asked('something else', undefined, { ...answerPolicy, bytes })).text).toBe(`~${LARGE}`)
  })

  test('that is larger than what is kept is answered, counted, and leaves the place to whoever waits', async () => {
    const { node, text, from } = await asked(LARGE, 100)
    expect([text, from]).toEqual([LARGE, 'COMPUTED'])
    expect(node.counts()).toEqual({ miss: 1, loaded: 1, 'too-large': 1 })
    expect(place()).toBeUndefined()
    expect((await asked('next')).from).toBe('COMPUTED')
  })

  test('counts as bytes where it is stored as those', async () => {
    const bytes = { write: ({ text }: { readonly text: string }) => Buffer.from(text), read: () => ({ text: '' }) }
    const policy = { ...answerPolicy, bytes }
    expect((await asked('ů'.repeat(50), 100, policy)).node.counts()).toEqual({ miss: 1, loaded: 1, filled: 1 })
    shared.entries.clear()
    expect((await asked('ů'.repeat(51), 100, policy)).node.counts()).toEqual({ miss: 1, loaded: 1, 'too-large': 1 })
  })
})

describe('a large response', () => {
  test('is answered, counted and not kept', async () => {
    const source = new Source()
    source.versions.set(1, 12_345)
    const node = startNode(shared, source)
    onTestFinished(() => node[Symbol.asyncDispose]())
    await settled()
    const tight = new Answering(node, shared, { entryMaxBytes: 4 })
    for (let time = 0; time < 2; time += 1) expect(await tight.ask()).toEqual({ text: '12345', how: 'made' })
    expect(node.count('too-large', { policy: 'response', count: 1 })).toBe(2)
    const roomy = new Answering(node, shared, { entryMaxBytes: 5 })
    await roomy.ask()
    expect((await roomy.ask()).how).toBe('kept')
  })
})
