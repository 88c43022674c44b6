import { createKeyv } from '@keyv/redis'
import { RedisMessageProvider } from '@qified/redis'
import { Cacheable, KeyvCacheableMemory } from 'cacheable'
import { Keyv } from 'keyv'
import type { UserId } from '../../../src/domain/ids.ts'
import type { Contender } from '../contest/contender.ts'
import { keyOf, TTL_MS } from './settings.ts'

/** "Storage tiering" and "CacheableSync" of its page, memory without copies. */
export const cacheable: Contender = {
  name: 'cacheable',
  async open({ url, namespace, memory, source }) {
    const redis = createKeyv(url, { namespace })
    const provider = new RedisMessageProvider({ uri: url })
    const cache = memory
      ? new Cacheable({
          primary: new Keyv({ store: new KeyvCacheableMemory({ useClone: false }) }),
          secondary: redis,
          ttl: TTL_MS,
          namespace,
          sync: { qified: provider },
        })
      : new Cacheable({ primary: redis, ttl: TTL_MS })
    const get = (id: UserId) => cache.getOrSet(keyOf(id), () => source.one(id))
    return {
      get,
      getMany: async (ids) => cache.getMany(ids.map(keyOf)),
      async invalidate(id) {
        await cache.delete(keyOf(id))
      },
      async [Symbol.asyncDispose]() {
        await cache.disconnect()
        await provider.disconnect()
      },
    }
  },
}
