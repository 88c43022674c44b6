import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CASES, type Case } from './http/cases.ts'
import { chartOf } from './http/chart.ts'
import { PEERS } from './http/contenders.ts'
import { hold } from './http/contest.ts'
import { keepToOtherCore } from './http/cores.ts'
import type { World } from './http/entrants.ts'
import { MEMORY_LEARNERS, sayMemory } from './http/memory.ts'
import { writePage } from './http/page.ts'
import { type Outcome, tablesOf } from './http/report.ts'
import { createRequests, QUERY } from './http/requests.ts'
import { describeRun } from './http/versions.ts'
import { createDatabase, makeLearners } from './world/learners.ts'
import { startDurablePostgres } from './world/postgres.ts'
import { progress, say } from './world/say.ts'
import { adminToken } from './world/servers.ts'

/*
 * Our server beside others over HTTP, each alone on one core: what they can do at most, what callers wait at half of
 * that, and whether what they show is fresh. All have the same data, the same query and the same token.
 */

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    only: { type: 'string' },
    contenders: { type: 'string' },
    get: { type: 'boolean', default: false },
    vary: { type: 'boolean', default: false },
    query: { type: 'string' },
    memory: { type: 'boolean', default: false },
    requests: { type: 'string', default: '1000000' },
    write: { type: 'boolean', default: false },
  },
})
const LEARNERS = 10_000
const ASKED_FOR = 1_000
const DAYS = 30
const DATABASE = 'learners'

keepToOtherCore()
const havePeers = existsSync(join(PEERS, 'node_modules'))
if (!havePeers) say('The other servers are not installed; to compare with them: npm ci --prefix tests/bench/peers')

await using opened = new AsyncDisposableStack()
const postgres = opened.use(await startDurablePostgres())
const world = await makeWorld(values.memory ? MEMORY_LEARNERS : LEARNERS)
if (values.memory) await sayMemory(world, Number(values.requests))
else await sayCases()

async function makeWorld(learners: number): Promise<World> {
  progress(`${postgres.description}; making ${learners} learners with ${DAYS} days of practice`)
  const folder = opened.adopt(mkdtempSync(join(tmpdir(), 'honzik-bench-http-')), (it) =>
    rmSync(it, { recursive: true }),
  )
  const url = await createDatabase(postgres.url, DATABASE)
  const ids = await makeLearners(url, learners, DAYS)
  const query = values.query === undefined ? QUERY : readFileSync(values.query, 'utf8')
  return {
    serverUrl: postgres.url,
    database: { name: DATABASE, url },
    learners: values.memory ? ids : ids.slice(0, ASKED_FOR),
    requests: createRequests({ token: await adminToken(), query, get: values.get, vary: values.vary }),
    answerFile: join(folder, 'answer.json'),
  }
}

async function sayCases(): Promise<void> {
  const outcomes: Outcome[] = []
  for (const it of chosenCases()) {
    const rounds = { rounds: Number(values.rounds), seconds: Number(values.seconds) }
    outcomes.push({ it, results: await hold(it, world, rounds) })
  }
  const markdown = `${tablesOf(outcomes)}\n\n${describeRun(postgres.description)}`
  say(`\n${markdown}`)
  if (values.write) writePage(markdown, chartOf(outcomes))
}

function chosenCases(): readonly Case[] {
  const keys = values.contenders?.split(',')
  const takesPart = ({ key, kind }: Case['contenders'][number]) =>
    (keys === undefined || keys.includes(key)) && (havePeers || kind !== 'peer')
  const chosen = CASES.filter(({ key }) => values.only === undefined || values.only === key)
    .map((it) => ({ ...it, contenders: it.contenders.filter(takesPart) }))
    .filter(({ contenders }) => contenders.length > 0)
  if (chosen.length > 0) return chosen
  const contenders = new Set(CASES.flatMap((it) => it.contenders.map(({ key }) => key)))
  throw new Error(
    `Nothing is left to measure. Cases: ${CASES.map(({ key }) => key)}; contenders: ${[...contenders].join(', ')}.`,
  )
}
