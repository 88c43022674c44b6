import type { Ledger } from '../replies/ledger.ts'
import type { Savings } from '../replies/savings.ts'
import type { TutorReporter } from '../replies/tutor.ts'
import { Durations } from './durations.ts'

/** What one model was asked, as its configuration names it. */
export interface ModelCounts {
  readonly durations: Durations
  answered: number
  /** By trouble. */
  readonly failed: Map<string, number>
  tokensIn: number
  tokensCached: number
  tokensOut: number
  /** Of calls whose price is known. */
  usd: number
  unpriced: number
  breakerOpen: boolean
}

const noModelCounts = (): ModelCounts => ({
  durations: new Durations(),
  answered: 0,
  failed: new Map(),
  tokensIn: 0,
  tokensCached: 0,
  tokensOut: 0,
  usd: 0,
  unpriced: 0,
  breakerOpen: false,
})

/** Adds up what models cost, and what remembering their answers spares. */
export class UpstreamCounts {
  readonly models = new Map<string, ModelCounts>()
  usdSaved = 0
  /** Answers that did not have to be paid for again, and those of them of unknown price. */
  recalled = 0
  unpricedRecalled = 0

  get usdSpent(): number {
    return this.models.values().reduce((sum, { usd }) => sum + usd, 0)
  }

  readonly report: TutorReporter = (event) => {
    const counts = this.#of(event.model)
    if (event.kind === 'breaker') {
      counts.breakerOpen = event.state === 'open'
      return
    }
    counts.durations.add(event.milliseconds / 1000)
    if (event.kind === 'answered') counts.answered += 1
    else counts.failed.set(event.trouble, (counts.failed.get(event.trouble) ?? 0) + 1)
  }

  /** The same ledger, seen by whoever counts: what has to be paid is counted, whether or not it can be written down. */
  counting(ledger: Ledger): Ledger {
    return {
      reserve: (day, limit) => ledger.reserve(day, limit),
      release: (day) => ledger.release(day),
      save: (savings) => ledger.save(savings),
      settle: (call) => {
        const { model, tokens, usd } = call
        const counts = this.#of(model)
        counts.tokensIn += tokens?.tokensIn ?? 0
        counts.tokensCached += tokens?.tokensCached ?? 0
        counts.tokensOut += tokens?.tokensOut ?? 0
        counts.usd += usd ?? 0
        if (usd === null) counts.unpriced += 1
        return ledger.settle(call)
      },
    }
  }

  /** The same savings, seen by whoever counts. */
  countingSavings(savings: Savings): Savings {
    return {
      add: (day, usd) => {
        this.recalled += 1
        this.usdSaved += usd ?? 0
        if (usd === null) this.unpricedRecalled += 1
        savings.add(day, usd)
      },
      [Symbol.asyncDispose]: () => savings[Symbol.asyncDispose](),
    }
  }

  #of(model: string): ModelCounts {
    return this.models.getOrInsertComputed(model, noModelCounts)
  }
}
