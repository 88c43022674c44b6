import { setTimeout as pause } from 'node:timers/promises'
import { startFlakyProxy } from '../support/flaky-proxy.ts'
import { startRedis } from '../support/redis-server.ts'
import { type Outage, outagesOf } from './outage/faults.ts'
import { probe, type Sample } from './outage/probe.ts'
import { makeLearners } from './world/learners.ts'
import { startDurablePostgres } from './world/postgres.ts'
import { progress, say, sayTable } from './world/say.ts'
import { adminToken, serve } from './world/servers.ts'

/*
 * What callers notice when Redis is in trouble: two servers over one PostgreSQL, one of them with Redis, are asked the
 * same in turn. What the one takes longer than the other is what the trouble adds.
 */

const CLIENTS = 4
const BEFORE_MS = 1_500
const OUTAGE_MS = 3_000
const AFTER_MS = 2_500
/** What begins this soon after the trouble may be what finds out about it. */
const OPENING_MS = 300

await using postgres = await startDurablePostgres()
await using redis = await startRedis()
await using proxy = await startFlakyProxy(redis.port)
progress(`${postgres.description}; making 200 learners`)
await makeLearners(postgres.url, 200, 30)
const database = { DATABASE_URL: postgres.url }
await using cached = await serve({ ...database, REDIS_URL: `redis://127.0.0.1:${proxy.port}` })
await using uncached = await serve({ ...database, CACHE_ENABLED: 'false' })
const urls = { cached: cached.url, uncached: uncached.url }
const token = await adminToken()

const at = (part: number, samples: readonly Sample[]): number =>
  samples.map(({ ms }) => ms).toSorted((a, b) => a - b)[Math.floor(samples.length * part)] ?? Number.NaN
const of = (place: Sample['place'], samples: readonly Sample[], from: number, to: number) =>
  samples.filter((sample) => sample.place === place && sample.at >= from && sample.at < to)
const ms = (number: number): string => `${number.toFixed(1)} ms`

/** Milliseconds from the end of the trouble until the first answer that the caches gave or took part in. */
function timeToCaches(samples: readonly Sample[], ended: number): number {
  const back = samples.find(({ place, at, cache }) => place === 'cached' && at > ended && /^(HIT|MISS)$/.test(cache))
  return back === undefined ? Number.NaN : back.at + back.ms - ended
}

async function measure({ name, begin, end }: Outage): Promise<(string | number)[]> {
  progress(name)
  const asking = probe(urls, token, CLIENTS)
  await pause(BEFORE_MS)
  const begun = performance.now()
  await begin()
  await pause(OUTAGE_MS)
  await end()
  const ended = performance.now()
  await pause(AFTER_MS)
  await asking.stop()
  const { samples } = asking
  const opening = of('cached', samples, begun, begun + OPENING_MS)
  const open = of('cached', samples, begun + OPENING_MS, ended).filter(({ cache }) => /DEGRADED|PENDING/.test(cache))
  const without = of('uncached', samples, begun, ended)
  return [
    name,
    ms(Math.max(...opening.map((sample) => sample.ms)) - at(0.5, without)),
    open.length,
    ms(at(0.5, open) - at(0.5, without)),
    ms(at(0.99, open) - at(0.99, without)),
    ms(timeToCaches(samples, ended)),
  ]
}

const rows: (string | number)[][] = []
for (const outage of outagesOf(redis, proxy)) rows.push(await measure(outage))
say('\nWhat trouble with Redis adds to the answers, with 4 clients; no answer had an error')
sayTable(
  [
    'Redis is',
    'worst while finding out',
    'answers without Redis',
    'added at p50',
    'added at p99',
    'caches again after',
  ],
  rows,
)
