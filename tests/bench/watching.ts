import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startRedis } from '../support/redis-server.ts'
import { keepToOtherCore } from './http/cores.ts'
import { createLoad } from './http/load.ts'
import { createRequests, QUERY } from './http/requests.ts'
import { startServer } from './http/server.ts'
import { createWorkload } from './http/workload.ts'
import { median } from './support/timing.ts'
import { createDatabase, makeLearners } from './world/learners.ts'
import { startDurablePostgres } from './world/postgres.ts'
import { count, percent, progress, say, sayTable } from './world/say.ts'
import { adminToken, SECRET } from './world/servers.ts'

/*
 * What watching costs where it costs most: whole answers from memory, as fast as they go. One server, whose watching is
 * turned off and on in turns: two servers differ by more than that, by where in memory they happen to lie. While it is on,
 * it is also scraped once a turn, and somebody looks at the dashboard, unless it is left `--alone`.
 */

const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '24' },
    seconds: { type: 'string', default: '5' },
    alone: { type: 'boolean', default: false },
  },
})
const [TURNS, SECONDS] = [Number(values.turns), Number(values.seconds)]
const LEARNERS = 1_000
const CONNECTIONS = 32
const WARMING_S = 10
const TARGET = 0.97
const US_PER_S = 1_000_000

keepToOtherCore()
await using postgres = await startDurablePostgres()
await using redis = await startRedis()
const databaseUrl = await createDatabase(postgres.url, 'watching')
const learners = await makeLearners(databaseUrl, LEARNERS, 30)
await using server = await startServer(join(import.meta.dirname, 'http/watching.ts'), {
  ...{ PORT: '0', DATABASE_URL: databaseUrl, REDIS_URL: redis.url, AUTH_SECRET: SECRET },
  ...{ LOG_LEVEL: 'silent', CACHE_L1_CONSISTENCY: 'bounded', WARM: 'off' },
})
const token = await adminToken()
const url = `http://127.0.0.1:${server.port}`
const requests = createRequests({ token, query: QUERY, get: false, vary: false })
const workload = createWorkload({ learners, requests, changes: 0 })
const load = createLoad(server.port, CONNECTIONS)
await load.times(workload.visit, 2 * LEARNERS)
await load.closed(workload.next, WARMING_S)

interface Turn {
  readonly perSecond: number
  /** Microseconds of the server's processor time for each answer, which others on the machine disturb less than its rate. */
  readonly cpuUs: number
}

let wasOn = true
const turns = { on: [] as Turn[], off: [] as Turn[] }
for (let turn = 0; turn < TURNS; turn += 1) {
  // On, off, off, on: what gets better or worse with time meets both alike.
  const isOn = turn % 4 === 0 || turn % 4 === 3
  if (isOn !== wasOn) server.signal('SIGUSR2')
  wasOn = isOn
  progress(`turn ${turn + 1} of ${TURNS}: ${isOn ? 'watched' : 'not watched'}`)
  const looking = isOn && !values.alone ? look() : null
  turns[isOn ? 'on' : 'off'].push(await take())
  looking?.abort()
}

async function take(): Promise<Turn> {
  const before = server.cpuSeconds()
  const { perSecond } = await load.closed(workload.next, SECONDS)
  return { perSecond, cpuUs: ((server.cpuSeconds() - before) / (perSecond * SECONDS)) * US_PER_S }
}

/** What operators do besides: one scrape, and a dashboard that is open. */
function look(): AbortController {
  const looking = new AbortController()
  const { signal } = looking
  const headers = { authorization: `Bearer ${token}` }
  const seen = async () =>
    (await fetch(`${url}/dashboard/events`, { headers, signal })).body?.pipeTo(new WritableStream())
  const scraped = async () => (await fetch(`${url}/metrics`, { signal })).text()
  for (const work of [seen, scraped]) work().catch(() => {})
  return looking
}

// Each turn beside the one after it: what else the machine does changes more slowly.
const pairs = turns.on.flatMap((on, pair) => (turns.off[pair] ? [{ on, off: turns.off[pair] }] : []))
const ratios = pairs.map(({ on, off }) => on.perSecond / off.perSecond)
const [ratio, cpuRatio] = [median(ratios), median(pairs.map(({ on, off }) => off.cpuUs / on.cpuUs))]
sayTable(
  ['', 'requests/s, median', 'least', 'most', 'processor time of each, median'],
  (['on', 'off'] as const).map((name) => {
    const rates = turns[name].map(({ perSecond }) => perSecond)
    return [
      name === 'off' ? 'not watched' : values.alone ? 'watched' : 'watched, scraped and looked at',
      ...[median(rates), Math.min(...rates), Math.max(...rates)].map((each) => count(Math.round(each))),
      `${median(turns[name].map(({ cpuUs }) => cpuUs)).toFixed(2)} µs`,
    ]
  }),
)
say(
  `Watched to not watched, turn by turn: ${percent(ratio, 1)} at the median of ${ratios.length} pairs, ` +
    `${percent(Math.min(...ratios), 1)} to ${percent(Math.max(...ratios), 1)} (target: at least ${percent(TARGET, 1)}). ` +
    `By processor time: ${percent(cpuRatio, 1)}.`,
)
if (ratio < TARGET) process.exitCode = 1
