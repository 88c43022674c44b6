import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis'
import type { UserId } from '../../../src/domain/ids.ts'
import type { Contender } from '../contest/contender.ts'
import { addressOf, keyOf, MAX_ITEMS, TTL_MS } from './settings.ts'

/** https://bentocache.dev/docs/multi-tier, memory without serialization, which its page calls the faster way. */
export const bentocache: Contender = {
  name: 'bentocache',
  async open({ url, namespace, memory, source }) {
    const connection = addressOf(url)
    const redis = redisDriver({ connection })
    const tiered = bentostore()
      .useL1Layer(memoryDriver({ maxItems: MAX_ITEMS, serialize: false }))
      .useL2Layer(redis)
      .useBus(redisBusDriver({ connection }))
    const cache = new BentoCache({
      default: 'users',
      prefix: namespace,
      ttl: TTL_MS,
      stores: { users: memory ? tiered : bentostore().useL2Layer(redis) },
    })
    const get = (id: UserId) => cache.getOrSet({ key: keyOf(id), factory: () => source.one(id) })
    return {
      get,
      getMany: (ids) => Promise.all(ids.map(get)),
      async invalidate(id) {
        await cache.delete({ key: keyOf(id) })
      },
      [Symbol.asyncDispose]: () => cache.disconnectAll(),
    }
  },
}
