import type { Reporter } from './cache-event.ts'
import { invalidate, tagsOf } from './invalidation.ts'
import type { Noted } from './outbox.ts'
import type { Mark, SharedStore, Tag } from './shared-store.ts'

export interface Confirmation {
  /** False when nodes may go on showing what was before the change, until somebody has told them. */
  readonly confirmed: boolean
  /** Where the change is visible; null where caches are not to be read. */
  readonly mark: Mark | null
}

/**
 * Makes kept changes visible everywhere. To be waited for before they are acknowledged. Never fails: what could not be
 * confirmed in time somebody will do later.
 */
export type Confirm = (changes: readonly Noted[]) => Promise<Confirmation>

export interface ConfirmDeps {
  readonly store: SharedStore
  /** Told what need not be applied by anyone any more. */
  readonly applied: (changes: readonly Noted[]) => void
  readonly namespace: string
  readonly report: Reporter
  /** Told what this node has changed itself, before the message comes back. */
  readonly originated: (tags: readonly Tag[], mark: Mark) => void
}

/** Milliseconds that an acknowledgement waits for its invalidation. */
const CONFIRM_MS = 100

export function createConfirm({ store, namespace, applied, originated, report }: ConfirmDeps): Confirm {
  async function announced(changes: readonly Noted[]): Promise<Mark> {
    const tags = tagsOf(changes)
    const mark = await invalidate(store, namespace, tags)
    originated(tags, mark)
    applied(changes)
    return mark
  }

  return async (changes) => {
    const begun = performance.now()
    const mark = await inTime(announced(changes).catch(() => null))
    report({ kind: 'confirmed', number: mark?.number ?? null, ms: performance.now() - begun })
    return { confirmed: mark !== null, mark }
  }
}

/** What was promised, or null when it takes too long. */
async function inTime<T>(promised: Promise<T>): Promise<T | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>()
  // This process may have been held up itself: an answer that has arrived meanwhile is read first.
  const timer = setTimeout(() => setImmediate(resolve, null), CONFIRM_MS)
  try {
    return await Promise.race([promised, late])
  } finally {
    clearTimeout(timer)
  }
}
