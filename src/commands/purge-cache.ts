import { parseCacheTags } from '../domain/cache-tag.ts'
import { badInput } from '../domain/error.ts'
import { requireAdmin } from '../domain/viewer.ts'
import type { Command } from './command.ts'

export interface PurgeCacheInput {
  readonly tags?: readonly string[] | null | undefined
  readonly all?: boolean | null | undefined
}

const EVERYTHING = '*'
const MOST = 1_000

/** Makes caches forget what is filed under some tags, or everything of learners. For admins. */
export const purgeCache =
  (input: PurgeCacheInput): Command<readonly string[]> =>
  async ({ caches, viewer }) => {
    requireAdmin(viewer)
    const tags = parseTags(input)
    await caches.purge(tags)
    return tags
  }

function parseTags({ tags, all }: PurgeCacheInput): readonly string[] {
  if (all && tags) throw badInput('all', 'must be left out when there are tags.')
  if (all) return [EVERYTHING]
  if (!tags || tags.length === 0) throw badInput('tags', 'must name at least one tag, or all must be true.')
  return parseCacheTags(tags, MOST).map(({ text }) => text)
}
