import type { Job, JobChanges } from '../domain/job.ts'
import { endOfJob } from '../domain/webhook-event.ts'
import type { Unit } from './command.ts'

/**
 * Gives a locked job its next state; with the last one, all webhooks that want to be told of it get their deliveries in the
 * same transaction. Commands change jobs in no other way, so that none can forget.
 */
export async function changeJob({ jobs, deliveries, now }: Unit, job: Job, changes: JobChanges): Promise<Job> {
  const after = await jobs.change(job, changes, now)
  const end = endOfJob(after)
  if (end !== null) await deliveries.announce([end], now)
  return after
}
