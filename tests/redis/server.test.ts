import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Mark, SharedStore } from '../../src/cache/shared-store.ts'
import { openRedisStore } from '../../src/redis/redis-store.ts'
import { eventually } from '../support/eventually.ts'
import { type FlakyProxy, startFlakyProxy } from '../support/flaky-proxy.ts'
import { freePort } from '../support/free-port.ts'
import { hasRedis, type RedisServer, startRedis } from '../support/redis-server.ts'
import { listenTo, type OpenedStore, openStore, unavailable } from './opened-store.ts'

const silent = { ...unavailable, silent: true }
const refused = { ...unavailable, silent: false }

/** Waits until the store answers: it is only said that nobody waits for ever. */
const recovered = (store: SharedStore): Promise<Mark> => eventually(() => store.mark())

/** Lets nothing else in this process happen for a while, as a long computation does. */
function holdUp(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

describe.skipIf(!hasRedis)('a Redis server', () => {
  let server: RedisServer
  let proxy: FlakyProxy
  let opened: OpenedStore
  let store: SharedStore
  let life: string

  beforeAll(async () => {
    server = await startRedis()
    proxy = await startFlakyProxy(server.port)
    opened = openStore(`redis://127.0.0.1:${proxy.port}`)
    store = opened.store
  })
  beforeEach(async () => {
    life = (await recovered(store)).life
  })
  afterAll(async () => {
    await opened[Symbol.asyncDispose]()
    await proxy[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  const lease = (key: string) => store.lease([{ key, discard: false }], { token: 'lease:1', ms: 10_000 }, life)

  test('that is paused keeps nobody waiting for longer than a tenth of a second', async () => {
    const impatient = openRedisStore({ url: server.url, namespace: 'test', trouble: () => {} })
    onTestFinished(() => impatient[Symbol.asyncDispose]())
    await recovered(impatient)
    server.signal('SIGSTOP')
    onTestFinished(() => server.signal('SIGCONT'))
    const silence = { ...silent, message: 'no answer within 100 ms' }
    await expect(impatient.mark()).rejects.toMatchObject(silence)
  })

  test('that is paused keeps nobody waiting, and serves the same life when it goes on', async () => {
    server.signal('SIGSTOP')
    await expect(store.mark()).rejects.toMatchObject(silent)
    await expect(store.read(['a'], life)).rejects.toMatchObject(unavailable)
    await expect(store.invalidate(['a'], [])).rejects.toMatchObject(unavailable)
    // From here on new connections are made to it that it does not answer either.
    await eventually(() => expect(store.mark()).rejects.toMatchObject(refused))
    server.signal('SIGCONT')
    expect((await recovered(store)).life).toBe(life)
  })

  test('that was started again lives another life with a later sequence', async () => {
    const before = await store.invalidate([], ['x'])
    await server.restart()
    const after = await eventually(async () => {
      const mark = await store.mark()
      expect(mark.life).not.toBe(before.life)
      return mark
    })
    expect(after.number).toBeGreaterThan(before.number)
    await expect(store.read(['a'], before.life)).rejects.toMatchObject(refused)
    expect(await store.read(['a'], after.life)).toEqual([null])
  })

  test('tells whoever listens of the loss, and when they listen again', async () => {
    await using listener = listenTo(store)
    await eventually(() => expect(listener.seen).toEqual(['listening']))
    await server.restart()
    await eventually(() => expect(listener.seen).toEqual(['listening', 'lost', 'listening']))
    expect(listener.lives).toEqual([life, (await recovered(store)).life])
    await eventually(() => store.invalidate([], ['x']))
    await eventually(() => expect(listener.seen).toContain('heard x'))
  })

  test('behind a network that drops everything is silent; listeners notice, and both find back', async () => {
    await using listener = listenTo(store)
    await eventually(() => expect(listener.seen).toEqual(['listening']))
    proxy.mode('swallow')
    await expect(store.mark()).rejects.toMatchObject(silent)
    await eventually(() => expect(listener.seen).toEqual(['listening', 'lost']))
    proxy.mode('pass')
    expect((await recovered(store)).life).toBe(life)
    await eventually(() => expect(listener.seen.at(-1)).toBe('listening'))
  })

  test('behind such a network is missed although nobody asks', async () => {
    await using idle = openStore(`redis://127.0.0.1:${proxy.port}`)
    await recovered(idle.store)
    proxy.mode('swallow')
    await eventually(() => expect(idle.troubles.join()).toContain('not a word'))
    proxy.mode('pass')
    await recovered(idle.store)
  })

  test('that hangs up on everyone is refused, and found again', async () => {
    proxy.mode('cut')
    await eventually(() => expect(store.mark()).rejects.toMatchObject(refused))
    proxy.mode('pass')
    await recovered(store)
  })

  test('that is slow is used as long as it is fast enough', async () => {
    proxy.mode({ delayMs: 20 })
    await store.mark()
    proxy.mode({ delayMs: 2_000 })
    await expect(store.mark()).rejects.toMatchObject(silent)
    proxy.mode('pass')
    expect((await recovered(store)).life).toBe(life)
  })

  test('is not blamed when this process was held up itself', async () => {
    await using direct = openStore(server.url, { budgetMs: 100 })
    await using listener = listenTo(direct.store)
    await recovered(direct.store)
    await eventually(() => expect(listener.seen).toEqual(['listening']))
    const answer = direct.store.mark()
    holdUp(300)
    expect((await answer).life).toBe(life)
    // Here it is being asked whether it is still there when this process is held up.
    server.signal('SIGSTOP')
    await expect(direct.store.mark()).rejects.toMatchObject(silent)
    server.signal('SIGCONT')
    holdUp(800)
    expect((await recovered(direct.store)).life).toBe(life)
    expect([listener.seen, direct.troubles]).toEqual([['listening'], []])
  })

  test('out of memory goes on answering reads; leases, fills and announcements are refused', async () => {
    await lease('full')
    await server.command('CONFIG', 'SET', 'maxmemory', 1)
    expect((await store.mark()).life).toBe(life)
    expect(await store.read(['full'], life)).toEqual(['lease:1'])
    await expect(lease('other')).rejects.toMatchObject(refused)
    await expect(store.fill([{ key: 'full', value: 'x', ttlMs: 1_000 }], 'lease:1')).rejects.toMatchObject(refused)
    await expect(store.invalidate([], ['x'])).rejects.toMatchObject(refused)
    await expect(store.invalidate(['full'], [])).rejects.toMatchObject(refused)
    // Removing takes no memory: it was done before the refusal.
    expect(await store.read(['full'], life)).toEqual([null])
    await server.command('CONFIG', 'SET', 'maxmemory', 0)
    await store.invalidate([], ['x'])
  })

  test('that has become a replica is not used, not even for reading; a master again, it lives another life', async () => {
    await server.command('REPLICAOF', '127.0.0.1', await freePort())
    await expect(store.mark()).rejects.toMatchObject(refused)
    await eventually(() => expect(store.read(['a'], life)).rejects.toMatchObject(refused))
    await eventually(() => expect(opened.troubles.join()).toContain('it is a replica'))
    await server.command('REPLICAOF', 'NO', 'ONE')
    // Meanwhile it may have copied what another server had not forgotten.
    expect((await recovered(store)).life).not.toBe(life)
  })

  test('that forgot its scripts is told them again', async () => {
    await lease('forgotten')
    await server.command('SCRIPT', 'FLUSH')
    await store.mark()
    await server.command('SCRIPT', 'FLUSH')
    expect(await store.fill([{ key: 'forgotten', value: 'x', ttlMs: 1_000 }], 'lease:1')).toBe(1)
  })

  test('that lost everything begins a later sequence in the same life', async () => {
    const before = await store.invalidate([], ['x'])
    await server.command('FLUSHALL')
    const after = await store.mark()
    expect(after.life).toBe(before.life)
    expect(after.number).toBeGreaterThan(before.number)
  })

  test('whose values are of another type than text refuses', async () => {
    await server.command('RPUSH', 'list', 'x')
    await expect(lease('list')).rejects.toMatchObject(refused)
    expect(await store.read(['list'], life)).toEqual([null])
  })
})
