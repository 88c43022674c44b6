import { startRedis } from '../../support/redis-server.ts'
import { count, progress, sayTable } from '../world/say.ts'
import { type Contender, L1_MB, oursBounded, oursUncached } from './contenders.ts'
import type { World } from './entrants.ts'
import { createLoad } from './load.ts'
import { createWorkload } from './workload.ts'

export const MEMORY_LEARNERS = 100_000

const CONNECTIONS = 32
/** Enough for code to be compiled and for garbage to have come and gone, were it answered without a cache. */
const WARMING = 100_000
const STEPS = 10
const MB = 1024 * 1024
/** What its bookkeeping and the requests under way may take beyond that. */
const BESIDE_MB = 100

/** What the cache costs in memory: a server with it after so many requests, beside one without it that is warm. */
export async function sayMemory(world: World, requests: number): Promise<void> {
  const without = await residentMb(oursUncached, world, Math.min(WARMING, requests))
  const withCache = await residentMb(oursBounded, world, requests)
  const limit = without + L1_MB + BESIDE_MB
  sayTable(
    ['', 'resident MB'],
    [
      ['without a cache, warm', without.toFixed(0)],
      [`bounded, CACHE_L1_MAX_MB=${L1_MB}, after ${count(requests)} requests`, withCache.toFixed(0)],
      ['the difference', (withCache - without).toFixed(0)],
      [`at most (without + ${L1_MB} + ${BESIDE_MB})`, `${limit.toFixed(0)} ${withCache <= limit ? '✓' : '✗'}`],
    ],
  )
}

async function residentMb(contender: Contender, world: World, requests: number): Promise<number> {
  await using redis = await startRedis()
  const { database, answerFile } = world
  await using server = await contender.start({ databaseUrl: database.url, redisUrl: redis.url, answerFile })
  const load = createLoad(server.port, CONNECTIONS)
  const { next } = createWorkload({ learners: world.learners, requests: world.requests, changes: 0 })
  for (let step = 1; step <= STEPS; step += 1) {
    await load.times(next, Math.ceil(requests / STEPS))
    const mb = (server.residentBytes() / MB).toFixed(0)
    progress(`${contender.name}: ${count((step * requests) / STEPS)} requests, ${mb} MB`)
  }
  return server.residentBytes() / MB
}
