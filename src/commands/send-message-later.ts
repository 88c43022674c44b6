import { parseIdempotency, sameAct } from '../domain/activity.ts'
import { notFound } from '../domain/error.ts'
import { parseUserId } from '../domain/ids.ts'
import type { Job } from '../domain/job.ts'
import { parseMessageText } from '../domain/lesson.ts'
import type { Message } from '../domain/message.ts'
import { requireAccess, requireSignedIn } from '../domain/viewer.ts'
import { type RoomLimits, requireRoom } from './backlog.ts'
import type { Command } from './command.ts'
import type { SendMessageInput } from './send-message.ts'

/** A message that is kept, and the job that has it answered. */
export interface Queued {
  readonly message: Message
  readonly job: Job
}

/**
 * Keeps a learner's message and has it answered in the background. Throws CONFLICT for a key used with other input,
 * RATE_LIMITED when too much is waiting.
 */
export const sendMessageLater =
  (input: SendMessageInput, limits: RoomLimits): Command<Queued> =>
  async (unit) => {
    const { viewer, practice, acts, messages, jobs, now } = unit
    const text = parseMessageText(input.text)
    // To be answered at once and to be answered later are not the same act: their results differ.
    const idempotency = parseIdempotency(input.idempotencyKey ?? null, { text, mode: 'ASYNC' })
    const own = requireSignedIn(viewer).id
    const learner = requireAccess(viewer, input.userId == null ? own : parseUserId(input.userId))
    if ((await practice.begin(learner)) === null) throw notFound('learner')
    const first = idempotency && (await acts.find(learner, idempotency.key))
    const act = first && sameAct(first, idempotency)
    if (act?.jobId && act.messageId) {
      const job = await jobs.find(act.jobId)
      const found = await messages.find(act.messageId)
      if (job === null || found === null) throw notFound('message')
      return { message: found.message, job }
    }
    requireRoom(await jobs.backlog(learner), limits, now)
    const message = await messages.keep(learner, { text, at: now })
    const job = await jobs.insert({ userId: learner, kind: 'TEXT_MESSAGE', messageId: message.id }, now)
    await jobs.queue(job.id, 'REPLY', 0)
    if (idempotency) {
      const done = { input: idempotency.input, messageId: message.id, jobId: job.id, practised: null }
      await acts.remember(learner, idempotency.key, done, now)
    }
    return { message, job }
  }
