import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readErrand } from '../../src/work/errand-task.ts'
import { runErrand } from '../../src/work/errands.ts'
import { Scheduler } from '../../src/work/scheduler.ts'
import { hasPostgres } from '../support/databases.ts'
import { Delivering, performer } from '../support/delivering.ts'
import { openQueuedEmbedded, openQueuedServer } from '../support/queued.ts'
import { NOW } from '../support/test-app.ts'

const never = new AbortController().signal

function schedulerOf(world: Pick<Delivering, 'perform' | 'now'>, messageRetentionDays: number | null = null) {
  const troubles: unknown[] = []
  const scheduler = new Scheduler({
    session: () => ({ perform: world.perform }),
    clock: () => world.now,
    messageRetentionDays,
    trouble: (error) => troubles.push(error),
    // It looks when it is told to.
    lookMs: 1_000_000,
  })
  return { troubles, look: () => scheduler.look(), [Symbol.asyncDispose]: () => scheduler[Symbol.asyncDispose]() }
}

/** What is queued, and no more after this. */
async function taken({ database }: Pick<Delivering, 'database'>) {
  const queue = database.queues.of('errands', readErrand)
  const entries = await queue.take(100)
  for (const entry of entries) await queue.finish(entry)
  return entries.map(({ task }) => task).toSorted((a, b) => (a.kind < b.kind ? -1 : 1))
}

describe('a scheduler', () => {
  let world: Delivering
  beforeEach(() => {
    world = new Delivering()
  })
  afterEach(() => world.database[Symbol.asyncDispose]())

  test('queues what is due, and once for each time', async () => {
    await using scheduler = schedulerOf(world)
    await scheduler.look()
    expect(await taken(world)).toEqual([{ kind: 'REMINDERS' }, { kind: 'UPKEEP' }])
    world.pass({ seconds: 59 })
    await scheduler.look()
    expect(await taken(world)).toEqual([])
    world.pass({ seconds: 1 })
    await scheduler.look()
    expect(await taken(world)).toEqual([{ kind: 'REMINDERS' }])
    world.pass({ hours: 24 })
    await scheduler.look()
    expect(await taken(world)).toEqual([{ kind: 'REMINDERS' }, { kind: 'UPKEEP' }])
  })

  test('makes up once for times that were missed', async () => {
    await using scheduler = schedulerOf(world)
    await scheduler.look()
    await taken(world)
    world.pass({ hours: 24 * 5 })
    await scheduler.look()
    expect(await taken(world)).toEqual([{ kind: 'REMINDERS' }, { kind: 'UPKEEP' }])
  })

  test('leaves to others what they were first to queue', async () => {
    await using one = schedulerOf(world)
    await using other = schedulerOf(world)
    await Promise.all([one.look(), other.look(), one.look()])
    expect(await taken(world)).toEqual([{ kind: 'REMINDERS' }, { kind: 'UPKEEP' }])
  })

  test('has messages deleted that are older than they may be, where they may not be for ever', async () => {
    await using scheduler = schedulerOf(world, 90)
    await scheduler.look()
    expect(await taken(world)).toEqual([
      { kind: 'REMINDERS' },
      { kind: 'RETENTION', before: '2026-08-25T02:00:00.000Z' },
      { kind: 'UPKEEP' },
    ])
  })

  test('tells once that the database does not answer, and goes on when it does', async () => {
    const { perform } = world
    let isDown = true
    const failing: typeof perform = (command) => (isDown ? Promise.reject(new Error('down')) : perform(command))
    await using scheduler = schedulerOf({ perform: failing, now: world.now })
    await scheduler.look()
    await scheduler.look()
    expect(scheduler.troubles).toEqual([new Error('down')])
    isDown = false
    await scheduler.look()
    expect(await taken(world)).toHaveLength(2)
  })
})

const OPENERS = { PGlite: openQueuedEmbedded, ...(hasPostgres && { PostgreSQL: openQueuedServer }) }

test.each(Object.entries(OPENERS))('two processes on one %s queue each minute once', async (_, open) => {
  await using database = await open()
  let now = NOW
  const processes = [1, 2].map(() => {
    const perform = performer(database.unitOfWork, () => now)
    return schedulerOf({
      perform,
      get now() {
        return now
      },
    })
  })
  const queue = database.queues.of('errands', readErrand)
  for (let minute = 0; minute < 10; minute += 1) {
    await Promise.all(processes.map(({ look }) => look()))
    const due = await queue.take(10)
    expect(due.filter(({ task }) => task.kind === 'REMINDERS')).toHaveLength(1)
    for (const entry of due) await queue.finish(entry)
    now = now.add({ minutes: 1 })
  }
  for (const process of processes) await process[Symbol.asyncDispose]()
})

describe('an errand', () => {
  test('that somebody else has by now is left to them', async () => {
    const world = new Delivering()
    await world.perform(({ schedule }) => schedule.queue({ kind: 'UPKEEP' }))
    const queue = world.database.queues.of('errands', readErrand)
    const [entry] = await queue.take(1)
    if (entry === undefined) throw new Error('nothing is queued')
    world.lose(entry)
    await runErrand(() => world, entry, never)
    expect(world.database.queues.size('errands')).toBe(1)
  })

  test('that fails is told, and comes again', async () => {
    const world = new Delivering()
    await world.perform(({ schedule }) => schedule.queue({ kind: 'UPKEEP' }))
    const [entry] = await world.database.queues.of('errands', readErrand).take(1)
    if (entry === undefined) throw new Error('nothing is queued')
    const broken = { perform: () => Promise.reject(new Error('down')) }
    await expect(runErrand(() => broken, entry, never)).rejects.toThrow('down')
    expect(world.database.queues.size('errands')).toBe(1)
  })

  test.each([
    null,
    {},
    { kind: 'TEA' },
    { kind: 'RETENTION' },
    { kind: 'RETENTION', before: 'yesterday' },
    { kind: 'EVENING', evening: null, after: null },
    { kind: 'EVENING', evening: { timezone: 'Mars/Olympus', date: '2026-11-23' }, after: null },
  ])('of another release is not read: %j', (task) => {
    expect(() => readErrand(task)).toThrow()
  })
})
