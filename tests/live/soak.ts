import { parseArgs } from 'node:util'
import { withConnections } from '../../src/db/server.ts'
import { startPostgres } from '../support/postgres-server.ts'
import { type CheckerOptions, checkFaults } from './checker.ts'
import { databaseFaults } from './database-faults.ts'
import type { Fault } from './fault.ts'
import { processFaults } from './process-faults.ts'
import { Random } from './random.ts'
import { redisFaults } from './redis-faults.ts'
import { keepViolations, lineOfPhase, summaryOf } from './report.ts'
import { GUARDS } from './switches.ts'
import { wireFaults } from './wire-faults.ts'

/*
 * The live checker for as long as you like: `npm run soak -- --minutes 10 [--seed 7] [--only bus]
 * [--weaken lease|life|fence|trust]`.
 * Every fault comes before any comes again, each time in another order. Ends with 1 when a promise was broken.
 */

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    only: { type: 'string' },
    weaken: { type: 'string' },
  },
})
const minutes = Number(values.minutes)
const seed = Number(values.seed ?? Date.now() % 1_000_000)
if (!(minutes > 0) || !Number.isSafeInteger(seed)) throw new RangeError('--minutes and --seed must be numbers')
const chosen = [...redisFaults, ...wireFaults, ...processFaults, ...databaseFaults].filter(({ name }) =>
  name.includes(values.only ?? ''),
)
if (chosen.length === 0) throw new RangeError(`no fault is named like ${values.only}`)

const end = performance.now() + minutes * 60_000
const random = new Random(seed)

/** Every fault once, as long as there is time. */
function* faults(): Generator<Fault> {
  for (const fault of random.shuffled(chosen)) {
    if (performance.now() > end) return
    yield fault
  }
}

/** What is fast leaves no room for a race, and many learners seldom meet: every second round is slow and narrow. */
const ROUNDS: readonly Partial<CheckerOptions>[] = [
  {},
  { learners: 2, ghosts: 1, switches: { slowReadsMs: 15, slowStoreMs: 15 } },
]

const print = (text: string) => process.stdout.write(`${text}\n`)

async function soak(databaseUrl: string, number: number): Promise<number> {
  const round = ROUNDS[number % ROUNDS.length]
  const weaken = GUARDS.find((guard) => guard === values.weaken) ?? null
  const options = { ...round, switches: { ...round?.switches, weaken }, databaseUrl, seed: seed + number }
  const report = await checkFaults(faults(), options, (phase) => print(lineOfPhase(phase)))
  print(`\n${summaryOf(report)}\n`)
  const { violations, counts } = report.history
  for (const { kind, phase, message } of violations) print(`${kind} (${phase}): ${message}`)
  if (violations.length > 0) print(`with what happened around them: ${keepViolations(report)}`)
  return counts.violations
}

async function createDatabase(server: string, name: string): Promise<string> {
  await withConnections(server, 1, (client) => client.unsafe(`create database ${name}`))
  const url = new URL(server)
  url.pathname = name
  return url.href
}

const postgres = await startPostgres()
if (postgres === null) throw new Error('No PostgreSQL here: install Debian\'s "postgresql".')
try {
  let violations = 0
  for (let number = 0; performance.now() < end; number += 1) {
    violations += await soak(await createDatabase(postgres.url, `round_${number}`), number)
  }
  process.exitCode = violations > 0 ? 1 : 0
} finally {
  await postgres.stop()
}
