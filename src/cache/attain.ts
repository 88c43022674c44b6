import { isLease } from './envelope.ts'
import { type Hold, holdByLease } from './hold.ts'
import type { MemoPolicy } from './memo.ts'
import { answered, type MemoDeps } from './memo-deps.ts'
import { type Entry, failureOf, isLeaseFor, memoLease } from './memo-envelope.ts'
import { ANYTHING_BUT_A_LEASE, type MemoStore } from './memo-store.ts'
import type { Lease } from './shared-store.ts'

/** How one who wants a value gets on with the others who do. */
export type Attained<Value> =
  /** It is ours to compute, and to put in place. */
  | { readonly kind: 'ours'; readonly hold: Hold }
  /** Somebody else has the place, for something else or since before. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'found'; readonly entry: Entry<Value>; readonly waited: boolean }
  /** It was computed elsewhere, and failed. */
  | { readonly kind: 'failed'; readonly error: Error; readonly lease: string }
  /** The store is not there. */
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'given up' }

export interface Pursuit<Value> {
  readonly deps: Pick<MemoDeps, 'unique' | 'sleep' | 'times' | 'report'>
  readonly store: MemoStore
  readonly policy: Pick<MemoPolicy<Value>, 'name' | 'ttlMs' | 'decodeFailure'>
  readonly key: string
  /** What is wanted, and from which source: leases for anything else are not waited for. */
  readonly aim: string
  /** The value in what stands in the place; null when it is no answer. */
  readonly open: (stored: string) => Entry<Value> | null
  /** Told whose lease is waited for. */
  readonly awaits: (lease: string) => void
  /** Aborted when nobody wants it any more. */
  readonly signal: AbortSignal
}

/**
 * Claims a place, or waits for whoever has claimed it for the same, until there is a value or a failure, or the other
 * one is not heard of any more.
 * @param standing what was found in the place, and is no answer
 */
export async function attain<Value>(pursuit: Pursuit<Value>, standing: string | null): Promise<Attained<Value>> {
  const { deps, store, key, aim, open, awaits, signal } = pursuit
  const [firstLook, most] = deps.times.look
  let seen = standing
  let awaited: string | null = null
  let pause = firstLook
  for (;;) {
    let next: string | null | undefined
    if (seen !== null && isLease(seen)) {
      if (!isLeaseFor(seen, aim)) return { kind: 'taken' }
      pause = seen === awaited ? Math.min(2 * pause, most) : firstLook
      awaited = seen
      awaits(seen)
      await deps.sleep(pause, signal)
      if (signal.aborted) return { kind: 'given up' }
      next = await answered(deps, 'read', foundAt(store, key))
    } else {
      const lease = newLease(pursuit)
      next = await answered(deps, 'lease', store.claim(key, lease, seen))
      if (next === null) return { kind: 'ours', hold: holdByLease(pursuit, lease) }
    }
    if (next === undefined) return { kind: 'unavailable' }
    const entry = next === null ? null : open(next)
    if (entry !== null) return { kind: 'found', entry, waited: awaited !== null }
    // Only of the lease that was waited for: an older failure was there before we asked.
    const error = next === null || awaited === null ? null : failureIn(next, awaited, pursuit)
    if (error !== null && awaited !== null) return { kind: 'failed', error, lease: awaited }
    seen = next
  }
}

/** Claims a place whatever value stands there; whoever is about to put one there keeps it. */
export async function takeOver<Value>(pursuit: Pursuit<Value>): Promise<Attained<Value>> {
  const { deps, store, key } = pursuit
  const lease = newLease(pursuit)
  const standing = await answered(deps, 'lease', store.claim(key, lease, ANYTHING_BUT_A_LEASE))
  if (standing === undefined) return { kind: 'unavailable' }
  return standing === null ? { kind: 'ours', hold: holdByLease(pursuit, lease) } : { kind: 'taken' }
}

const newLease = <Value>({ deps: { unique, times }, aim }: Pursuit<Value>): Lease => ({
  token: memoLease(aim, unique()),
  ms: times.lease,
})

/** What the note of a lease's failure says; null when this is none, or one that a later release has left. */
function failureIn<Value>(standing: string, lease: string, { deps, policy }: Pursuit<Value>): Error | null {
  const failure = failureOf(standing, lease)
  if (failure === null) return null
  try {
    return policy.decodeFailure(failure)
  } catch {
    deps.report({ kind: 'unusable', policy: policy.name, count: 1 })
    return null
  }
}

async function foundAt(store: MemoStore, key: string): Promise<string | null> {
  const [standing = null] = await store.find([key])
  return standing
}
