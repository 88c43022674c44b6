import { type Idempotency, sameAct } from '../domain/activity.ts'
import { dayAt, type TimeZone } from '../domain/calendar.ts'
import { notFound } from '../domain/error.ts'
import type { Conversed } from '../domain/exchange.ts'
import type { UserId } from '../domain/ids.ts'
import { countWords } from '../domain/lesson.ts'
import type { Message } from '../domain/message.ts'
import type { TutorReply } from '../domain/reply.ts'
import type { Command, Unit } from './command.ts'
import { practise } from './practise.ts'

/** One thing that a learner says to the tutor. */
export interface Remark {
  readonly learner: UserId
  readonly text: string
  readonly at: Temporal.Instant
  /** Null when the caller does not repeat. */
  readonly idempotency: Idempotency | null
  /** The message, where it is kept already. */
  readonly message: Message | null
}

/** A remark as it is kept. */
export interface Kept {
  readonly message: Message
  /** What came of it; null while it waits for its answer. */
  readonly conversed: Conversed | null
}

/** What is kept of a remark that may have been made before; null when it is new. */
export const findRemark =
  (remark: Remark): Command<Kept | null> =>
  async (unit) =>
    find(unit, remark, await begin(unit, remark))

/** Keeps the learner's message, the answer, and the practice that it is; of a remark that was answered before nothing. */
export const keepAnswered =
  (remark: Remark, reply: TutorReply): Command<Conversed> =>
  async (unit) => {
    const { learner, text, at, idempotency } = remark
    const zone = await begin(unit, remark)
    const before = await find(unit, remark, zone)
    if (before?.conversed) return before.conversed

    // Of a message that is kept already, the day is that on which it was sent.
    const sentAt = before ? Temporal.Instant.from(before.message.createdAt) : at
    const message = { words: countWords(text), score: reply.correctnessScore, scoreEarns: reply.engine !== 'EMBEDDED' }
    const practised = await practise(unit, learner, dayAt(sentAt, zone), message)
    const answered = { reply, starsEarned: practised.starsEarned, at: unit.now }
    if (before) {
      await unit.acts.complete(before.message.id, practised)
      return { ...(await unit.messages.answer(before.message.id, answered)), ...practised }
    }
    const exchange = await unit.messages.exchange(learner, { text, at }, answered)
    await remember(unit, learner, idempotency, { messageId: exchange.question.id, practised })
    return { ...exchange, ...practised }
  }

/** Keeps the learner's message alone. It is no practice yet: that has a score. */
export const keepUnanswered =
  (remark: Remark): Command<Kept> =>
  async (unit) => {
    const { learner, text, at, idempotency } = remark
    const before = await find(unit, remark, await begin(unit, remark))
    if (before) return before
    const message = await unit.messages.keep(learner, { text, at })
    await remember(unit, learner, idempotency, { messageId: message.id, practised: null })
    return { message, conversed: null }
  }

/** From here on nobody else keeps anything of the learner's until the transaction ends. */
async function begin({ practice }: Unit, { learner }: Remark): Promise<TimeZone> {
  const zone = await practice.begin(learner)
  if (zone === null) throw notFound('learner')
  return zone
}

async function remember(
  { acts, now }: Unit,
  learner: UserId,
  idempotency: Idempotency | null,
  done: Pick<Parameters<Unit['acts']['remember']>[2], 'messageId' | 'practised'>,
): Promise<void> {
  if (idempotency)
    await acts.remember(learner, idempotency.key, { input: idempotency.input, jobId: null, ...done }, now)
}

async function find(unit: Unit, { learner, idempotency, message }: Remark, zone: TimeZone): Promise<Kept | null> {
  const first = idempotency && (await unit.acts.find(learner, idempotency.key))
  const act = first && sameAct(first, idempotency)
  const id = act?.messageId ?? message?.id
  if (id === undefined) return null
  const found = await unit.messages.find(id)
  // Whoever deleted the learner deleted the message too.
  if (found === null) throw notFound('message')
  const { exchange } = found
  if (exchange === null) return { message: found.message, conversed: null }
  // The process that did it may have died before it could tell the caches; this answer must hold for them too.
  await unit.caches.purge([`practice:${learner}`, `stars:${learner}`, `messages:${learner}`])
  const result = act?.practised ?? (await asOfNow(unit, found.message, zone))
  return { message: found.message, conversed: { ...exchange, ...result, starsEarned: exchange.starsEarned } }
}

/** The day of a message and the stars, where nobody has asked to have the first result remembered. */
async function asOfNow({ practice, stars }: Unit, { userId, createdAt }: Message, zone: TimeZone) {
  const date = dayAt(Temporal.Instant.from(createdAt), zone)
  const day = await practice.find(userId, date)
  const counts = await stars.find(userId)
  if (counts === null) throw notFound('learner')
  // The learner may live in another zone by now, where it was another day.
  return { day: day ?? { date, messagesCount: 0, wordsSaid: 0, scoredWords: 0, streakDay: 0 }, stars: counts }
}
