import { randomUUID } from 'node:crypto'
import type { Transaction } from '../../src/commands/unit-of-work.ts'
import { toTimestamp } from '../../src/domain/calendar.ts'
import { type JobId, jobIdFromRow, type UserId } from '../../src/domain/ids.ts'
import { firstStage, isOver, type Job, type JobUpdate } from '../../src/domain/job.ts'
import { noticeOfJob, noticeOfQueue } from '../../src/work/notices.ts'
import type { MemoryQueueTransaction } from './memory-queues.ts'
import { change, type Learner, type Learners, withEntry } from './memory-state.ts'

type Writes = Pick<Transaction, 'jobs' | 'recordings' | 'speeches'>

/** Work in the background, over the copy that is the transaction's own. */
export function createMemoryJobs(learners: Learners, queues: MemoryQueueTransaction): Writes {
  const find = (id: JobId): Job | null => {
    for (const { jobs } of learners.values()) {
      const job = jobs.get(id)
      if (job) return job
    }
    return null
  }

  function put(job: Job): Job {
    const { id, revision, status, stage, attempts, error, updatedAt } = job
    const update: JobUpdate = { jobId: id, revision, status, stage, attempts, error, at: updatedAt }
    change(learners, job.userId, ({ jobs, jobUpdates }) => ({
      jobs: withEntry(jobs, id, job),
      jobUpdates: [...jobUpdates, update],
    }))
    queues.notify(noticeOfJob(id))
    return job
  }

  return {
    jobs: {
      newId: () => jobIdFromRow(randomUUID()),
      find: async (id) => find(id),
      lock: async (id) => find(id),
      async insert({ id = jobIdFromRow(randomUUID()), userId, kind, messageId }, now) {
        const at = toTimestamp(now)
        const state = { status: 'QUEUED' as const, stage: firstStage(kind), attempts: 0, failures: 0, error: null }
        const times = { createdAt: at, updatedAt: at, finishedAt: null }
        return put({
          id,
          userId,
          kind,
          messageId,
          ...state,
          revision: 0,
          practised: null,
          transcriptKey: null,
          speechKey: null,
          ...times,
        })
      },
      async change(job, changes, now) {
        const at = toTimestamp(now)
        const finishedAt = isOver(changes) ? at : null
        return put({ ...job, ...changes, revision: job.revision + 1, updatedAt: at, finishedAt })
      },
      async name(id, keys) {
        const job = find(id)
        if (job) change(learners, job.userId, ({ jobs }) => ({ jobs: withEntry(jobs, id, { ...job, ...keys }) }))
      },
      backlog: async (id) => backlogIn(learners, id),
      async queue(jobId, stage, delaySeconds) {
        await queues.send('stages', { jobId, stage }, delaySeconds)
        if (delaySeconds === 0) queues.notify(noticeOfQueue('stages'))
      },
      settle: ({ entry }) => queues.settle(entry.queue, entry),
    },
    ...createVoices(learners, find),
  }
}

function backlogIn(learners: Learners, id: UserId) {
  const waiting = [...learners.values()].flatMap(({ jobs }) => [...jobs.values()].filter((job) => !isOver(job)))
  const [since = null] = waiting.map(({ createdAt }) => createdAt).toSorted()
  return { jobs: waiting.length, own: waiting.filter(({ userId }) => userId === id).length, since }
}

function createVoices(learners: Learners, find: (id: JobId) => Job | null): Pick<Writes, 'recordings' | 'speeches'> {
  const ownerOf = (id: JobId): UserId => {
    const job = find(id)
    if (job === null) throw new Error(`there is no job ${id}`)
    return job.userId
  }
  const ofJob = (id: JobId, changes: (learner: Learner) => Partial<Learner>) => change(learners, ownerOf(id), changes)

  return {
    recordings: {
      async keep(id, recording) {
        ofJob(id, ({ recordings }) => ({ recordings: withEntry(recordings, id, recording) }))
      },
      async remove(id) {
        ofJob(id, ({ recordings }) => ({ recordings: new Map([...recordings].filter(([each]) => each !== id)) }))
      },
    },
    speeches: {
      async keep(id, speech, now) {
        for (const [userId, { messages, speeches }] of learners)
          if (messages.some((message) => message.id === id) && !speeches.has(id))
            change(learners, userId, ({ spokenAt }) => ({
              speeches: withEntry(speeches, id, speech),
              spokenAt: withEntry(spokenAt, id, toTimestamp(now)),
            }))
      },
    },
  }
}
