import { parseIdempotency, sameAct } from '../domain/activity.ts'
import { notFound } from '../domain/error.ts'
import { parseUserId } from '../domain/ids.ts'
import type { Job } from '../domain/job.ts'
import { requireAccess, requireSignedIn } from '../domain/viewer.ts'
import type { Recording } from '../domain/voice.ts'
import { type RoomLimits, requireRoom } from './backlog.ts'
import type { Command } from './command.ts'

export interface SendVoiceMessageInput {
  readonly recording: Recording
  /** The viewer when left out. */
  readonly userId?: string | null | undefined
  readonly idempotencyKey?: string | null | undefined
}

/**
 * Keeps what a learner has said, and has it transcribed, answered and spoken to in the background. Throws CONFLICT for a
 * key used with another recording, RATE_LIMITED when too much is waiting.
 */
export const sendVoiceMessage =
  (input: SendVoiceMessageInput, limits: RoomLimits): Command<Job> =>
  async (unit) => {
    const { viewer, practice, acts, recordings, jobs, now } = unit
    const { recording } = input
    const idempotency = parseIdempotency(input.idempotencyKey ?? null, { audio: recording.digest })
    const own = requireSignedIn(viewer).id
    const learner = requireAccess(viewer, input.userId == null ? own : parseUserId(input.userId))
    if ((await practice.begin(learner)) === null) throw notFound('learner')
    const first = idempotency && (await acts.find(learner, idempotency.key))
    const act = first && sameAct(first, idempotency)
    const before = act?.jobId && (await jobs.find(act.jobId))
    if (before) return before

    await requireRoom(unit, learner, limits)
    const job = await jobs.insert({ userId: learner, kind: 'VOICE_MESSAGE', messageId: null }, now)
    const done = idempotency && { input: idempotency.input, messageId: null, jobId: job.id, practised: null }
    // At once: the database is told all of it before it answers.
    await Promise.all([
      recordings.keep(job.id, recording),
      jobs.queue(job.id, 'TRANSCRIBE', 0),
      idempotency && done && acts.remember(learner, idempotency.key, done, now),
    ])
    return job
  }
