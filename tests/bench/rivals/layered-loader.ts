import { Redis } from 'ioredis'
import { createNotificationPair, Loader, RedisCache } from 'layered-loader'
import type { UserId } from '../../../src/domain/ids.ts'
import type { User } from '../../../src/domain/user.ts'
import type { Contender } from '../contest/contender.ts'
import { MAX_ITEMS, TTL_MS } from './settings.ts'

/** "Update notifications" of its page: memory, Redis, and a pair of connections for the messages. */
export const layeredLoader: Contender = {
  name: 'layered-loader',
  async open({ url, namespace, memory, source }) {
    const [redis, publisherRedis, consumerRedis] = [new Redis(url), new Redis(url), new Redis(url)]
    const { publisher, consumer } = createNotificationPair<User>({ channel: namespace, publisherRedis, consumerRedis })
    const idOf = (key: string) => Number(key) as UserId
    const loader = new Loader<User>({
      ...(memory && {
        inMemoryCache: { cacheType: 'lru-map' as const, maxItems: MAX_ITEMS, ttlInMsecs: TTL_MS },
        notificationPublisher: publisher,
        notificationConsumer: consumer,
      }),
      asyncCache: new RedisCache<User>(redis, { json: true, prefix: namespace, ttlInMsecs: TTL_MS }),
      dataSourceGetOneFn: (key: string) => source.one(idOf(key)),
      dataSourceGetManyFn: async (keys: string[]) => [...(await source.many(keys.map(idOf)))],
      cacheKeyFromValueResolver: ({ id }) => String(id),
    })
    await loader.init()
    return {
      get: (id) => loader.get(String(id)),
      getMany: (ids) => loader.getMany(ids.map(String)),
      invalidate: (id) => loader.invalidateCacheFor(String(id)),
      async [Symbol.asyncDispose]() {
        for (const client of [redis, publisherRedis, consumerRedis]) client.disconnect()
      },
    }
  },
}
