import { badInput, unavailable } from '../domain/error.ts'
import type { JobId } from '../domain/ids.ts'
import { asOf, type Job, type JobUpdate } from '../domain/job.ts'
import type { Session } from './session.ts'

/** Where changes of jobs are told. */
export interface Feed {
  follow(id: JobId, after: number | null, signal: AbortSignal): AsyncIterableIterator<JobUpdate, void>
}

export interface FollowingDeps extends Pick<Session, 'reads' | 'renew'> {
  readonly feed: Feed
  readonly signal: AbortSignal
}

/** Follows a job that the viewer may see: the job as of each change, with everything else as it is by then. */
export function createFollowing({ reads, renew, feed, signal }: FollowingDeps) {
  async function* states(id: string, updates: AsyncIterable<JobUpdate>): AsyncGenerator<Job, void> {
    for await (const update of updates) {
      renew()
      yield asOf(await reads.job(id), update)
    }
    if (signal.aborted)
      throw unavailable('The job is not followed any longer. Follow it again, after the last revision.')
  }

  return async (text: string, after: number | null): Promise<AsyncIterable<Job>> => {
    if (after !== null && after < 0) throw badInput('after', 'must not be negative.')
    await reads.signedIn()
    const { id } = await reads.job(text)
    const updates = feed.follow(id, after, signal)
    const jobs = states(text, updates)
    return {
      [Symbol.asyncIterator]: () => ({
        next: () => jobs.next(),
        async return() {
          // First what it waits for: a generator does not end while it waits.
          await updates.return?.()
          return jobs.return()
        },
      }),
    }
  }
}
