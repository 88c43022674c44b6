import { parseArgs } from 'node:util'
import { startRedis } from '../support/redis-server.ts'
import { databaseLoadOf } from './product/database-load.ts'
import { measure, type Place } from './product/latencies.ts'
import { CLAIMED_LESS_LOAD, QUESTIONS } from './product/questions.ts'
import { openClient } from './world/client.ts'
import { makeLearners, settle } from './world/learners.ts'
import { startDurablePostgres } from './world/postgres.ts'
import { count, percent, progress, say, sayTable } from './world/say.ts'
import { adminToken, serve } from './world/servers.ts'

/*
 * What users of the product notice of the cache, beside what the predecessor claimed: the latency of its two common
 * questions about 10,000 learners with 30 days of practice, and the database's part in them.
 */

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '40' }, trace: { type: 'string', default: '10000' } },
})
const LEARNERS = 10_000
const CLIENTS = [1, 8]

await using postgres = await startDurablePostgres()
await using redis = await startRedis()
progress(`${postgres.description}; making ${LEARNERS} learners with 30 days of practice`)
const learners = await makeLearners(postgres.url, LEARNERS, 30)
const token = await adminToken()
const DATABASE = { DATABASE_URL: postgres.url }
const UNCACHED = { ...DATABASE, CACHE_ENABLED: 'false' }
const CACHED = { ...DATABASE, REDIS_URL: redis.url }

/** Reads everything about everyone once. */
async function warm({ url }: Place): Promise<void> {
  const ids = learners.values()
  const work = async () => {
    using client = openClient(url, token)
    for (const id of ids) for (const { query } of QUESTIONS) await client.ask(query, { id: String(id) })
  }
  await Promise.all(Array.from({ length: 8 }, work))
}

async function sayLatencies(): Promise<void> {
  await using uncached = await serve(UNCACHED)
  await using cached = await serve(CACHED)
  await using redisOnly = await serve({ ...CACHED, CACHE_L1_MAX_MB: '0' })
  const places = [
    { name: 'uncached', url: uncached.url },
    { name: 'cached', url: cached.url },
    { name: 'cached in Redis only', url: redisOnly.url },
  ]
  progress('reading everything once')
  for (const place of places.slice(1)) await warm(place)
  const rows: (string | number)[][] = []
  for (const clients of CLIENTS)
    for (const question of QUESTIONS) {
      progress(`${question.name}, ${clients} at once`)
      const rounds = Number(values.rounds) / Math.sqrt(clients)
      for (const { name, medianMs, p95Ms, perSecond } of await measure(question, places, {
        learners,
        token,
        clients,
        rounds,
      }))
        rows.push([
          question.name,
          clients,
          name,
          medianMs.toFixed(2),
          p95Ms.toFixed(2),
          count(perSecond),
          claimOf(question, name),
        ])
    }
  sayTable(['question', 'clients', '', 'p50 ms', 'p95 ms', 'requests/s', 'the predecessor claims, ms'], rows)
}

const claimOf = ({ claimed }: (typeof QUESTIONS)[number], place: string) =>
  place === 'uncached' ? claimed.uncached : claimed.cached

async function sayDatabaseLoad(): Promise<void> {
  const rows: (string | number)[][] = []
  for (const clients of CLIENTS) {
    const options = { learners, token, clients, length: Number(values.trace) }
    await settle(postgres.url)
    progress(`the trace over HTTP, ${clients} at once`)
    const loads = []
    for (const [name, env] of Object.entries({ uncached: UNCACHED, 'cached, warm': CACHED })) {
      // What the uncached server has changed is applied by the cached one's relay, long before everything is read.
      await using server = await serve({ ...env, LOG_LEVEL: 'info' })
      if (env === CACHED) await warm({ name, url: server.url })
      loads.push(await databaseLoadOf(server, { ...options, name }))
    }
    const base = (loads[0]?.selects ?? 0) / (loads[0]?.requests ?? 1)
    for (const { name, requests, selects } of loads)
      rows.push([
        clients,
        name,
        count(requests),
        ((1000 * selects) / requests).toFixed(1),
        percent(1 - selects / requests / base, 1),
      ])
  }
  say(`\nThe trace of tests/bench/trace.ts over HTTP: 95 % reads by Zipf's law, 5 % changes`)
  sayTable(
    [
      'clients',
      '',
      'reading requests',
      'SELECTs per 1,000 of them',
      `less (the predecessor claims ${CLAIMED_LESS_LOAD})`,
    ],
    rows,
  )
}

await sayLatencies()
await sayDatabaseLoad()
