import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { toTimestamp } from '../../src/domain/calendar.ts'
import { type JobId, jobIdFromRow, userIdFromRow } from '../../src/domain/ids.ts'
import type { Job, JobStatus, JobUpdate } from '../../src/domain/job.ts'
import type { Readers } from '../../src/loaders/readers.ts'
import { JobFeed } from '../../src/work/job-feed.ts'
import { type Notices, noticeOfJob } from '../../src/work/notices.ts'
import { eventually } from '../support/eventually.ts'
import { createMemoryQueues } from '../support/memory-queues.ts'
import { NOW } from '../support/test-app.ts'

/** Jobs of which nothing but the changes matters, kept until they are deleted. */
class JobBook {
  readonly #updates = new Map<JobId, JobUpdate[]>()
  reads = 0

  open(): JobId {
    const id = jobIdFromRow(randomUUID())
    this.#updates.set(id, [])
    this.put(id, 'QUEUED')
    return id
  }

  put(jobId: JobId, status: JobStatus): void {
    const kept = this.#updates.get(jobId)
    if (kept === undefined) throw new Error('there is no such job')
    const state = { stage: 'REPLY' as const, attempts: 1, error: null, at: toTimestamp(NOW) }
    kept.push({ jobId, status, revision: kept.length, ...state })
  }

  /** The newest revision. */
  last(id: JobId): number {
    return (this.#updates.get(id)?.length ?? 0) - 1
  }

  delete(id: JobId): void {
    this.#updates.delete(id)
  }

  /** @param turn what each read waits for before it sees what is kept then, and before it tells */
  readers(turn: () => Promise<unknown> = async () => {}): Pick<Readers, 'jobs' | 'jobUpdates'> {
    return {
      jobs: async (ids) => {
        await turn()
        return new Map(ids.flatMap((id) => this.#job(id).map((job) => [id, job] as const)))
      },
      jobUpdates: async (slices) => {
        this.reads += 1
        await turn()
        const found = slices.map(({ jobId, after }) =>
          (this.#updates.get(jobId) ?? []).filter(({ revision }) => revision > (after ?? -1)),
        )
        // What happens now is not in it.
        await turn()
        return found
      },
    }
  }

  #job(id: JobId): Job[] {
    const last = this.#updates.get(id)?.at(-1)
    if (last === undefined) return []
    const { jobId: _, at, ...state } = last
    const nothing = {
      failures: 0,
      messageId: null,
      practised: null,
      transcriptKey: null,
      speechKey: null,
      finishedAt: null,
    }
    return [{ id, userId: userIdFromRow(1), kind: 'TEXT_MESSAGE', createdAt: at, updatedAt: at, ...state, ...nothing }]
  }
}

function openFeed(turn?: () => Promise<unknown>, lookMs = 3_600_000) {
  const book = new JobBook()
  const { notices, tell } = createMemoryQueues()
  const feed = new JobFeed({ readers: book.readers(turn), notices, lookMs })
  return { book, feed, notify: (id: JobId) => tell(noticeOfJob(id)) }
}

const never = new AbortController().signal

interface Follower {
  readonly revisions: readonly number[]
  readonly ended: () => boolean
  readonly end: Promise<void>
}

/** Whoever reads all that comes. */
function attend(updates: AsyncIterable<JobUpdate>, each: () => Promise<unknown> = async () => {}): Follower {
  const revisions: number[] = []
  let ended = false
  const read = async () => {
    for await (const { revision } of updates) {
      revisions.push(revision)
      await each()
    }
    ended = true
  }
  return { revisions, ended: () => ended, end: read() }
}

const settled = async () => {
  for (let n = 0; n < 4; n += 1) await new Promise(setImmediate)
}

describe('a job that is followed', () => {
  test('tells what has become of it so far, and then each change as soon as it is noticed', async () => {
    const { book, feed, notify } = openFeed()
    await using _ = feed
    const id = book.open()
    book.put(id, 'RUNNING')
    const follower = attend(feed.follow(id, null, never))
    await settled()
    expect(follower.revisions).toEqual([0, 1])
    book.put(id, 'QUEUED')
    notify(id)
    await settled()
    expect(follower.revisions).toEqual([0, 1, 2])
    book.put(id, 'SUCCEEDED')
    notify(id)
    await follower.end
    expect(follower.revisions).toEqual([0, 1, 2, 3])
  })

  test('tells only what comes after the revision that its follower knows', async () => {
    const { book, feed } = openFeed()
    await using _ = feed
    const id = book.open()
    for (const status of ['RUNNING', 'QUEUED', 'RUNNING', 'CANCELLED'] as const) book.put(id, status)
    const followers = [null, 0, 2, 3, 4, 99].map((after) => attend(feed.follow(id, after, never)))
    await Promise.all(followers.map(({ end }) => end))
    expect(followers.map(({ revisions }) => revisions)).toEqual([[0, 1, 2, 3, 4], [1, 2, 3, 4], [3, 4], [4], [], []])
  })

  test('is told on when it had failed and was retried before it was asked about', async () => {
    const { book, feed, notify } = openFeed()
    await using _ = feed
    const id = book.open()
    for (const status of ['FAILED', 'QUEUED', 'RUNNING'] as const) book.put(id, status)
    const follower = attend(feed.follow(id, null, never))
    await settled()
    expect(follower.revisions).toEqual([0, 1, 2, 3])
    expect(follower.ended()).toBe(false)
    book.put(id, 'SUCCEEDED')
    notify(id)
    await follower.end
    expect(follower.revisions).toEqual([0, 1, 2, 3, 4])
  })

  test('tells every change to everyone, in order and once, whatever is noticed late, twice or never', async () => {
    const change = fc.record({
      status: fc.constantFrom<JobStatus>('QUEUED', 'RUNNING', 'FAILED'),
      notices: fc.nat(2),
    })
    const following = fc.record({ known: fc.option(fc.nat(4)), slow: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(change, { maxLength: 5 }),
        fc.nat(2),
        fc.array(following, { minLength: 1, maxLength: 4 }),
        async (s, changes, lastNotices, followings) => {
          const turn = () => s.schedule(Promise.resolve(), 'turn')
          const { book, feed, notify } = openFeed(turn)
          const id = book.open()
          const followers: (Follower & { readonly after: number })[] = []
          for (const { known, slow } of followings)
            void turn().then(() => {
              // Nobody knows more than there is.
              const after = known === null ? null : Math.min(known, book.last(id))
              const read = attend(feed.follow(id, after, never), slow ? turn : undefined)
              followers.push({ ...read, after: after ?? -1 })
            })
          const happen = async () => {
            for (const { status, notices } of [...changes, { status: 'SUCCEEDED' as const, notices: lastNotices }]) {
              await turn()
              book.put(id, status)
              for (let n = 0; n < notices; n += 1) void turn().then(() => notify(id))
            }
          }
          const happening = happen()
          const quiet = async () => {
            await settled()
            while (s.count() > 0) {
              await s.waitOne()
              // Questions are gathered for a turn of the event loop, in which nothing else of ours may happen.
              await settled()
            }
          }
          await quiet()
          await happening
          if (lastNotices === 0) {
            // As a look by the clock does.
            notify(id)
            await quiet()
          }
          const last = changes.length + 1
          for (const { revisions, after } of followers) {
            // Where it had failed when it was read, it was over for its follower.
            const end = revisions.at(-1) ?? after
            expect(revisions).toEqual(Array.from({ length: end - after }, (_, n) => after + 1 + n))
            expect(end === last || changes[end - 1]?.status === 'FAILED').toBe(true)
          }
          expect(followers.every(({ ended }) => ended())).toBe(true)
          await feed[Symbol.asyncDispose]()
        },
      ),
      { numRuns: 300 },
    )
  })

  test('is looked at now and then, where no notice comes', async () => {
    const { book, feed } = openFeed(undefined, 5)
    await using _ = feed
    const id = book.open()
    const follower = attend(feed.follow(id, null, never))
    await settled()
    book.put(id, 'RUNNING')
    await eventually(() => expect(follower.revisions).toEqual([0, 1]))
    book.put(id, 'SUCCEEDED')
    await follower.end
  })

  test('is looked at when notices may have been missed', async () => {
    const book = new JobBook()
    let miss = () => {}
    const notices: Notices = {
      async listen(_, missed) {
        miss = missed
        return { [Symbol.asyncDispose]: async () => {} }
      },
    }
    await using feed = new JobFeed({ readers: book.readers(), notices, lookMs: 3_600_000 })
    const id = book.open()
    const follower = attend(feed.follow(id, null, never))
    await settled()
    book.put(id, 'SUCCEEDED')
    miss()
    await follower.end
    expect(follower.revisions).toEqual([0, 1])
  })

  test('is read once for all who follow it, and again for no notice of another', async () => {
    const { book, feed, notify } = openFeed()
    await using _ = feed
    const [id, other] = [book.open(), book.open()]
    const followers = Array.from({ length: 50 }, () => attend(feed.follow(id, null, never)))
    await settled()
    expect(followers.every(({ revisions }) => revisions.length === 1)).toBe(true)
    const before = book.reads
    notify(other)
    await settled()
    expect(book.reads).toBe(before)
    book.put(id, 'SUCCEEDED')
    notify(id)
    await Promise.all(followers.map(({ end }) => end))
    expect(book.reads).toBe(before + 1)
  })
})

describe('following', () => {
  test('ends at once when nobody reads any more, also while nothing happens', async () => {
    const { book, feed } = openFeed()
    const id = book.open()
    const updates = feed.follow(id, 0, never)
    const waiting = updates.next()
    await settled()
    await updates.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(await updates.next()).toEqual({ done: true, value: undefined })
    const untouched = feed.follow(id, null, never)
    await untouched.return?.()
    expect((await untouched.next()).done).toBe(true)
    await feed[Symbol.asyncDispose]()
  })

  test('ends with its signal, also with one that was aborted before', async () => {
    const { book, feed } = openFeed()
    await using _ = feed
    const id = book.open()
    const controller = new AbortController()
    const follower = attend(feed.follow(id, null, controller.signal))
    await settled()
    controller.abort()
    await follower.end
    expect(follower.revisions).toEqual([0])
    const late = attend(feed.follow(id, null, controller.signal))
    await late.end
    expect(late.revisions).toEqual([])
  })

  test('ends with a job that is deleted, or was never there', async () => {
    const { book, feed, notify } = openFeed()
    await using _ = feed
    const id = book.open()
    const follower = attend(feed.follow(id, null, never))
    await settled()
    book.delete(id)
    notify(id)
    await follower.end
    expect(follower.revisions).toEqual([0])
    await attend(feed.follow(jobIdFromRow(randomUUID()), null, never)).end
  })

  test('fails when the database does, and not later', async () => {
    let failing = false
    const { book, feed, notify } = openFeed(async () => {
      if (failing) throw new Error('no answer')
    })
    await using _ = feed
    const id = book.open()
    const follower = attend(feed.follow(id, null, never))
    await settled()
    failing = true
    notify(id)
    await expect(follower.end).rejects.toThrow('no answer')
  })

  test('leaves no timer, however it ends', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const { book, feed, notify } = openFeed()
    const [id, other] = [book.open(), book.open()]
    const controller = new AbortController()
    const followers = [attend(feed.follow(id, null, never)), attend(feed.follow(other, null, controller.signal))]
    await settled()
    expect(vi.getTimerCount()).toBe(1)
    book.put(id, 'SUCCEEDED')
    notify(id)
    await followers[0]?.end
    expect(vi.getTimerCount()).toBe(1)
    controller.abort()
    await followers[1]?.end
    expect(vi.getTimerCount()).toBe(0)
    await feed[Symbol.asyncDispose]()
  })
})
