import { invalidate, tagsOf } from './invalidation.ts'
import type { Noted } from './outbox.ts'
import type { Relay } from './relay.ts'
import type { Mark, SharedStore, Tag } from './shared-store.ts'

export interface Confirmation {
  /** False when nodes may go on showing what was before the change, until somebody has told them. */
  readonly confirmed: boolean
  /** Where the change is visible; null where caches are not to be read. */
  readonly mark: Mark | null
}

/**
 * Makes kept changes visible everywhere. To be waited for before they are acknowledged. Never fails: what could not be
 * confirmed in time somebody will do later. No changes at all may mean that the request repeats one whose process died
 * before it could do this: then everything that is still noted is made visible.
 */
export type Confirm = (changes: readonly Noted[]) => Promise<Confirmation>

export interface ConfirmDeps {
  readonly store: SharedStore
  readonly relay: Relay
  readonly namespace: string
  /** Told what this node has changed itself, before the message comes back. */
  readonly originated: (tags: readonly Tag[], mark: Mark) => void
}

/** Milliseconds that an acknowledgement waits for its invalidation. */
const CONFIRM_MS = 100

export function createConfirm({ store, relay, namespace, originated }: ConfirmDeps): Confirm {
  async function announced(changes: readonly Noted[]): Promise<Mark> {
    const tags = tagsOf(changes)
    const mark = await invalidate(store, namespace, tags)
    originated(tags, mark)
    relay.applied(changes)
    return mark
  }

  async function caughtUp(): Promise<Mark> {
    await relay.drain(store)
    return store.mark()
  }

  return async (changes) => {
    const confirming = changes.length > 0 ? announced(changes) : caughtUp()
    const mark = await inTime(confirming.catch(() => null))
    return { confirmed: mark !== null, mark }
  }
}

/** What was promised, or null when it takes too long. */
async function inTime<T>(promised: Promise<T>): Promise<T | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>()
  const timer = setTimeout(resolve, CONFIRM_MS, null)
  try {
    return await Promise.race([promised, late])
  } finally {
    clearTimeout(timer)
  }
}
