import type { LearnerDay } from '../domain/usage.ts'
import type { Ledger, Saving } from './ledger.ts'

/** Adds up what did not have to be paid for again, and writes it down now and then: a hit must not wait for a write. */
export interface Savings extends AsyncDisposable {
  /** One more answer. @param usd what it would have cost; null when that is not known */
  add(day: LearnerDay, usd: number | null): void
}

export interface SavingsOptions {
  readonly ledger: Pick<Ledger, 'save'>
  /** Milliseconds from the first saving to its being written down; 1,000 when left out. */
  readonly everyMs?: number
  /** Told when savings could not be written down; they are tried again with the next. */
  readonly lost: (error: unknown) => void
}

/** As many days of learners as wait at most: whatever the database's trouble, memory stays bounded. */
const WAITING_MAX = 10_000

export function createSavings({ ledger, everyMs = 1_000, lost }: SavingsOptions): Savings {
  let waiting = new Map<string, Saving>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  function add(saving: Saving): void {
    const key = `${saving.userId} ${saving.date}`
    const before = waiting.get(key)
    if (before === undefined && waiting.size >= WAITING_MAX) return
    waiting.set(key, before ? sum(before, saving) : saving)
  }

  async function write(): Promise<void> {
    timer = undefined
    const savings = [...waiting.values()]
    waiting = new Map()
    try {
      await ledger.save(savings)
    } catch (error) {
      lost(error)
      for (const saving of savings) add(saving)
    }
  }

  return {
    add(day, usd) {
      add({ ...day, recalled: 1, usd: usd ?? 0, unpriced: usd === null ? 1 : 0 })
      timer ??= setTimeout(() => {
        writing = write()
      }, everyMs)
    },
    async [Symbol.asyncDispose]() {
      clearTimeout(timer)
      await writing
      if (waiting.size > 0) await write()
    },
  }
}

const sum = (a: Saving, b: Saving): Saving => ({
  ...a,
  recalled: a.recalled + b.recalled,
  usd: a.usd + b.usd,
  unpriced: a.unpriced + b.unpriced,
})
