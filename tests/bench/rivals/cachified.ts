import { type Cache, type CacheEntry, cachified, totalTtl } from '@epic-web/cachified'
import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import type { UserId } from '../../../src/domain/ids.ts'
import type { Contender } from '../contest/contender.ts'
import { connect, keyOf, MAX_ITEMS, TTL_MS } from './settings.ts'

/** The adapter from the library's own page. */
function memoryCache(): Cache {
  const lru = new LRUCache<string, CacheEntry>({ max: MAX_ITEMS })
  return {
    set(key, value) {
      const ttl = totalTtl(value?.metadata)
      return lru.set(key, value, { ttl, start: value?.metadata?.createdTime })
    },
    get: (key) => lru.get(key),
    delete: (key) => lru.delete(key),
  }
}

/** As its adapter for the other Redis client does it. */
const redisCache = (client: Redis): Cache => ({
  async set(key, value) {
    await client.set(key, JSON.stringify(value), 'PX', totalTtl(value.metadata))
  },
  async get(key) {
    const text = await client.get(key)
    return text === null ? null : JSON.parse(text)
  },
  async delete(key) {
    await client.del(key)
  },
})

/** A fresh value for memory is what Redis has, and for Redis what the source has. */
export const epicCachified: Contender = {
  name: '@epic-web/cachified',
  async open({ url, namespace, memory, source }) {
    const client = connect(url)
    const lru = memoryCache()
    const redis = redisCache(client)
    const key = (id: UserId) => `${namespace}:${keyOf(id)}`
    const fromRedis = (id: UserId) =>
      cachified({ key: key(id), cache: redis, ttl: TTL_MS, getFreshValue: () => source.one(id) })
    const fromMemory = (id: UserId) =>
      cachified({ key: key(id), cache: lru, ttl: TTL_MS, getFreshValue: () => fromRedis(id) })
    const get = memory ? fromMemory : fromRedis
    return {
      get,
      getMany: (ids) => Promise.all(ids.map(get)),
      async invalidate(id) {
        await redis.delete(key(id))
        await lru.delete(key(id))
      },
      async [Symbol.asyncDispose]() {
        client.disconnect()
      },
    }
  },
}
