import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { UserId } from '../../src/domain/ids.ts'
import { freePort } from '../support/free-port.ts'
import { startRedis } from '../support/redis-server.ts'
import { startProcess } from '../support/server-process.ts'
import { type Sample, startLoad } from './restart/load.ts'
import { shuffled } from './support/timing.ts'
import { createChance, createZipf } from './world/chance.ts'
import { makeLearners } from './world/learners.ts'
import { administer, startDurablePostgres } from './world/postgres.ts'
import { count, percent, progress, say, sayTable } from './world/say.ts'
import { AS_DELIVERED, adminToken, SECRET } from './world/servers.ts'

/*
 * What callers notice of a restart: the part of the questions that caches answer, second by second, after a server has been
 * ended with SIGTERM and started again under load. With Redis as it was, and with all that it had gone, each with and
 * without warming.
 */

const { values } = parseArgs({
  options: {
    learners: { type: 'string', default: '5000' },
    settle: { type: 'string', default: '40' },
    seconds: { type: 'string', default: '15' },
  },
})
const LEARNERS = Number(values.learners)
/** Seconds of load before the first restart. */
const SETTLE_S = Number(values.settle)
/** Seconds that are measured before and after each restart. */
const SECONDS = Number(values.seconds)
/** From this second after readiness on, each must have so much of the steady hit rate. */
const FROM_S = 5
const TARGET = 0.8

const SEED = 20_261_124

await using postgres = await startDurablePostgres()
await using redis = await startRedis()
progress(`${postgres.description}; making ${count(LEARNERS)} learners`)
const learners = shuffled(await makeLearners(postgres.url, LEARNERS, 30), SEED)
await practise(learners)
const draw = createZipf(learners, createChance(SEED))
const port = await freePort()
const token = await adminToken()

/** Whoever is popular has also written last, as those do who use the product; four messages each at the median. */
async function practise(popular: readonly UserId[]): Promise<void> {
  const next = createZipf(popular, createChance(SEED + 1))
  const writers = Array.from({ length: LEARNERS * 4 }, next)
  await administer(
    postgres.url,
    `insert into messages (user_id, role, text, words_total, words_correct)
     select unnest(array[${writers.join(',')}]::bigint[]), 'USER', 'Jdu do školy.', 3, 3`,
  )
}

async function start(warm: string) {
  const server = startProcess({
    ...AS_DELIVERED,
    ...{ LOG_LEVEL: 'warn', AUTH_SECRET: SECRET, PORT: String(port), WARM: warm },
    ...{ DATABASE_URL: postgres.url, REDIS_URL: redis.url },
  })
  await server.listening
  return server
}

const hitRate = (samples: readonly Sample[]): number =>
  samples.filter(({ cache }) => cache === 'HIT').length / samples.length
/** As many as were answered while Redis did not answer in time. */
const degraded = (samples: readonly Sample[]): number => samples.filter(({ cache }) => cache === 'DEGRADED').length
const between = (samples: readonly Sample[], from: number, to: number) =>
  samples.filter(({ at }) => at >= from && at < to)
const at = (part: number, samples: readonly Sample[]): string =>
  `${(samples.map(({ ms }) => ms).toSorted((a, b) => a - b)[Math.floor(samples.length * part)] ?? Number.NaN).toFixed(1)} ms`

let server = await start('off')
const load = startLoad(port, token, draw)
progress(`${SETTLE_S} s of load`)
await pause(SETTLE_S * 1000)

interface Restart {
  readonly name: string
  readonly warm: 'auto' | 'off'
  readonly flush: boolean
}

async function measure({ name, warm, flush }: Restart) {
  progress(name)
  const began = performance.now()
  await pause(SECONDS * 1000)
  const steady = between(load.samples, began, performance.now())
  server.signal('SIGTERM')
  await server.exited
  if (flush) await redis.command('FLUSHALL')
  server = await start(warm)
  const ready = performance.now()
  await pause(SECONDS * 1000)
  const seconds = Array.from({ length: SECONDS }, (_, second) =>
    between(load.samples, ready + second * 1000, ready + (second + 1) * 1000),
  )
  // What the next restart begins with is to be the same, whatever was the case in this one.
  await pause(SETTLE_S * 500)
  const floor = Math.min(...seconds.slice(FROM_S).map((each) => hitRate(each) / hitRate(steady)))
  return { name, steady, seconds, floor }
}

const results = []
for (const flush of [false, true])
  for (const warm of ['auto', 'off'] as const)
    results.push(await measure({ name: `${flush ? 'Redis empty' : 'Redis as it was'}, WARM=${warm}`, warm, flush }))
await load.stop()
await server[Symbol.asyncDispose]()

say(`\nThe part of the questions that caches answer, by the seconds after a restart, of ${count(LEARNERS)} learners`)
sayTable(
  ['restart', 'steady', ...Array.from({ length: SECONDS }, (_, second) => String(second + 1))],
  results.map(({ name, steady, seconds }) => [
    name,
    percent(hitRate(steady), 1),
    ...seconds.map((each) => (100 * hitRate(each)).toFixed(0)),
  ]),
)
sayTable(
  [
    'restart',
    'questions/s',
    `worst second from ${FROM_S} s on, of steady`,
    'p50, p99 steady',
    'p50, p99 of the first 10 s',
    'without caches: steady, after',
  ],
  results.map(({ name, steady, seconds, floor }) => [
    name,
    count(steady.length / SECONDS),
    `${percent(floor, 1)} (≥ ${TARGET * 100} %: ${floor >= TARGET ? '✓' : '✗'})`,
    `${at(0.5, steady)}, ${at(0.99, steady)}`,
    `${at(0.5, seconds.slice(0, 10).flat())}, ${at(0.99, seconds.slice(0, 10).flat())}`,
    `${degraded(steady)}, ${degraded(seconds.flat())}`,
  ]),
)
