import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { describe } from 'vitest'
import type { MemoStore } from '../../src/cache/memo-store.ts'
import { MemoryStore } from '../cache/memory-store.ts'
import { type ConnectedMemoStores, describeMemoStore } from '../contracts/memo-store.ts'
import { describeSharedStore } from '../contracts/shared-store.ts'
import { makeCertificates } from '../support/certificates.ts'
import { freePort } from '../support/free-port.ts'
import { startRedisCluster } from '../support/redis-cluster.ts'
import { admitOnly, hasRedis, startRedis } from '../support/redis-server.ts'
import { connectTwo } from './opened-store.ts'

/** All that a server must allow, and in a cluster some more; `docs/` says the same. */
const SINGLE_RULES =
  '~t:* ~test:v1:* &test:v1:* +info +client|setname +ping +subscribe +publish +mget +get +set +unlink +eval +evalsha +exists +time +hset +hincrby +hget +hmget'
const CLUSTER_RULES = `${SINGLE_RULES} -mget +cluster|slots +asking`

const user = (rules: string) => ({ name: 'honzik', password: 'se:cr@et', rules })
const credentials = `honzik:${encodeURIComponent('se:cr@et')}@`

/** Both sides of it. */
function describeStore(name: string, open: () => Promise<ConnectedMemoStores>): void {
  describeSharedStore(name, open)
  describeMemoStore(name, open)
  describeMemoStore(`${name}, for bytes,`, () => open().then(forBytes), 'bytes')
}

/** The side for bytes in the place of the one for texts; in memory they are one. */
function forBytes({ one, other, ...opened }: ConnectedMemoStores): ConnectedMemoStores {
  const bytesOf = (store: ConnectedMemoStores['one'] & { readonly bytes?: MemoStore }) => ({ ...store, ...store.bytes })
  return { ...opened, one: bytesOf(one), other: bytesOf(other) }
}

describeStore('memory', async () => {
  const shared = new MemoryStore()
  // Its clock is the real one here, as the contract lets time pass.
  Object.defineProperty(shared, 'now', { get: () => performance.now() })
  return { one: shared.connect(), other: shared.connect(), async [Symbol.asyncDispose]() {} }
})

describe.skipIf(!hasRedis)('on Redis', () => {
  describeStore('one server', async () => {
    const server = await startRedis()
    return connectTwo(server.url, server)
  })

  describeStore('a database of one server with a password', async () => {
    const server = await startRedis(['--requirepass', 'secret'])
    return connectTwo(`${server.url.replace('://', '://:secret@')}/3`, server)
  })

  describeStore('one server that allows little', async () => {
    const server = await startRedis()
    await admitOnly(server, user(SINGLE_RULES))
    return connectTwo(server.url.replace('://', `://${credentials}`), server)
  })

  describeStore('one server over TLS', async () => {
    const certificates = makeCertificates()
    const port = await freePort()
    const { authority, certificate, key } = certificates.files
    const files = ['--tls-ca-cert-file', authority, '--tls-cert-file', certificate, '--tls-key-file', key]
    const server = await startRedis(['--tls-port', `${port}`, '--tls-auth-clients', 'no', ...files])
    setDefaultCACertificates([...getCACertificates('default'), certificates.authority])
    certificates[Symbol.dispose]()
    return connectTwo(`rediss://localhost:${port}`, server)
  })

  describeStore('a cluster', async () => {
    const cluster = await startRedisCluster()
    return connectTwo(cluster.url, cluster)
  })

  describeStore('a cluster that allows little', async () => {
    const cluster = await startRedisCluster({ user: user(CLUSTER_RULES) })
    return connectTwo(cluster.url, cluster)
  })
})
