import { type Clock, dayAt, millisecondsToMidnight, type TimeZone } from '../domain/calendar.ts'
import { HonzikError, notFound } from '../domain/error.ts'
import type { UserId } from '../domain/ids.ts'
import type { LearnerDay } from '../domain/usage.ts'
import type { Ledger } from './ledger.ts'
import type { Spending } from './tutor.ts'

export interface BudgetDeps {
  readonly ledger: Ledger
  readonly clock: Clock
  /** Calls of models a day for each learner; null: no limit. */
  readonly dailyLimit: number | null
  /** Told what could not be written down of a call that was made all the same. */
  readonly lost: (error: unknown) => void
}

/** Who pays. */
export interface Payer {
  readonly learner: UserId
  /** The learner's, whose days the budget is for. */
  readonly timezone: TimeZone
}

/** As much of a call as is needed to pay for it. */
interface Payable {
  readonly signal: AbortSignal
  readonly onSpent?: ((spent: Spending) => void) | undefined
}

/** What learners may spend on models. */
export interface Budget {
  /**
   * Makes one call of a model: counted before it is made, so that no two at the same moment share the last one of a day.
   * It is taken back only where nothing has to be paid: a caller who has the model refuse, or who leaves, has used it.
   * @throws RATE_LIMITED when the learner has had enough for today, NOT_FOUND when there is no such learner, what `ask`
   * throws
   */
  pay<Call extends Payable, Answer>(payer: Payer, call: Call, ask: (call: Call) => Promise<Answer>): Promise<Answer>
}

export function createBudget(deps: BudgetDeps): Budget {
  const { ledger, clock, lost } = deps
  return {
    async pay(payer, call, ask) {
      const day: LearnerDay = { userId: payer.learner, date: dayAt(clock(), payer.timezone) }
      await reserve(deps, day, payer)
      const spent: Spending[] = []
      try {
        call.signal.throwIfAborted()
        return await ask({ ...call, onSpent: (spending) => spent.push(spending) })
      } catch (error) {
        if (spent.length === 0) await ledger.release(day).catch(lost)
        throw error
      } finally {
        // What has to be paid has to be, whether or not this can be written down.
        for (const spending of spent) await ledger.settle({ ...day, ...spending, at: clock() }).catch(lost)
      }
    },
  }
}

async function reserve({ ledger, dailyLimit, clock }: BudgetDeps, day: LearnerDay, { timezone }: Payer): Promise<void> {
  const reserved = await ledger.reserve(day, dailyLimit)
  if (reserved === 'NO_SUCH_LEARNER') throw notFound('learner')
  if (reserved === 'COUNTED') return
  const now = clock()
  const left = millisecondsToMidnight(now, timezone)
  const resets = now.add({ milliseconds: left }).toZonedDateTimeISO(timezone)
  const at = resets.toString({ smallestUnit: 'minute', timeZoneName: 'never' })
  throw new HonzikError('RATE_LIMITED', `The tutor has answered ${dailyLimit} times today; it will again from ${at}.`, {
    retryAfterSeconds: Math.ceil(left / 1000),
  })
}
