import type { CacheEntry } from '../domain/cache-report.ts'
import { parseCacheTags } from '../domain/cache-tag.ts'
import { requireAdmin, type SignedIn } from '../domain/viewer.ts'
import type { InspectCache } from './cache-entries.ts'

export interface CacheReads {
  /** What is cached under each tag, and what the database says. For admins. */
  cacheEntries(tags: readonly string[]): Promise<readonly CacheEntry[]>
}

/** Each tag may take a statement. */
const MOST = 20

export const createCacheReads = (
  inspect: InspectCache,
  { signedIn }: { readonly signedIn: () => Promise<SignedIn> },
): CacheReads => ({
  async cacheEntries(tags) {
    requireAdmin(await signedIn())
    return inspect(parseCacheTags(tags, MOST))
  },
})
