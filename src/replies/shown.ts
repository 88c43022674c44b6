import type { Memoised } from '../cache/memo.ts'
import type { ReplyCache, ShownReply } from '../domain/reply.ts'
import type { Answer } from './tutor.ts'

/** Who asks, as far as it decides what they may do and see. */
export interface Caller {
  /** Only staff may bypass what is remembered, and see whether others have asked the same. */
  readonly staff: boolean
  /** USE; REFRESH has it answered anew for all, BYPASS for this caller only. */
  readonly mode: 'USE' | 'REFRESH' | 'BYPASS'
}

/**
 * A reply as its caller may see it: to learners one that others have asked for looks like a new one, and then no older
 * than their own question, so that nobody can find out what others say.
 */
export function shownTo(
  { staff, mode }: Caller,
  { value, from, computedAt, askedAt }: Memoised<Answer>,
  { key, now }: { readonly key: string; readonly now: Temporal.Instant },
): ShownReply {
  const known = from === 'STORED' && (staff || askedAt !== null)
  // A learner's own age only: the answer's would tell when somebody else asked, first or once more.
  const since = staff ? computedAt : (askedAt ?? computedAt)
  const ageSeconds = known ? Math.max(0, Math.floor((now.epochMilliseconds - since) / 1000)) : 0
  const cache: ReplyCache = { status: known ? 'HIT' : 'MISS', key: null, ageSeconds }
  if (!staff) return { ...value.reply, cache }
  const status = mode !== 'USE' ? 'BYPASS' : from === 'JOINED' ? 'COALESCED' : cache.status
  return { ...value.reply, cache: { ...cache, status, key } }
}
