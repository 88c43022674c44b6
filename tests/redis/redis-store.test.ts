import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SharedStore } from '../../src/cache/shared-store.ts'
import { openRedisStore } from '../../src/redis/redis-store.ts'
import { MemoryStore } from '../cache/memory-store.ts'
import { describeSharedStore } from '../contracts/shared-store.ts'
import { eventually } from '../support/eventually.ts'
import { hasRedis, type RedisServer, startRedis } from '../support/redis-server.ts'

describeSharedStore('memory', async () => {
  const shared = new MemoryStore()
  // Its clock is the real one here, as the contract lets time pass.
  Object.defineProperty(shared, 'now', { get: () => performance.now() })
  return { one: shared.connect(), other: shared.connect(), async [Symbol.asyncDispose]() {} }
})

const open = async (url: string): Promise<SharedStore & AsyncDisposable> => {
  const store = openRedisStore({ url, namespace: 'test', trouble: () => {} })
  await eventually(() => store.mark())
  return store
}

describe.skipIf(!hasRedis)('on Redis', () => {
  describeSharedStore('Redis', async () => {
    const server = await startRedis()
    const [one, other] = await Promise.all([open(server.url), open(server.url)])
    return {
      one,
      other,
      async [Symbol.asyncDispose]() {
        await Promise.all([one[Symbol.asyncDispose](), other[Symbol.asyncDispose]()])
        await server[Symbol.asyncDispose]()
      },
    }
  })

  describe('in trouble', () => {
    let server: RedisServer
    let store: SharedStore & AsyncDisposable
    beforeAll(async () => {
      server = await startRedis(['--requirepass', 'secret'])
      store = await open(server.url.replace('redis://', 'redis://:secret@'))
    })
    afterAll(async () => {
      await store[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    })

    const unavailable = { name: 'StoreUnavailable' }

    test('a server that is paused keeps nobody waiting, and serves again when it goes on', async () => {
      const { life } = await store.mark()
      server.signal('SIGSTOP')
      await expect(store.mark()).rejects.toMatchObject(unavailable)
      await expect(store.read(['a'], life)).rejects.toMatchObject(unavailable)
      await expect(store.remove(['a'])).rejects.toMatchObject(unavailable)
      server.signal('SIGCONT')
      await eventually(async () => expect((await store.mark()).life).toBe(life))
    })

    test('a server that was started again lives another life with a later sequence', async () => {
      const before = await store.announce(['x'])
      await server.restart()
      const after = await eventually(() => store.mark())
      expect(after.life).not.toBe(before.life)
      expect(after.number).toBeGreaterThan(before.number)
      await expect(store.read(['a'], before.life)).rejects.toMatchObject(unavailable)
      expect(await store.read(['a'], after.life)).toEqual([null])
    })

    test('whoever listens is told of the loss, and listens again', async () => {
      const seen: string[] = []
      const subscription = store.subscribe({
        listening: () => seen.push('listening'),
        heard: ({ tags }) => seen.push(`heard ${tags}`),
        lost: () => seen.push('lost'),
      })
      await eventually(() => expect(seen).toEqual(['listening']))
      await server.restart()
      await eventually(() => expect(seen).toEqual(['listening', 'lost', 'listening']))
      await eventually(() => store.announce(['x']))
      await eventually(() => expect(seen).toContain('heard x'))
      await subscription[Symbol.asyncDispose]()
    })

    test('a wrong password is unavailable, and told', async () => {
      const troubles: string[] = []
      const refused = openRedisStore({
        url: server.url.replace('redis://', 'redis://:wrong@'),
        namespace: 'test',
        trouble: ({ message }) => troubles.push(message),
      })
      await eventually(() => expect(troubles.join()).toMatch(/WRONGPASS|NOAUTH/))
      await expect(refused.mark()).rejects.toMatchObject(unavailable)
      await refused[Symbol.asyncDispose]()
    })

    test('a server that is not there is unavailable at once', async () => {
      const nowhere = openRedisStore({ url: 'redis://127.0.0.1:1', namespace: 'test', trouble: () => {} })
      await expect(nowhere.mark()).rejects.toMatchObject(unavailable)
      await nowhere[Symbol.asyncDispose]()
    })
  })
})
