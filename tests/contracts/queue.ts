import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { StageAttempt } from '../../src/commands/unit-of-work.ts'
import { type JobId, jobIdFromRow } from '../../src/domain/ids.ts'
import type { Entry } from '../../src/work/queue.ts'
import { readStageTask, type StageTask } from '../../src/work/stages.ts'
import type { QueueWorld } from '../support/queue-worlds.ts'
import { describeLostNotices, describeNotices } from './notices.ts'

/**
 * What every implementation of `Queues`, of what transactions do to them, and of `Notices` must do.
 * @param connected whether notices are heard over a connection, which may be lost
 */
export function describeQueues(name: string, open: () => Promise<QueueWorld>, { connected = false } = {}): void {
  describe(`queues over ${name}`, () => {
    let opened: QueueWorld | undefined
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened?.[Symbol.asyncDispose]())
    const world = () => {
      if (opened === undefined) throw new Error('the queues are open only while tests run')
      return opened
    }
    const suite = suiteOf(world)
    // What an earlier test has taken would come back when its time is over.
    beforeEach(() => world().forget())
    describe('a task', () => describeTasks(suite))
    describe('what was taken', () => describeHolding(suite))
    describe('what was lost', () => describeLosses(suite))
    describe('notices', () => describeNotices(world))
    if (connected) describe('notices', () => describeLostNotices(world))
  })
}

interface QueueSuite {
  readonly world: () => QueueWorld
  /** Queues so many stages, each of another job. */
  queued(count?: number, delaySeconds?: number): Promise<readonly JobId[]>
  take(most: number, name?: StageQueue): Promise<readonly Entry<StageTask>[]>
  /** Queues one, and takes it. */
  taken(): Promise<Entry<StageTask>>
  settle(entry: Entry<StageTask>, queue?: StageQueue): Promise<boolean>
  hold(...entries: readonly Entry<StageTask>[]): Promise<ReadonlySet<string>>
  /** The next try at what was taken and is lost now. */
  retaken(entry: Entry<StageTask>): Promise<Entry<StageTask>>
}

const newJobId = () => jobIdFromRow(randomUUID())

type StageQueue = StageAttempt['entry']['queue']

/** What is thrown to have a transaction undone. */
class Undone extends Error {}

function suiteOf(world: () => QueueWorld): QueueSuite {
  const queue = (name: StageQueue = 'stages') => world().queues.of(name, readStageTask)
  const suite: QueueSuite = {
    world,
    async queued(count = 1, delaySeconds = 0) {
      const ids = Array.from({ length: count }, newJobId)
      for (const id of ids) await world().run((jobs) => jobs.queue(id, 'REPLY', delaySeconds))
      return ids
    },
    take: (most, name) => queue(name).take(most),
    async taken() {
      await suite.queued()
      return only(await suite.take(1))
    },
    settle: (entry, name = 'stages') => world().run((jobs) => jobs.settle(attemptAt(entry, name))),
    hold: (...entries) => queue().hold(entries),
    async retaken(entry) {
      await world().silence(entry)
      await world().sweep()
      // The engine takes a breath before it tries again.
      await world().pass(2)
      return only(await suite.take(1))
    },
  }
  return suite
}

const attemptAt = ({ id, retryCount, task }: Entry<StageTask>, queue: StageQueue) => ({
  entry: { queue, id, retryCount },
  ...task,
})

function only<Item>(items: readonly Item[]): Item {
  const [item] = items
  if (item === undefined || items.length > 1) throw new Error(`${items.length} instead of one`)
  return item
}

const idsIn = (entries: readonly Entry<StageTask>[]) => entries.map(({ task }) => task.jobId)

function describeTasks({ world, queued, take }: QueueSuite): void {
  test('is taken once, with all that it is about', async () => {
    const [jobId] = await queued()
    expect(await take(10)).toEqual([{ id: expect.any(String), retryCount: 0, task: { jobId, stage: 'REPLY' } }])
    expect(await take(10)).toEqual([])
  })

  test('goes to one of all who look at once', async () => {
    const ids = await queued(20)
    const elsewhere = world().elsewhere.queues.of('stages', readStageTask)
    const taken = await Promise.all(Array.from({ length: 10 }, (_, n) => (n % 2 ? take(3) : elsewhere.take(3))))
    const rest = await take(20)
    expect(idsIn([...taken.flat(), ...rest]).toSorted()).toEqual(ids.toSorted())
  })

  test('waits while there is no room for it', async () => {
    const ids = await queued(5)
    const first = await take(3)
    expect(first).toHaveLength(3)
    const rest = await take(3)
    expect(rest).toHaveLength(2)
    expect(idsIn([...first, ...rest]).toSorted()).toEqual(ids.toSorted())
  })

  test('that is put off is not there before its time, to a part of a second', async () => {
    const ids = await queued(1, 90.5)
    await world().pass(60)
    expect(await take(1)).toEqual([])
    await world().pass(30.6)
    expect(idsIn(await take(1))).toEqual(ids)
  })

  test('is not there when the transaction that queues it fails', async () => {
    const queueing = world().run(async (jobs) => {
      await jobs.queue(newJobId(), 'REPLY', 0)
      throw new Undone()
    })
    await expect(queueing).rejects.toThrow(Undone)
    expect(await take(1)).toEqual([])
  })

  test('that nobody can read is told and left out; others are not', async () => {
    const [known, unknown] = await queued(2)
    const before = world().troubles.length
    const taken = await world()
      .queues.of('stages', (task) => {
        const read = readStageTask(task)
        if (read.jobId === unknown) throw new TypeError('not a stage of a job')
        return read
      })
      .take(10)
    expect(idsIn(taken)).toEqual([known])
    expect(world().troubles.slice(before).map(String)).toEqual(['TypeError: not a stage of a job'])
  })
}

function describeHolding({ world, take, taken, settle, hold, queued }: QueueSuite): void {
  test('is held by who has taken it, until it is settled', async () => {
    const [entry, other] = [await taken(), await taken()]
    expect(await hold(entry, other)).toEqual(new Set([entry.id, other.id]))
    expect(await settle(entry)).toBe(true)
    expect(await hold(entry, other)).toEqual(new Set([other.id]))
    expect(await take(1)).toEqual([])
  })

  test('is settled once', async () => {
    const [inside, outside] = [await taken(), await taken()]
    const queue = world().queues.of('stages', readStageTask)
    expect([await settle(inside), await settle(inside), await queue.finish(inside)]).toEqual([true, false, false])
    expect([await queue.finish(outside), await queue.finish(outside), await settle(outside)]).toEqual([
      true,
      false,
      false,
    ])
  })

  test('is settled by one of two who do it at once', async () => {
    const entry = await taken()
    const settled = await Promise.all([settle(entry), settle(entry), settle(entry)])
    expect(settled.toSorted()).toEqual([false, false, true])
  })

  test('is held on when the transaction that settles it fails, and nothing else of that is kept', async () => {
    const entry = await taken()
    const settling = world().run(async (jobs) => {
      expect(await jobs.settle(attemptAt(entry, 'stages'))).toBe(true)
      await jobs.queue(entry.task.jobId, 'SPEAK', 0)
      throw new Undone()
    })
    await expect(settling).rejects.toThrow(Undone)
    expect(await take(1)).toEqual([])
    expect(await hold(entry)).toEqual(new Set([entry.id]))
    expect(await settle(entry)).toBe(true)
  })

  test('may be settled in the transaction that queues what comes next', async () => {
    const entry = await taken()
    await world().run(async (jobs) => {
      await jobs.settle(attemptAt(entry, 'stages'))
      await jobs.queue(entry.task.jobId, 'SPEAK', 0)
    })
    expect((await take(10)).map(({ task }) => task)).toEqual([{ jobId: entry.task.jobId, stage: 'SPEAK' }])
  })

  test('is not what another queue has, nor what nobody has', async () => {
    const entry = await taken()
    expect(await settle(entry, 'lost-stages')).toBe(false)
    expect(await settle({ ...entry, id: randomUUID() })).toBe(false)
    expect(await hold({ ...entry, id: randomUUID() })).toEqual(new Set())
    expect(await settle(entry)).toBe(true)
  })

  test('may be nothing', async () => {
    expect(await hold()).toEqual(new Set())
  })

  test('is only what was taken', async () => {
    const entry = await taken()
    const [waiting] = await queued()
    expect(await settle(entry)).toBe(true)
    expect(idsIn(await take(10))).toEqual([waiting])
  })
}

function describeLosses({ world, take, taken, settle, hold, retaken }: QueueSuite): void {
  test('comes back to whoever takes it next, with another number', async () => {
    const first = await taken()
    const second = await retaken(first)
    expect(second).toEqual({ ...first, retryCount: 1 })
    expect(await retaken(second)).toEqual({ ...first, retryCount: 2 })
  })

  test('is not what gives signs of life', async () => {
    const entry = await taken()
    await world().silence(entry)
    await hold(entry)
    await world().sweep()
    await world().pass(60)
    expect(await take(1)).toEqual([])
    expect(await settle(entry)).toBe(true)
  })

  test('can neither be held nor settled by whoever lost it, taken again or not', async () => {
    const first = await taken()
    await world().silence(first)
    await world().sweep()
    const queue = world().queues.of('stages', readStageTask)
    const tries = async () => [await hold(first), await settle(first), await queue.finish(first)]
    expect(await tries()).toEqual([new Set(), false, false])
    await world().pass(2)
    const [second] = await take(1)
    expect(await tries()).toEqual([new Set(), false, false])
    expect(second && (await settle(second))).toBe(true)
  })

  test('too often goes to the dead letters, where it is a new task', async () => {
    let entry = await taken()
    for (let losses = 1; losses <= 50; losses += 1) entry = await retaken(entry)
    expect(entry.retryCount).toBe(50)
    expect(await take(1, 'lost-stages')).toEqual([])
    await world().silence(entry)
    await world().sweep()
    await world().pass(2)
    expect(await take(1)).toEqual([])
    const [dead] = await take(1, 'lost-stages')
    expect(dead).toMatchObject({ retryCount: 0, task: entry.task })
    expect(dead && (await settle(dead))).toBe(false)
    expect(dead && (await settle(dead, 'lost-stages'))).toBe(true)
  })
}
