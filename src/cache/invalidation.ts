import { EVERYTHING, type Noted } from './outbox.ts'
import { keyOf } from './policy.ts'
import type { Mark, SharedStore, Tag } from './shared-store.ts'

/**
 * Makes what is filed under the tags unreadable for every request that begins from now on, on every node. Doing it twice
 * does no harm.
 * @throws StoreUnavailable when that could not be confirmed in time; it may have happened all the same
 */
export function invalidate(store: SharedStore, namespace: string, tags: readonly Tag[]): Promise<Mark> {
  if (tags.includes(EVERYTHING)) return store.newEpoch()
  const keys = tags.map((tag) => keyOf(namespace, tag))
  return store.invalidate(keys, tags)
}

/** More tags than this at once are not named any more: everything is void. */
const NAMED_AT_MOST = 1_000

/** Each tag of the changes once, or all of them in one when they are too many. */
export function tagsOf(changes: readonly Noted[]): readonly Tag[] {
  const tags = new Set(changes.map(({ tag }) => tag))
  return tags.has(EVERYTHING) || tags.size > NAMED_AT_MOST ? [EVERYTHING] : [...tags]
}
