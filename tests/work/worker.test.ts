import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { noticeOfQueue } from '../../src/work/notices.ts'
import type { Entry, Queue } from '../../src/work/queue.ts'
import { Closing, Lost, Worker, type WorkerOptions, type WorkerTimes } from '../../src/work/worker.ts'
import { eventually } from '../support/eventually.ts'
import { createMemoryQueues, type MemoryQueues } from '../support/memory-queues.ts'

/** So seldom that only what a test does happens. */
const NEVER: WorkerTimes = { look: 3_600_000, hold: 3_600_000, patience: 3_600_000 }

interface Begun {
  readonly task: number
  readonly entry: Entry<number>
  readonly signal: AbortSignal
  readonly end: () => void
  readonly fail: (error: unknown) => void
}

/** A worker whose tasks end when the test says so. */
interface Shift {
  readonly worker: Worker<number>
  readonly queues: MemoryQueues
  /** Every task that was ever begun, in that order. */
  readonly begun: readonly Begun[]
  readonly running: () => readonly number[]
  readonly troubles: readonly unknown[]
  queue(...tasks: readonly number[]): Promise<void>
  /** The running one of this number. */
  at(task: number): Begun
}

const readNumber = (task: unknown): number => Number(Object(task).number)

function openShift(
  options: { slots?: number; times?: Partial<WorkerTimes>; broken?: (queue: Queue<number>) => Queue<number> } = {},
): Shift {
  const { slots = 2, times, broken = (queue) => queue } = options
  const queues = createMemoryQueues()
  const begun: Begun[] = []
  const running = new Set<number>()
  const troubles: unknown[] = []
  const queue = broken(queues.of('stages', readNumber))
  const work: WorkerOptions<number>['work'] = async (entry, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    begun.push({ task: entry.task, entry, signal, end: resolve, fail: reject })
    running.add(entry.task)
    await promise.finally(() => running.delete(entry.task))
    await queue.finish(entry)
  }
  const trouble = (error: unknown) => troubles.push(error)
  const worker = new Worker<number>({
    ...{ name: 'stages', queue, notices: queues.notices, slots, work, trouble },
    times: { ...NEVER, ...times },
  })
  return {
    ...{ worker, queues, begun, troubles },
    running: () => [...running],
    async queue(...tasks) {
      const transaction = queues.begin()
      for (const number of tasks) await transaction.send('stages', { number }, 0)
      transaction.commit()
    },
    at(task) {
      const found = begun.findLast((each) => each.task === task)
      if (found === undefined) throw new Error(`${task} was not begun`)
      return found
    },
  }
}

const settled = () => new Promise(setImmediate)

describe('a worker', () => {
  test('takes as many as it has room for, and the next one when one is done', async () => {
    const shift = openShift({ slots: 2 })
    await shift.queue(1, 2, 3, 4)
    await shift.worker.look()
    expect(shift.running()).toEqual([1, 2])
    await shift.worker.look()
    expect(shift.running()).toEqual([1, 2])
    shift.at(1).end()
    await settled()
    expect(shift.running()).toEqual([2, 3])
    shift.at(3).end()
    shift.at(2).end()
    await settled()
    expect(shift.running()).toEqual([4])
  })

  test('never works on more than it has room for, and does each once, whatever ends when', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 4 }), fc.nat(12), async (s, slots, count) => {
        const queues = createMemoryQueues()
        const inner = queues.of('stages', readNumber)
        const done: number[] = []
        let running = 0
        let most = 0
        const worker = new Worker<number>({
          ...{ name: 'stages', notices: queues.notices, slots, times: NEVER, trouble: () => {} },
          queue: { ...inner, take: (room) => s.schedule(Promise.resolve(), 'take').then(() => inner.take(room)) },
          async work(entry) {
            running += 1
            most = Math.max(most, running)
            await s.schedule(Promise.resolve(), `work ${entry.task}`)
            running -= 1
            done.push(entry.task)
            await inner.finish(entry)
          },
        })
        await worker.start()
        for (let number = 1; number <= count; number += 1) {
          const transaction = queues.begin()
          await transaction.send('stages', { number }, 0)
          transaction.notify(noticeOfQueue('stages'))
          void s.schedule(Promise.resolve(), `queue ${number}`).then(() => transaction.commit())
        }
        await s.waitIdle()
        expect(most).toBeLessThanOrEqual(slots)
        expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, n) => n + 1))
        await worker[Symbol.asyncDispose]()
      }),
      { numRuns: 200 },
    )
  })

  test('looks when it begins, and when a notice says that its queue has something', async () => {
    const shift = openShift()
    await shift.queue(1)
    await using _ = shift.worker
    await shift.worker.start()
    await settled()
    expect(shift.running()).toEqual([1])
    await shift.queue(2)
    shift.queues.tell(noticeOfQueue('lost-stages'))
    shift.queues.tell('job:1')
    await settled()
    expect(shift.running()).toEqual([1])
    shift.queues.tell(noticeOfQueue('stages'))
    await settled()
    expect(shift.running()).toEqual([1, 2])
    for (const { end } of shift.begun) end()
  })

  test('looks now and then although nobody gives notice', async () => {
    const shift = openShift({ times: { look: 5 } })
    await using _ = shift.worker
    await shift.worker.start()
    await settled()
    await shift.queue(1)
    await eventually(() => expect(shift.running()).toEqual([1]))
    shift.at(1).end()
  })

  test('forgets no look that is asked for while another one ends', async () => {
    // One of these moments is that between the end of the look and whatever it does last.
    for (let moment = 0; moment < 30; moment += 1) {
      const shift = openShift()
      const look = shift.worker.look()
      const later = async () => {
        for (let n = 0; n < moment; n += 1) await null
        await shift.queue(1)
        void shift.worker.look()
      }
      await Promise.all([look, later()])
      await settled()
      expect(shift.running(), `after ${moment} turns`).toEqual([1])
    }
  })

  test('tells what a task throws, and has its place free again', async () => {
    const shift = openShift({ slots: 1 })
    await shift.queue(1, 2)
    await shift.worker.look()
    shift.at(1).fail(new Error('a fault'))
    await settled()
    expect(shift.troubles.map(String)).toEqual(['Error: a fault'])
    expect(shift.running()).toEqual([2])
  })

  test('tells once that the queue does not answer, and again when that is so anew', async () => {
    let failing = true
    const broken = (queue: Queue<number>): Queue<number> => ({
      ...queue,
      take: async (most) => {
        if (failing) throw new Error('no answer')
        return queue.take(most)
      },
    })
    const shift = openShift({ broken })
    for (let n = 0; n < 5; n += 1) await shift.worker.look()
    expect(shift.troubles).toHaveLength(1)
    failing = false
    await shift.queue(1)
    await shift.worker.look()
    expect(shift.running()).toEqual([1])
    failing = true
    await shift.worker.look()
    await shift.worker.look()
    expect(shift.troubles).toHaveLength(2)
  })
})

describe('what a worker holds', () => {
  test('is given up when somebody else has it, and nothing else is', async () => {
    const shift = openShift()
    await shift.queue(1, 2)
    await shift.worker.look()
    shift.queues.silence(shift.at(1).entry)
    shift.queues.sweep()
    await shift.worker.hold()
    expect(shift.at(1).signal.reason).toBeInstanceOf(Lost)
    expect(shift.at(2).signal.aborted).toBe(false)
  })

  test('is not given up when the queue cannot say whose it is', async () => {
    const hold = () => Promise.reject(new Error('no answer'))
    const shift = openShift({ broken: (queue) => ({ ...queue, hold }) })
    await shift.queue(1)
    await shift.worker.look()
    await shift.worker.hold()
    await shift.worker.hold()
    expect(shift.at(1).signal.aborted).toBe(false)
    expect(shift.troubles).toHaveLength(1)
  })

  test('gets signs of life by itself, also while the worker closes', async () => {
    const shift = openShift({ times: { hold: 5 } })
    await shift.worker.start()
    await shift.queue(1)
    await shift.worker.look()
    const isKept = () =>
      eventually(async () => {
        shift.queues.silence(shift.at(1).entry)
        await pause(15)
        shift.queues.sweep()
      })
    await isKept()
    const closing = shift.worker[Symbol.asyncDispose]()
    await isKept()
    expect(shift.at(1).signal.aborted).toBe(false)
    shift.at(1).end()
    await closing
    expect(shift.queues.size('stages')).toBe(0)
  })

  test('is not asked about while it is nothing', async () => {
    const hold = () => Promise.reject(new Error('nobody should ask'))
    const shift = openShift({ broken: (queue) => ({ ...queue, hold }) })
    await shift.worker.hold()
    expect(shift.troubles).toEqual([])
  })
})

describe('a worker that closes', () => {
  test('takes nothing more, and waits for what it has', async () => {
    const shift = openShift({ slots: 1 })
    await shift.worker.start()
    await shift.queue(1, 2)
    await shift.worker.look()
    let closed = false
    const closing = shift.worker[Symbol.asyncDispose]().then(() => {
      closed = true
    })
    await settled()
    expect(closed).toBe(false)
    shift.at(1).end()
    await closing
    await shift.worker.look()
    expect(shift.begun.map(({ task }) => task)).toEqual([1])
    expect(shift.at(1).signal.aborted).toBe(false)
  })

  test('aborts at last what does not end by itself, and waits for that', async () => {
    const shift = openShift({ times: { patience: 10 } })
    await shift.queue(1)
    await shift.worker.look()
    const { signal, end } = shift.at(1)
    signal.addEventListener('abort', () => setTimeout(end, 10))
    await shift.worker[Symbol.asyncDispose]()
    expect(signal.reason).toBeInstanceOf(Closing)
    expect(shift.running()).toEqual([])
  })

  test('waits for what it was just taking', async () => {
    const taking = Promise.withResolvers<void>()
    const broken = (queue: Queue<number>): Queue<number> => ({
      ...queue,
      take: (most) => taking.promise.then(() => queue.take(most)),
    })
    const shift = openShift({ broken })
    await shift.queue(1)
    void shift.worker.look()
    const closing = shift.worker[Symbol.asyncDispose]()
    taking.resolve()
    await settled()
    expect(shift.running()).toEqual([1])
    shift.at(1).end()
    await closing
    expect(shift.queues.size('stages')).toBe(0)
  })

  test('hears nothing any more, and leaves no timer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const shift = openShift()
    await shift.worker.start()
    expect(vi.getTimerCount()).toBe(2)
    await shift.worker[Symbol.asyncDispose]()
    expect(vi.getTimerCount()).toBe(0)
    await shift.queue(1)
    shift.queues.tell(noticeOfQueue('stages'))
    await settled()
    expect(shift.begun).toEqual([])
  })
})
