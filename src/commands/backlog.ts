import { HonzikError } from '../domain/error.ts'
import type { OwnBacklog } from './unit-of-work.ts'

/** How many jobs may wait at once. */
export interface RoomLimits {
  /** Of all learners together. */
  readonly jobsMax: number
}

/** Jobs of one learner that may wait at once: nobody speaks faster, and no one fills the queue alone. */
export const OWN_JOBS_MAX = 20

/** Seconds that a refused caller is asked to wait: as long as the oldest job has waited, within these. */
const WAIT_S = { least: 1, most: 60 }

/** @throws RATE_LIMITED with a time when too much is waiting; what waits already is not touched */
export function requireRoom(
  { jobs: waiting, own, since }: OwnBacklog,
  { jobsMax }: RoomLimits,
  now: Temporal.Instant,
): void {
  const waited = since === null ? 0 : now.since(Temporal.Instant.from(since)).total('seconds')
  const retryAfterSeconds = Math.min(WAIT_S.most, Math.max(WAIT_S.least, Math.ceil(waited)))
  if (own >= OWN_JOBS_MAX)
    throw new HonzikError('RATE_LIMITED', `${own} messages of yours are waiting to be answered.`, { retryAfterSeconds })
  if (waiting >= jobsMax)
    throw new HonzikError('RATE_LIMITED', 'Too many messages are waiting to be answered.', { retryAfterSeconds })
}
