import type { LearnerDay, UsageDay } from '../../src/domain/usage.ts'
import { noUsage } from '../../src/domain/usage.ts'
import type { Readers } from '../../src/loaders/readers.ts'
import type { Ledger, PaidCall } from '../../src/replies/ledger.ts'
import type { Learners } from './memory-state.ts'

export interface MemoryLedger extends Ledger {
  readonly usage: Readers['usage']
  readonly calls: readonly PaidCall[]
}

/** What models cost, in memory. Rows of learners who are gone are gone with them. */
export function createMemoryLedger(committed: () => Learners): MemoryLedger {
  const days = new Map<string, UsageDay>()
  const calls: PaidCall[] = []
  const keyOf = ({ userId, date }: LearnerDay) => `${userId} ${date}`
  const dayOf = (day: LearnerDay) => days.get(keyOf(day)) ?? noUsage(day.date)
  const add = (day: LearnerDay, change: (before: UsageDay) => Partial<UsageDay>) => {
    const before = dayOf(day)
    days.set(keyOf(day), { ...before, ...change(before) })
  }
  const sum = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b)

  return {
    calls,
    async reserve(day, limit) {
      if (!committed().has(day.userId)) return 'NO_SUCH_LEARNER'
      if (limit !== null && dayOf(day).calls >= limit) return 'SPENT'
      add(day, ({ calls: before }) => ({ calls: before + 1 }))
      return 'COUNTED'
    },
    async release(day) {
      if (dayOf(day).calls > 0) add(day, ({ calls: before }) => ({ calls: before - 1 }))
    },
    async settle(call) {
      calls.push(call)
      if (!committed().has(call.userId)) return
      const { tokens } = call
      add(call, (before) => ({
        tokensIn: before.tokensIn + (tokens?.tokensIn ?? 0),
        tokensCached: before.tokensCached + (tokens?.tokensCached ?? 0),
        tokensOut: before.tokensOut + (tokens?.tokensOut ?? 0),
        usdSpent: sum(before.usdSpent, call.usd),
      }))
    },
    async save(savings) {
      for (const { recalled, usd, unpriced, ...day } of savings)
        if (committed().has(day.userId))
          add(day, (before) => ({
            recalled: before.recalled + recalled,
            usdSaved: sum(before.usdSaved, unpriced > 0 ? null : usd),
          }))
    },
    usage: async (asked) => asked.map((day) => (committed().has(day.userId) ? (days.get(keyOf(day)) ?? null) : null)),
  }
}
