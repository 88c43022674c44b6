import type { MessageId, UserId } from '../domain/ids.ts'
import type { Readers } from '../loaders/readers.ts'

export interface Wanted {
  /** Learners at most. */
  readonly most: number
  /** Learners of one batch at most. */
  readonly batch: number
}

/** Messages that are looked at in one statement. */
const PAGE = 1_000

/** Messages that are looked at for each learner that is wanted, at most: a few may have written nearly all of them. */
const PER_LEARNER = 50

/**
 * The learners who were active last, each once, the last one first. A batch may be empty: then there was nothing new in
 * what was looked at, which cost something all the same.
 */
export async function* recentLearners(
  lastActive: Readers['lastActive'],
  { most, batch }: Wanted,
): AsyncGenerator<readonly UserId[], void> {
  const seen = new Set<UserId>()
  let before: MessageId | null = null
  for (let looked = 0; looked < most * PER_LEARNER && seen.size < most; looked += PAGE) {
    const { ids, next } = await lastActive(before, PAGE)
    const fresh = ids.filter((id) => !seen.has(id)).slice(0, most - seen.size)
    for (const id of fresh) seen.add(id)
    for (let at = 0; at === 0 || at < fresh.length; at += batch) yield fresh.slice(at, at + batch)
    if (next === null) return
    before = next
  }
}
