import { createHash } from 'node:crypto'
import type { Memo, Memoised } from '../cache/memo.ts'
import { type Clock, dayAt, type TimeZone } from '../domain/calendar.ts'
import { HonzikError } from '../domain/error.ts'
import type { UserId } from '../domain/ids.ts'
import type { Lesson } from '../domain/lesson.ts'
import type { ShownReply } from '../domain/reply.ts'
import type { Budget } from './budget.ts'
import type { Savings } from './savings.ts'
import { type Caller, shownTo } from './shown.ts'
import type { Answer, Call, Preparation, Tutor } from './tutor.ts'

export interface RepliesDeps {
  readonly tutor: Tutor
  readonly memo: Pick<Memo<Answer>, 'ask'>
  readonly budget: Budget
  readonly savings: Pick<Savings, 'add'>
  readonly clock: Clock
}

/** A lesson that somebody wants to have answered. */
export interface Question extends Caller {
  readonly lesson: Lesson
  /** Whose lesson it is, and whose budget pays. */
  readonly learner: UserId
  /** The learner's, whose days the budget is for. */
  readonly timezone: TimeZone
  /** Aborted when the caller no longer waits. */
  readonly signal: AbortSignal
  /** When set, hears the reply's text piece by piece as it comes; nothing when it was there already. */
  readonly onText?: Call['onText']
}

/** Has lessons answered, each only once while its answer is remembered, within each learner's budget. */
export interface Replies {
  /**
   * @throws UPSTREAM_UNAVAILABLE when no tutor answers, RATE_LIMITED when the learner has had enough for today, NOT_FOUND
   * when the learner was deleted meanwhile; the signal's reason when it is aborted
   */
  answer(question: Question): Promise<ShownReply>
}

export function createReplies(deps: RepliesDeps): Replies {
  return {
    async answer(question) {
      const preparations = deps.tutor.prepare(question.lesson)
      let heard = false
      const onText =
        question.onText &&
        ((piece: string) => {
          heard = true
          question.onText?.(piece)
        })
      let trouble: HonzikError | null = null
      for (const preparation of preparations) {
        try {
          // Where one has begun to speak and failed, another one does not go on where it stopped.
          return await answerTo(deps, preparation, { ...question, onText: heard ? undefined : onText })
        } catch (error) {
          // That there is nothing left to ask the next one with is not what was wrong.
          if (!isUpstreamTrouble(error)) throw isSpent(error) && trouble ? trouble : error
          trouble ??= error
        }
      }
      throw trouble ?? new TypeError('a tutor must have a way to answer')
    },
  }
}

const isSpent = (error: unknown): boolean => error instanceof HonzikError && error.code === 'RATE_LIMITED'

export const isUpstreamTrouble = (error: unknown): error is HonzikError =>
  error instanceof HonzikError && error.code === 'UPSTREAM_UNAVAILABLE'

async function answerTo(deps: RepliesDeps, preparation: Preparation, question: Question): Promise<ShownReply> {
  const { budget } = deps
  const { signal, onText, learner, mode } = question
  if (preparation.fingerprint === null) {
    const { reply } = await preparation.ask({ signal, onText })
    return { ...reply, cache: { status: 'BYPASS', key: null, ageSeconds: 0 } }
  }
  const place = placeOf(preparation.fingerprint, question)
  const memoised = await deps.memo.ask({
    ...place,
    mode,
    asker: `asked:${learner}`,
    signal,
    onProgress: onText,
    compute: ({ signal: wanted, progress }) =>
      budget.pay(question, { signal: wanted, onText: onText && progress }, (call) => preparation.ask(call)),
  })
  if (memoised.from !== 'COMPUTED') save(deps, question, memoised)
  return shownTo(question, memoised, { key: place.tag, now: deps.clock() })
}

/**
 * Where an answer is kept. One that history went into is its learner's alone: it has the one place that is theirs, and
 * the learner's id is part of what is asked, so that no other learner can come upon it. The next message has another
 * history, so the answer to the last one is all that can be asked for again.
 */
function placeOf(fingerprint: string, { lesson, learner }: Question) {
  if (lesson.history.length === 0) return { tag: `reply:${fingerprint}`, fingerprint, personal: false }
  const own = createHash('sha256').update(`${fingerprint} ${learner}`).digest('hex')
  return { tag: `replies:${learner}`, fingerprint: own, personal: true }
}

function save({ savings, clock }: RepliesDeps, { learner, timezone }: Question, { value }: Memoised<Answer>): void {
  savings.add({ userId: learner, date: dayAt(clock(), timezone) }, value.usd)
}
