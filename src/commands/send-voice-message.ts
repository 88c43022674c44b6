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
    // The learner is locked before anything else is looked at, though all of it is asked for at once.
    const [zone, first, backlog] = await Promise.all([
      practice.begin(learner),
      idempotency && acts.find(learner, idempotency.key),
      jobs.backlog(learner),
    ])
    if (zone === null) throw notFound('learner')
    const act = idempotency && first && sameAct(first, idempotency)
    const before = act?.jobId && (await jobs.find(act.jobId))
    if (before) return before

    requireRoom(backlog, limits, now)
    const id = jobs.newId()
    const done = idempotency && { input: idempotency.input, messageId: null, jobId: id, practised: null }
    // At once, too: in this order, and without waiting for an answer to each.
    const [job] = await Promise.all([
      jobs.insert({ id, userId: learner, kind: 'VOICE_MESSAGE', messageId: null }, now),
      recordings.keep(id, recording),
      jobs.queue(id, 'TRANSCRIBE', 0),
      idempotency && done && acts.remember(learner, idempotency.key, done, now),
    ])
    return job
  }
