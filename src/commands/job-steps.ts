import type { MessageId, UserId } from '../domain/ids.ts'
import {
  advanced,
  backoffSeconds,
  begun,
  failed,
  isAt,
  type Job,
  type JobChanges,
  type JobError,
  type JobKeys,
  type JobStage,
  released,
} from '../domain/job.ts'
import type { TutorReply } from '../domain/reply.ts'
import type { Speech } from '../domain/voice.ts'
import type { Command, Unit } from './command.ts'
import { changeJob } from './job-change.ts'
import { keepAnswered, type Remark } from './remark.ts'
import type { StageAttempt } from './unit-of-work.ts'

/** There is a newer attempt at the stage: nothing that this one has come to may be kept. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken'

  constructor() {
    super('A newer attempt has the stage.')
  }
}

/** The job as it begins the stage; null when there is nothing left to do, and then the attempt has ended. */
export const beginStage =
  (attempt: StageAttempt): Command<Job | null> =>
  async (unit) => {
    const job = await unit.jobs.lock(attempt.jobId)
    if (job !== null && isAt(job, attempt.stage)) return changeJob(unit, job, begun(job))
    await unit.jobs.settle(attempt)
    return null
  }

/** Keeps a tutor's answer as the end of a stage; the practice counts once, whoever else has the message answered. */
export const finishReply =
  (attempt: StageAttempt, remark: Remark, reply: TutorReply, skipped: readonly JobStage[]): Command<void> =>
  async (unit) => {
    // First, as deletion does: whoever waits for the other must not hold what the other waits for.
    await unit.practice.begin(remark.learner)
    const job = await current(unit, attempt)
    if (job === null) return
    const { day, stars, starsEarned } = await keepAnswered(remark, reply)(unit)
    await advance(unit, job, { practised: { day, stars, starsEarned } }, skipped)
  }

/** Names what is about to be remembered of a learner: whatever becomes of this process, deleting them deletes it. */
export const nameKeys =
  ({ jobId }: StageAttempt, keys: JobKeys): Command<void> =>
  ({ jobs }) =>
    jobs.name(jobId, keys)

/**
 * Keeps what a learner said as their message, sent when it was recorded; the recording is needed no longer. Where the job
 * is gone, nothing would name what is remembered of it when the learner is deleted, or was: it is forgotten at once.
 */
export const finishTranscription =
  (attempt: StageAttempt, learner: UserId, { text, key }: Transcript): Command<void> =>
  async (unit) => {
    await unit.practice.begin(learner)
    const job = await current(unit, attempt)
    if (job === null) return unit.caches.purge([`transcript:${key}`])
    const message = await unit.messages.keep(learner, { text, at: Temporal.Instant.from(job.createdAt) })
    await unit.recordings.remove(job.id)
    await advance(unit, job, { messageId: message.id }, [])
  }

/** What was said, and under which key that is remembered. */
export interface Transcript {
  readonly text: string
  readonly key: string
}

/** Keeps what the tutor's message sounds like, or has it forgotten as above; null: there is nobody who could say it. */
export const finishSpeech =
  (attempt: StageAttempt, spoken: { readonly answer: MessageId; readonly speech: Speech } | null): Command<void> =>
  async (unit) => {
    const job = await current(unit, attempt)
    const key = spoken?.speech.fingerprint
    if (job === null) return key ? unit.caches.purge([`speech:${key}`]) : undefined
    if (spoken) await unit.speeches.keep(spoken.answer, spoken.speech, unit.now)
    await advance(unit, job, {}, [])
  }

/**
 * Writes down why an attempt has come to nothing, and has it repeated where that may help; where it never can, nobody
 * needs what was recorded any more.
 * @param chance 0 to 1
 */
export const failStage =
  (attempt: StageAttempt, error: JobError, { repeat, chance }: { repeat: boolean; chance: number }): Command<void> =>
  async (unit) => {
    const job = await current(unit, attempt)
    if (job === null) return
    const after = await changeJob(unit, job, failed(job, error, { repeat }))
    if (after.status === 'QUEUED') await unit.jobs.queue(job.id, attempt.stage, backoffSeconds(after, error, chance))
    else if (!error.retryable) await unit.recordings.remove(job.id)
  }

/** Gives an attempt back that this process cannot bring to its end. */
export const releaseStage =
  (attempt: StageAttempt): Command<void> =>
  async (unit) => {
    const job = await current(unit, attempt)
    if (job === null) return
    await changeJob(unit, job, released(job))
    await unit.jobs.queue(job.id, attempt.stage, 0)
  }

/**
 * Ends the attempt and locks its job; null when the job needs nothing of it any more, as it was cancelled or deleted.
 * @throws Overtaken
 */
export async function current({ jobs }: Unit, attempt: StageAttempt): Promise<Job | null> {
  const [job, isCurrent] = await Promise.all([jobs.lock(attempt.jobId), jobs.settle(attempt)])
  if (!isCurrent) throw new Overtaken()
  return job !== null && isAt(job, attempt.stage) ? job : null
}

/** On to the next stage, which is queued in the same transaction. */
export async function advance(
  unit: Unit,
  job: Job,
  came: Partial<Pick<JobChanges, 'messageId' | 'practised'>>,
  skipped: readonly JobStage[],
): Promise<void> {
  const changes = { ...came, ...advanced(job, skipped) }
  await Promise.all([changeJob(unit, job, changes), changes.stage && unit.jobs.queue(job.id, changes.stage, 0)])
}
