import { HonzikError, notFound } from '../domain/error.ts'
import { parseJobId } from '../domain/ids.ts'
import { cancelled, isOver, type Job, retried } from '../domain/job.ts'
import { isAccessible } from '../domain/viewer.ts'
import { type RoomLimits, requireRoom } from './backlog.ts'
import type { Command, Unit } from './command.ts'
import { changeJob } from './job-change.ts'

/** Gives a job up, and what was recorded for it. One that is over stays as it is: it may have ended while the caller decided. */
export const cancelJob =
  ({ id }: { readonly id: string }): Command<Job> =>
  async (unit) => {
    const job = await lockOwn(unit, id)
    if (isOver(job)) return job
    await unit.recordings.remove(job.id)
    return changeJob(unit, job, cancelled(job))
  }

/** Has a failed job go on where it failed. Throws CONFLICT naming `id` for one that did not fail, or cannot succeed. */
export const retryJob =
  ({ id }: { readonly id: string }, limits: RoomLimits): Command<Job> =>
  async (unit) => {
    const job = await lockOwn(unit, id)
    const { stage, error } = job
    if (!isOver(job)) return job
    if (job.status !== 'FAILED' || stage === null || !error?.retryable)
      throw new HonzikError('CONFLICT', 'id is of a job that cannot be retried.', { field: 'id' })
    requireRoom(await unit.jobs.backlog(job.userId), limits, unit.now)
    const after = await changeJob(unit, job, retried(job))
    await unit.jobs.queue(job.id, stage, 0)
    return after
  }

async function lockOwn({ jobs, viewer }: Unit, text: string): Promise<Job> {
  const id = parseJobId(text)
  const job = id && (await jobs.lock(id))
  if (job === null || !isAccessible(viewer, job.userId)) throw notFound('job')
  return job
}
