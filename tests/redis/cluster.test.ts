import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Mark, SharedStore } from '../../src/cache/shared-store.ts'
import { slotOf } from '../../src/redis/topology.ts'
import { eventually } from '../support/eventually.ts'
import { bulkReply, infoOf, startFakeRedis } from '../support/fake-redis.ts'
import { freePort } from '../support/free-port.ts'
import { bulk, type RedisCluster, startRedisCluster } from '../support/redis-cluster.ts'
import { hasRedis, type RedisServer } from '../support/redis-server.ts'
import { listenTo, type OpenedStore, openStore, unavailable } from './opened-store.ts'

const SEQUENCE = slotOf('test:v1:seq')
const KEYS = ['t:{a}', 't:{b}', 't:{c}', 't:{d}', 't:{e}']

const recovered = (store: SharedStore): Promise<Mark> => eventually(() => store.mark())

/** The mark once the store lives another life. */
const reborn = (store: SharedStore, before: Mark): Promise<Mark> =>
  eventually(async () => {
    const mark = await store.mark()
    expect(mark.life).not.toBe(before.life)
    return mark
  })

describe.skipIf(!hasRedis)('a Redis Cluster', () => {
  let cluster: RedisCluster
  let opened: OpenedStore
  let store: SharedStore
  let before: Mark

  beforeAll(async () => {
    cluster = await startRedisCluster()
    opened = openStore(cluster.url)
    store = opened.store
  })
  beforeEach(async () => {
    await recovered(store)
    before = await eventually(() => store.invalidate(KEYS, []))
  })
  afterAll(async () => {
    await opened[Symbol.asyncDispose]()
    await cluster[Symbol.asyncDispose]()
  })

  const lease = (keys: readonly string[]) =>
    store.lease(
      keys.map((key) => ({ key, discard: true })),
      { token: 'lease:1', ms: 60_000 },
      before.life,
    )
  const fill = (keys: readonly string[]) =>
    store.fill(
      keys.map((key) => ({ key, value: `value of ${key}`, ttlMs: 60_000 })),
      'lease:1',
    )

  const twoNodes = (slot: number): readonly [RedisServer, RedisServer] => {
    const owner = cluster.ownerOf(slot)
    const other = cluster.nodes.find((node) => node !== owner)
    if (other === undefined) throw new Error('no other node')
    return [owner, other]
  }
  const idOf = async (node: RedisServer) => bulk(await node.command('CLUSTER', 'MYID'))
  const startMoving = async (slot: number, from: RedisServer, to: RedisServer) => {
    await to.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', await idOf(from))
    await from.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', await idOf(to))
  }
  /** The new owner is told first, as it then counts its claim up; without having been told to import it would not. */
  const endMoving = async (slot: number, to: RedisServer) => {
    for (const node of new Set([to, ...cluster.nodes])) {
      await node.command('CLUSTER', 'SETSLOT', slot, 'NODE', await idOf(to))
    }
  }

  test('has keys on every node, and answers in their order', async () => {
    expect(new Set(KEYS.map((key) => cluster.ownerOf(slotOf(key)).port)).size).toBe(3)
    await lease(KEYS.slice(1))
    await fill(KEYS.slice(1))
    const values = KEYS.map((key) => `value of ${key}`)
    expect(await store.read(KEYS, before.life)).toEqual([null, ...values.slice(1)])
  })

  test('is one life for all who connect', async () => {
    const [node] = cluster.nodes
    await using other = openStore(`redis+cluster://127.0.0.1:${await freePort()},127.0.0.1:${node?.port}`)
    expect(await recovered(other.store)).toEqual(before)
  })

  test('keeps one connection to each master, and one to listen', async () => {
    await using _listener = listenTo(store)
    await eventually(async () => {
      const lists = await Promise.all(cluster.nodes.map((node) => node.command('CLIENT', 'LIST')))
      const names = lists.flatMap((list) => list.match(/name=honzik\S*/g) ?? [])
      expect(names.toSorted()).toEqual(['name=honzik', 'name=honzik', 'name=honzik', 'name=honzik-bus'])
    })
  })

  test('that needs more connections than there may be is told, and not used', async () => {
    await using few = openStore(cluster.url, { maxConnections: 2 })
    await eventually(() => expect(few.troubles.join()).toContain('more than 2'))
    await expect(few.store.mark()).rejects.toMatchObject(unavailable)
  })

  test('with a key on its way to another node, and arrived there, serves it all the same', async () => {
    const works = async () => {
      // The second time what stands there is discarded first, wherever that is.
      for (const _ of [1, 2]) {
        expect(await lease(KEYS)).toEqual(KEYS.map(() => null))
        expect(await fill(KEYS)).toBe(KEYS.length)
      }
      expect(await store.read(KEYS, before.life)).toEqual(KEYS.map((each) => `value of ${each}`))
      await store.invalidate(KEYS, [])
      expect(await store.read(KEYS, before.life)).toEqual(KEYS.map(() => null))
    }
    const slot = slotOf('t:{a}')
    const [from, to] = twoNodes(slot)
    for (const [source, target] of [
      [from, to],
      [to, from],
    ] as const) {
      await startMoving(slot, source, target)
      await works()
      await endMoving(slot, target)
      await works()
    }
  })

  test('whose sequence moves to another node goes on counting, and listeners follow', async () => {
    await using listener = listenTo(store)
    await eventually(() => expect(listener.seen).toEqual(['listening']))
    const [from, to] = twoNodes(SEQUENCE)
    for (const [source, target] of [
      [from, to],
      [to, from],
    ] as const) {
      const { number } = await store.invalidate([], ['x'])
      await startMoving(SEQUENCE, source, target)
      await source.command('MIGRATE', '127.0.0.1', target.port, 'test:v1:seq', 0, 1_000)
      await endMoving(SEQUENCE, target)
      expect(await store.invalidate([], ['y'])).toMatchObject({ life: before.life, number: number + 1 })
      await eventually(async () => expect(await target.command('CLIENT', 'LIST')).toContain('honzik-bus'))
    }
    await eventually(() => expect(listener.lives).toEqual(new Array(3).fill(before.life)))
  })

  test('with a paused node keeps nobody waiting, and goes on in the same life', async () => {
    const node = cluster.ownerOf(SEQUENCE)
    onTestFinished(() => node.signal('SIGCONT'))
    node.signal('SIGSTOP')
    // Silent, or no more connected: who looks after the connections may notice first.
    await expect(store.mark()).rejects.toMatchObject(unavailable)
    await eventually(() => expect(store.read(KEYS, before.life)).rejects.toMatchObject({ silent: false }))
    node.signal('SIGCONT')
    expect((await recovered(store)).life).toBe(before.life)
  })

  test('with a node gone is not used at all, and lives another life when that is back', async () => {
    await using listener = listenTo(store)
    await eventually(() => expect(listener.seen).toEqual(['listening']))
    const node = cluster.ownerOf(SEQUENCE)
    const elsewhere = KEYS.filter((key) => cluster.ownerOf(slotOf(key)) !== node)
    await lease(elsewhere)
    await node.stop()
    await eventually(() => expect(store.mark()).rejects.toMatchObject(unavailable))
    // The other nodes would answer: they have not noticed yet.
    await expect(store.read(elsewhere, before.life)).rejects.toMatchObject(unavailable)
    await node.restart()
    const after = await reborn(store, before)
    expect(await eventually(() => store.read(elsewhere, after.life))).toEqual(elsewhere.map(() => 'lease:1'))
    await eventually(() => expect(listener.seen).toEqual(['listening', 'lost', 'listening']))
    expect(listener.lives).toEqual([before.life, after.life])
    await eventually(() => store.invalidate([], ['x']))
    await eventually(() => expect(listener.seen).toContain('heard x'))
  })

  test('lives another life for listeners too when a node was away that they do not listen to', async () => {
    await using listener = listenTo(store)
    await eventually(() => expect(listener.lives).toEqual([before.life]))
    const other = cluster.nodes.find((node) => node !== cluster.ownerOf(SEQUENCE))
    await other?.restart()
    const after = await reborn(store, before)
    await eventually(() => expect(listener.lives).toEqual([before.life, after.life]))
    expect(listener.seen).toEqual(['listening', 'lost', 'listening'])
  })
})

describe.skipIf(!hasRedis)('a Redis Cluster with a replica', () => {
  test('lives another life after each failover, back to the first master too; listeners follow', async () => {
    const owner = Math.floor(SEQUENCE / Math.ceil(16_384 / 3))
    await using cluster = await startRedisCluster({ replicaOf: owner })
    const master = cluster.ownerOf(SEQUENCE)
    const replica: RedisServer | undefined = cluster.nodes[3]
    await using opened = openStore(cluster.url)
    const { store } = opened
    await using listener = listenTo(store)
    const before = await recovered(store)
    await eventually(() => expect(listener.seen).toEqual(['listening']))
    // A replica tells who the masters are, and is left then: there would be no room for them.
    await using narrow = openStore(`redis+cluster://127.0.0.1:${replica?.port}`, { maxConnections: 3 })
    expect(await recovered(narrow.store)).toEqual(before)

    // Without a vote: masters give theirs only once in a while.
    await replica?.command('CLUSTER', 'FAILOVER', 'TAKEOVER')
    const between = await reborn(store, before)
    await eventually(() => expect(listener.seen).toEqual(['listening', 'lost', 'listening']))
    expect(await replica?.command('CLIENT', 'LIST')).toContain('honzik-bus')
    await eventually(async () => expect(await master.command('CLIENT', 'LIST')).not.toContain('honzik'))

    await eventually(async () => expect(await master.command('INFO')).toContain('master_link_status:up'))
    await master.command('CLUSTER', 'FAILOVER', 'TAKEOVER')
    const after = await reborn(store, between)
    expect(after.life).not.toBe(before.life)
    await eventually(() => expect(listener.lives).toEqual([before, between, after].map(({ life }) => life)))
    await eventually(() => store.invalidate([], ['x']))
    await eventually(() => expect(listener.seen).toContain('heard x'))
  })
})

describe('a Redis Cluster that is not complete', () => {
  /** All slots at one port, as CLUSTER SLOTS says it. */
  const allAt = (port: number) =>
    `*1\r\n*3\r\n:0\r\n:16383\r\n*3\r\n${bulkReply('')}:${port}\r\n${bulkReply(`id-${port}`)}`
  const mark = `*2\r\n${bulkReply('7')}${bulkReply('7')}`

  test('is not used while its masters do not agree on who they are', async () => {
    let master = 0
    const claiming = () =>
      startFakeRedis((name) => ({ INFO: infoOf('run'), CLUSTER: allAt(master), EVAL: mark, EVALSHA: mark })[name])
    await using one = await claiming()
    await using other = await startFakeRedis((name) => ({ INFO: infoOf('other'), CLUSTER: allAt(one.port) })[name])
    // One says that the other is the master, and the other that one is.
    master = other.port
    await using opened = openStore(`redis+cluster://127.0.0.1:${one.port},127.0.0.1:${other.port}`)
    await eventually(() => expect(opened.troubles.join()).toContain('do not agree'))
    await expect(opened.store.mark()).rejects.toMatchObject(unavailable)
    master = one.port
    expect(await recovered(opened.store)).toMatchObject({ number: 7, epoch: 7 })
  })

  test('is not used while it has not been made of its nodes yet', async () => {
    let slots = '*0\r\n'
    await using node = await startFakeRedis(
      (name) => ({ INFO: infoOf('run'), CLUSTER: slots, EVAL: mark, EVALSHA: mark })[name],
    )
    await using opened = openStore(`redis+cluster://127.0.0.1:${node.port}`)
    await eventually(() => expect(opened.troubles.join()).toContain('no node serves anything'))
    await expect(opened.store.mark()).rejects.toMatchObject(unavailable)
    slots = allAt(node.port)
    expect(await recovered(opened.store)).toMatchObject({ number: 7, epoch: 7 })
  })
})
