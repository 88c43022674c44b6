import type { Conversation } from '../commands/conversation.ts'
import { finishReply, finishSpeech, finishTranscription, nameKeys } from '../commands/job-steps.ts'
import type { Remark } from '../commands/remark.ts'
import type { StageAttempt } from '../commands/unit-of-work.ts'
import { notFound } from '../domain/error.ts'
import type { Job } from '../domain/job.ts'
import { MESSAGE_MAX, normalized } from '../domain/lesson.ts'
import type { Readers, Said } from '../loaders/readers.ts'
import type { Voices } from '../replies/voices.ts'
import type { Session } from '../session/session.ts'
import { StageTrouble } from './stage-error.ts'

/** One attempt at a stage, and what it is done with. */
export interface Doing {
  readonly attempt: StageAttempt
  readonly job: Job
  /** The learner's own session. */
  readonly learner: Session
  /** The worker's: what an attempt has come to is settled also when the learner is gone by then. */
  readonly worker: Session
  readonly readers: DoingReaders
  /** Null where there is nobody who hears and speaks. */
  readonly voices: Voices | null
  readonly signal: AbortSignal
}

/** Read past the cache, and outside of transactions: nobody changes what is read here. */
export type DoingReaders = Pick<Readers, 'recording' | 'said'>

async function saidIn({ messageId }: Job, readers: DoingReaders): Promise<Said> {
  const said = messageId && (await readers.said([messageId])).get(messageId)
  if (!said) throw notFound('message')
  return said
}

/** Has a recording written down, and keeps that as the learner's message. */
export async function transcribe(doing: Doing): Promise<void> {
  const { attempt, job, learner, worker, readers, voices, signal } = doing
  const stt = 'No model that understands speech is configured.'
  if (voices === null) throw new StageTrouble('STT_UNAVAILABLE', stt, { retryable: true })
  const recording = await readers.recording(job.id)
  if (recording === null) throw notFound('recording')
  const { timezone } = await learner.reads.settings(job.userId)
  const payer = { learner: job.userId, timezone }
  const { text, key } = await voices.transcribe(recording, payer, signal, (transcriptKey) =>
    worker.perform(nameKeys(attempt, { transcriptKey })),
  )
  const said = Array.from(normalized(text.toWellFormed())).slice(0, MESSAGE_MAX).join('')
  const silence = 'Nothing that was said could be heard in the recording.'
  if (said === '') throw new StageTrouble('NO_SPEECH', silence, { retryable: false })
  await worker.perform(finishTranscription(attempt, job.userId, { text: said, key }))
}

/** Has a message answered, and counts it as practice. */
export const replyTo =
  ({ attempt, job, readers, voices }: Doing): Conversation<void> =>
  async (stage) => {
    const { message, exchange } = await saidIn(job, readers)
    const { userId: learner, text, createdAt } = message
    const at = Temporal.Instant.from(createdAt)
    const remark: Remark = { learner, text, at, idempotency: null, message }
    // Somebody else may have had it answered meanwhile.
    const reply = exchange?.reply ?? (await stage.reply(learner, { text, at, place: message }))
    await stage.perform(finishReply(attempt, remark, reply, voices === null ? ['SPEAK'] : []))
  }

/** Has an answer spoken, in the voice of whoever the learner talks to. */
export async function speak({ attempt, job, learner, worker, readers, voices, signal }: Doing): Promise<void> {
  const { exchange } = await saidIn(job, readers)
  if (exchange === null) throw notFound('answer')
  const { answer } = exchange
  // Models may be gone since it was queued. The text is there all the same.
  if (voices === null) return worker.perform(finishSpeech(attempt, null))
  const { timezone, character, voiceSpeed } = await learner.reads.settings(job.userId)
  const line = { text: answer.text, character, voiceSpeed }
  const payer = { learner: job.userId, timezone }
  const speech = await voices.speak(line, payer, signal, (speechKey) =>
    worker.perform(nameKeys(attempt, { speechKey })),
  )
  await worker.perform(finishSpeech(attempt, { answer: answer.id, speech }))
}
