import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openSharedCache } from '../../src/cache/cache.ts'
import type { CacheEvent } from '../../src/cache/cache-event.ts'
import { MEMO_TIMES } from '../../src/cache/memo-deps.ts'
import type { MemoStore } from '../../src/cache/memo-store.ts'
import { sleep } from '../../src/cache/sleep.ts'
import { answerPolicy, type MemoNode, Model, Outage, questionOf, startMemo } from '../cache/memo-node.ts'
import { eventually } from '../support/eventually.ts'
import { startFlakyProxy } from '../support/flaky-proxy.ts'
import { createMemoryOutbox } from '../support/memory-outbox.ts'
import { hasRedis, type RedisServer, startRedis } from '../support/redis-server.ts'
import { type OpenedStore, openStore } from './opened-store.ts'

interface Counting extends MemoNode {
  readonly done: { readonly find: number; readonly renew: number }
}

describe.skipIf(!hasRedis)('memoised values on Redis', () => {
  let server: RedisServer
  let nodes: readonly Counting[]
  let one: Counting
  let other: Counting
  let model: Model
  let name: string
  let opened: readonly OpenedStore[]
  let questions = 0

  /** A process's memo, and how often it was told where its value stands. */
  const start = ({ store }: OpenedStore): Counting => {
    const done = { find: 0, renew: 0 }
    const counting = {
      ...store,
      find: (...asked: Parameters<MemoStore['find']>) => store.find(...asked).finally(() => (done.find += 1)),
      renew: (...asked: Parameters<MemoStore['renew']>) => store.renew(...asked).finally(() => (done.renew += 1)),
    }
    return { ...startMemo({ store: counting, now: Date.now, sleep }), done }
  }

  beforeAll(async () => {
    server = await startRedis()
    opened = [1, 2, 3, 4].map(() => openStore(server.url))
    await connected()
  })
  afterAll(async () => {
    for (const each of opened) await each[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })
  beforeEach(() => {
    nodes = opened.map(start)
    const [first, second] = nodes
    if (!first || !second) throw new Error('no nodes')
    one = first
    other = second
    model = new Model()
    questions += 1
    name = String.fromCharCode(256 + questions)
  })

  const connected = () => Promise.all(opened.map(({ store }) => eventually(() => store.mark())))
  const question = () => questionOf(model, { name, asker: 'asked:1' })
  const keyOf = () => `test:v1:{reply:${name}}`
  const place = async () => (await opened[0]?.store.find([keyOf()]))?.[0]
  const isAsked = (times: number) => eventually(() => expect(model.calls).toHaveLength(times))

  /** Asks in one process, which computes, and in another one, until that has looked again. */
  const computing = async (owner: Counting = one) => {
    const found = owner.memo.ask(question())
    await isAsked(1)
    const waiting = other.memo.ask(question())
    for (const each of [found, waiting]) each.catch(() => {})
    await eventually(() => expect(other.done.find).toBeGreaterThan(1))
    return { found, waiting }
  }

  test('are computed once for 200 callers in four processes', async () => {
    const asked = nodes.flatMap(({ memo }) => Array.from({ length: 50 }, () => memo.ask(question())))
    await isAsked(1)
    await eventually(() => expect(nodes.filter(({ done }) => done.find > 50)).toHaveLength(3))
    model.last.answer('Ahoj!')
    const found = await Promise.all(asked)
    expect(new Set(found.map(({ value }) => value.text))).toEqual(new Set(['Ahoj!']))
    expect(found.filter(({ from }) => from === 'COMPUTED')).toHaveLength(1)
    expect(model.calls).toHaveLength(1)
    expect(await other.memo.ask(question())).toMatchObject({ from: 'STORED', askedAt: expect.any(Number) })
  })

  test('are found in any process right after the answer', async () => {
    const found = one.memo.ask(question())
    await isAsked(1)
    model.last.answer('Ahoj!')
    await found
    expect(await other.memo.ask(question())).toMatchObject({ from: 'STORED', value: { text: 'Ahoj!' } })
  })

  test('fail for those who wait elsewhere, and for nobody later', async () => {
    const { found, waiting } = await computing()
    model.last.fail(new Outage('the model is gone'))
    await expect(found).rejects.toThrow('the model is gone')
    await expect(waiting).rejects.toThrow('the model is gone')
    const later = other.memo.ask(question())
    await isAsked(2)
    model.last.answer('Ahoj!')
    expect((await later).from).toBe('COMPUTED')
  })

  test('are handed over when the process that computes them is cut off, once its lease has ended', async () => {
    const proxy = await startFlakyProxy(server.port)
    onTestFinished(() => proxy[Symbol.asyncDispose]())
    const dying = openStore(`redis://127.0.0.1:${proxy.port}`)
    onTestFinished(() => dying[Symbol.asyncDispose]())
    await eventually(() => dying.store.mark())
    const owner = start(dying)
    const { found, waiting } = await computing(owner)
    // By then the lease would have ended.
    await eventually(() => expect(owner.done.renew).toBeGreaterThan(4))
    expect(model.calls).toHaveLength(1)
    proxy.mode('swallow')
    const left = Number((await server.command('PTTL', keyOf())).slice(1))
    expect(left).toBeLessThanOrEqual(MEMO_TIMES.lease)
    await isAsked(2)
    model.last.answer('from the other one')
    expect(await waiting).toMatchObject({ from: 'COMPUTED', value: { text: 'from the other one' } })
    // The first one is answered all the same, and leaves no trace.
    model.calls[0]?.answer('too late')
    expect((await found).value.text).toBe('too late')
    expect((await other.memo.ask(question())).value.text).toBe('from the other one')
  })

  test('are taken over from a process where nobody waits any more, once it has stopped', async () => {
    const controller = new AbortController()
    const leaving = one.memo.ask({ ...question(), signal: controller.signal })
    await isAsked(1)
    const waiting = other.memo.ask(question())
    controller.abort(new Error('left'))
    await expect(leaving).rejects.toThrow('left')
    model.last.heed()
    await isAsked(2)
    model.last.answer('Ahoj!')
    expect((await waiting).from).toBe('COMPUTED')
  })

  test('that were computed before their tag was invalidated are not put in place after', async () => {
    const { found, waiting } = await computing()
    await opened[1]?.store.invalidate([`test:v1:{reply:${name}}`], [`reply:${name}`])
    await isAsked(2)
    model.calls[0]?.answer('old')
    expect((await found).value.text).toBe('old')
    expect(one.counts()).toMatchObject({ 'fill-refused': 1 })
    expect(await place()).toMatch(/^lease:/)
    model.calls[1]?.answer('new')
    await waiting
    expect((await one.memo.ask(question())).value.text).toBe('new')
  })

  test('are computed by everyone for themselves when Redis goes while they wait', async () => {
    const { found, waiting } = await computing()
    const joining = other.memo.ask(question())
    await server.stop()
    await isAsked(2)
    for (const call of model.calls) call.answer('Ahoj!')
    expect((await found).from).toBe('COMPUTED')
    expect([(await waiting).from, (await joining).from]).toEqual(['COMPUTED', 'JOINED'])
    expect((await other.memo.ask(question())).from).toBe('STORED')
    await server.restart()
    await connected()
  })

  test('are still found in memory when Redis goes', async () => {
    const events: CacheEvent[] = []
    const resynced = () => events.flatMap((event) => (event.kind === 'resynced' ? [event.reason] : []))
    const own = openStore(server.url)
    onTestFinished(() => own[Symbol.asyncDispose]())
    const cache = openSharedCache({
      store: own.store,
      outbox: createMemoryOutbox(),
      namespace: 'test',
      origin: 'db',
      report: (event) => events.push(event),
      l1MaxBytes: 100_000,
      longestTtlMs: 60_000,
      consistency: 'strict',
      now: Date.now,
    })
    onTestFinished(() => cache[Symbol.asyncDispose]())
    const memo = cache.memo(answerPolicy)
    await eventually(async () =>
      expect(await cache.open('USE')).toMatchObject({ mark: { number: expect.any(Number) } }),
    )
    await eventually(() => expect(resynced()).toEqual(['started']))
    const first = memo.ask(question())
    await isAsked(1)
    model.last.answer('Ahoj!')
    await first
    await server.stop()
    await eventually(() => expect(resynced()).toEqual(['started', 'lost']))
    expect(await memo.ask(question())).toMatchObject({ from: 'STORED', value: { text: 'Ahoj!' } })
    expect(events).toContainEqual({ kind: 'hit', policy: 'answer', tier: 'L1', count: 1 })
    await server.restart()
    await connected()
    await eventually(() => expect(resynced().slice(2)).toContain('started'))
  })
})
