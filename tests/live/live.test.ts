import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createServerDatabase, hasPostgres } from '../support/databases.ts'
import { hasRedis } from '../support/redis-server.ts'
import { type CheckerOptions, checkFaults, huntViolation } from './checker.ts'
import { databaseFaults } from './database-faults.ts'
import { type Fault, inTurn } from './fault.ts'
import { processFaults } from './process-faults.ts'
import { keepEvicting, redisFaults } from './redis-faults.ts'
import { keepViolations, lineOfPhase, summaryOf } from './report.ts'
import { wireFaults } from './wire-faults.ts'

const ALL = [...redisFaults, ...wireFaults, ...processFaults, ...databaseFaults]

function named(name: string): Fault {
  const fault = ALL.find((it) => it.name === name)
  if (fault === undefined) throw new RangeError(`no fault is named ${name}`)
  return fault
}

/** One of each kind, few quiet checks; `npm run soak` has all of them, again and again, each with its own. */
const SHORT = [
  inTurn(
    named('single keys are evicted: entries, leases, the sequence'),
    named('Redis is killed and starts with what it had saved earlier'),
  ),
  inTurn(
    named('one node is cut off'),
    named('a server ends between COMMIT and the removal of the entries'),
    named('a row is changed by hand'),
    named('PostgreSQL ends connections, some or all'),
  ),
]

/** One learner, written to all the time and read by many: the narrowest place there is. */
const NARROW = { nodes: 2, learners: 1, ghosts: 0, load: { readers: 4, restMs: 4 } }

describe.skipIf(!hasRedis || !hasPostgres)('servers over one PostgreSQL and one Redis', () => {
  test('keep the promise whatever fails', async () => {
    await using database = await createServerDatabase()
    const options: CheckerOptions = { databaseUrl: database.url, seed: 1 }
    const report = await checkFaults(SHORT, options, (phase) => console.info(lineOfPhase(phase)))
    console.info(summaryOf(report))
    const { violations, counts, cached } = report.history
    if (violations.length > 0) console.error(`what happened around the violations: ${keepViolations(report)}`)
    expect(violations.map(({ kind, phase, message }) => `${kind} (${phase}): ${message}`)).toEqual([])
    // A checker that has hardly done anything has hardly checked anything.
    expect(counts.reads).toBeGreaterThan(1_000)
    expect(counts.writes).toBeGreaterThan(200)
    expect(cached.get('HIT')).toBeGreaterThan(500)
    for (const { name, whole } of report.phases) expect(whole, name).toBeGreaterThan(0.1)
    expect(counts.notModified).toBeGreaterThan(100)
    expect(counts.betweenCommitAndRemoval).toBe(1)
  }, 240_000)
})

describe.skipIf(!hasRedis || !hasPostgres)('servers that break the promise are found out', () => {
  const hunt = async (options: Partial<CheckerOptions>, provoke: Parameters<typeof huntViolation>[1]) => {
    await using database = await createServerDatabase()
    return await huntViolation({ ...NARROW, ...options, databaseUrl: database.url, seed: 1, withinMs: 90_000 }, provoke)
  }

  test('without the comparison of leases', async () => {
    const found = await hunt({ switches: { weaken: 'lease', slowReadsMs: 15 } }, keepEvicting)
    expect(found).toMatchObject({ kind: 'stale' })
  })

  test('without the look at the sequence', async () => {
    const found = await hunt({ env: { CACHE_L1_CONSISTENCY: 'bounded' } }, async ({ stage }) => {
      for (const { bus } of stage.wires) bus.mode({ delayMs: 150 })
    })
    expect(found).toMatchObject({ kind: 'stale' })
  })

  test('without the fence before whole answers', async () => {
    const found = await hunt({ switches: { weaken: 'fence', slowReadsMs: 15 } }, async () => {})
    expect(found).toMatchObject({ kind: 'stale' })
  })

  test('without the comparison of whole answers with the sequence', async () => {
    const found = await hunt({ switches: { weaken: 'trust' } }, async ({ stage }) => {
      for (const { bus } of stage.wires) bus.mode({ delayMs: 40 })
    })
    expect(found).toMatchObject({ kind: 'stale' })
  })

  test('without the stamp of the life of Redis', async () => {
    const fault = named('Redis is killed and starts with what it had saved earlier')
    // Not every learner may be written to while Redis is away: what they changed would be removed when it is back.
    const calm = { learners: 12, load: { readers: 6, restMs: 200 } }
    const found = await hunt({ ...calm, switches: { weaken: 'life' } }, async (trial, signal) => {
      while (!signal.aborted) {
        // There must be something to save.
        await pause(1_000)
        await fault.inject(trial)
      }
    })
    expect(found).toMatchObject({ kind: 'stale' })
  })
})
