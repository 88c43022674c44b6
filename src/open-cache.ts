import { setTimeout } from 'node:timers/promises'
import { openLocalCache, openNoCache, openSharedCache } from './cache/cache.ts'
import type { Reporter } from './cache/cache-event.ts'
import type { SharedStore } from './cache/shared-store.ts'
import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import { NAMESPACE, type OpenCache, type World } from './open.ts'
import { both } from './telemetry/both.ts'
import { createCacheLog } from './telemetry/cache-log.ts'

/** What processes share in Redis; else what this process keeps to itself, where it alone has the database; else nothing. */
export async function openCache(
  config: Config,
  { id, outbox }: Database,
  { log, clock, openStore }: World,
  count: Reporter,
): Promise<OpenCache> {
  const { redisUrl: url, redisMaxConnections: maxConnections, redisTimeoutMs: budgetMs } = config
  const options = {
    ...cacheOptions(config),
    outbox,
    // Long enough to tell it from every other, and short enough to stand before every value.
    origin: id.slice(0, 13),
    report: both(count, createCacheLog(log)),
    now: clock ? () => clock().epochMilliseconds : Date.now,
  }
  if (!config.cacheEnabled || (url === null && config.databaseUrl !== null))
    return { ...openNoCache({ ...options, keeps: config.cacheEnabled ? 'answers' : 'nothing' }), ...UNSHARED }
  if (url === null) return { ...openLocalCache(options), ...UNSHARED }
  const open = openStore ?? (await import('./redis/redis-store.ts')).openRedisStore
  const trouble = (error: Error) => log.warn({ err: error }, 'redis')
  const store = open({ url, namespace: NAMESPACE, maxConnections, budgetMs, trouble })
  await reached(store)
  const cache = openSharedCache({ ...options, store, ...(store.bytes && { bytesStore: store.bytes }) })
  // Failing opens the breaker, and then it is done before anything is read.
  await cache.catchUp().catch((error) => log.warn({ err: error }, 'redis'))
  return {
    ...cache,
    pingShared: cache.ping,
    sharedState: store.state ?? null,
    board: store.board ?? null,
    async [Symbol.asyncDispose]() {
      await cache[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

const cacheOptions = ({ cacheTtls, cacheL1MaxBytes, cacheEntryMaxBytes, cacheL1Consistency }: Config) => ({
  namespace: NAMESPACE,
  l1MaxBytes: cacheL1MaxBytes,
  entryMaxBytes: cacheEntryMaxBytes,
  longestTtlMs: Math.max(...Object.values(cacheTtls)) * 1000,
  consistency: cacheL1Consistency,
})

const UNSHARED = { pingShared: null, sharedState: null, board: null }

/** Milliseconds that a start waits for the store, and between two looks. */
const REACHING_MS = 300
const LOOK_MS = 10

/** Waits until the store answers, which takes a moment after it is opened; not for long, as it may not be there. */
async function reached(store: SharedStore): Promise<void> {
  for (let waited = 0; waited < REACHING_MS; waited += LOOK_MS) {
    const answers = await store.mark().then(
      () => true,
      () => false,
    )
    if (answers) return
    await setTimeout(LOOK_MS)
  }
}
