import type { Reporter } from './cache-event.ts'
import type { Heat } from './heat.ts'
import type { MemoMemory } from './memo-memory.ts'
import type { MemoStore } from './memo-store.ts'
import type { Sleep } from './sleep.ts'

/** What a memo is made of. */
export interface MemoDeps {
  /** Null: there is none, and this process remembers for itself. */
  readonly store: MemoStore | null
  readonly memory: MemoMemory
  readonly namespace: string
  /** The source that values belong to: what was stored for another one does not count. */
  readonly origin: string
  readonly report: Reporter
  /** Shown what is asked for. */
  readonly heat: Heat
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Something that no other lease ever has, without colons. */
  readonly unique: () => string
  readonly sleep: Sleep
  readonly times: MemoTimes
  /** As much as one value may have to be remembered; 1 MiB when left out. */
  readonly entryMaxBytes?: number
}

/** All in milliseconds. */
export interface MemoTimes {
  /** After which others take over from one who is not heard of any more. */
  readonly lease: number
  /** Between two signs of life of one who computes; several fit into a lease. */
  readonly renew: number
  /** After which one who waits looks again: at first, and at most, as it doubles each time. */
  readonly look: readonly [first: number, most: number]
  /** As long as a failure can be found by those who waited for it: longer than they take to look. */
  readonly failure: number
}

export const MEMO_TIMES: MemoTimes = { lease: 2_000, renew: 500, look: [20, 100], failure: 5_000 }

/** What was answered, or undefined when the store was not there. */
export async function answered<Answer>(
  { report }: Pick<MemoDeps, 'report'>,
  during: 'read' | 'lease' | 'fill',
  asked: Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await asked
  } catch (error) {
    report({ kind: 'store-failed', during, error })
    return undefined
  }
}
