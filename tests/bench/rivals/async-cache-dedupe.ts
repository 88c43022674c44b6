import { createCache } from 'async-cache-dedupe'
import type { UserId } from '../../../src/domain/ids.ts'
import type { Contender } from '../contest/contender.ts'
import { connect, keyOf, MAX_ITEMS, TTL_MS } from './settings.ts'

const TTL_S = TTL_MS / 1_000

/** It has one storage for each function: memory stands in front of Redis as a cached function of a cached function. */
export const asyncCacheDedupe: Contender = {
  name: 'async-cache-dedupe',
  async open({ url, namespace, memory, source }) {
    const client = connect(url)
    const references = (id: UserId) => [`${namespace}-${keyOf(id)}`]
    const shared = createCache({
      ttl: TTL_S,
      storage: { type: 'redis', options: { client, invalidation: { referencesTTL: TTL_S } } },
    })
    const local = createCache({
      ttl: TTL_S,
      storage: { type: 'memory', options: { size: MAX_ITEMS, invalidation: true } },
    })
    // The names of functions stand in the keys, which have no other prefix.
    const inRedis = shared.define(namespace, { references }, (id: UserId) => source.one(id))[namespace]
    if (!inRedis) throw new Error(`async-cache-dedupe has not defined ${namespace}.`)
    const { user: inMemory } = local.define('user', { references }, (id: UserId) => inRedis(id))
    const get = (id: UserId) => (memory ? inMemory(id) : inRedis(id))
    return {
      get,
      getMany: (ids) => Promise.all(ids.map(get)),
      async invalidate(id) {
        await shared.invalidateAll(references(id))
        await local.invalidateAll(references(id))
      },
      async [Symbol.asyncDispose]() {
        client.disconnect()
      },
    }
  },
}
