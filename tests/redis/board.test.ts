import { describe, expect, test } from 'vitest'
import { describeBoard } from '../contracts/board.ts'
import { eventually } from '../support/eventually.ts'
import { startRedisCluster } from '../support/redis-cluster.ts'
import { admitOnly, hasRedis, startRedis } from '../support/redis-server.ts'
import { openStore } from './opened-store.ts'

/** What it needs besides what every store does; `docs/` says the same. */
const RULES = '~test:v1:* &test:v1:* +info +client|setname +ping +hset +hgetall +pexpire'

async function boardAt(url: string, started: AsyncDisposable) {
  const { store, ...opened } = openStore(url)
  await eventually(() => store.board.read(['any']))
  return {
    board: store.board,
    store,
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]()
      await started[Symbol.asyncDispose]()
    },
  }
}

describe.skipIf(!hasRedis)('on Redis', () => {
  describeBoard('a server that allows little', async () => {
    const server = await startRedis()
    await admitOnly(server, { name: 'honzik', password: 'secret', rules: RULES })
    return boardAt(server.url.replace('://', '://honzik:secret@'), server)
  })

  describeBoard('a cluster', async () => {
    const cluster = await startRedisCluster()
    return boardAt(cluster.url, cluster)
  })

  test('a store knows its sockets and the memory of its server', async () => {
    const server = await startRedis(['--maxmemory', '100mb'])
    await using opened = await boardAt(server.url, server)
    expect(opened.store.state()).toEqual({
      sockets: 1,
      socketsMax: 50,
      memoryBytes: expect.any(Number),
      memoryMaxBytes: 100 * 1024 * 1024,
    })
    expect(opened.store.state().memoryBytes).toBeGreaterThan(100_000)
  })
})
