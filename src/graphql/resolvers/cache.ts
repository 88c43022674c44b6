import { timestampAt } from '../../domain/calendar.ts'
import type { CachedCopyResolvers } from '../generated/schema-types.ts'

export const CachedCopy: CachedCopyResolvers = {
  loadedAt: ({ loadedAt }) => (loadedAt === null ? null : timestampAt(loadedAt)),
  expiresAt: ({ expiresAt }) => timestampAt(expiresAt),
}
