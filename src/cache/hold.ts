import { answered, type MemoDeps } from './memo-deps.ts'
import { failureNote } from './memo-envelope.ts'
import type { MemoStore } from './memo-store.ts'
import type { Lease } from './shared-store.ts'

/** The place of a value that is being computed. The first of the three that is called ends it; none of them ever fails. */
export interface Hold {
  /**
   * Puts the value in place, so that whoever asks after this finds it. True when it was put, or could not be because the
   * store is not there; false when it must not be remembered here either.
   * @param seal makes what is stored; not called where nothing is
   */
  put(seal: () => string): Promise<boolean>
  /** Tells those who wait in other processes that it failed. */
  fail(failure: string): Promise<void>
  /** Leaves the place to whoever waits, unless the hold has ended. */
  release(): Promise<void>
}

/** Nobody else knows of the place. */
export const UNSHARED: Hold = { put: async () => true, fail: async () => {}, release: async () => {} }

/** The place is somebody else's, or there is none. */
export const NOWHERE: Hold = { ...UNSHARED, put: async () => false }

export interface HoldOptions {
  readonly deps: Pick<MemoDeps, 'report' | 'sleep' | 'times'>
  readonly store: MemoStore
  /** Of what is held for: its name, and the milliseconds that a value is to stand. */
  readonly policy: { readonly name: string; readonly ttlMs: number }
  readonly key: string
}

/** Holds a place by a lease, and renews that until the hold ends. */
export function holdByLease(options: HoldOptions, lease: Lease): Hold {
  const { deps, store, policy, key } = options
  const { token } = lease
  const over = new AbortController()
  void renewing(options, lease, over.signal)

  function settle(value: string, ttlMs: number): Promise<boolean | undefined> {
    over.abort()
    return answered(deps, 'fill', store.settle(key, token, value, ttlMs))
  }
  return {
    async put(seal) {
      const put = await settle(seal(), policy.ttlMs)
      if (put !== undefined) deps.report({ kind: put ? 'filled' : 'fill-refused', policy: policy.name, count: 1 })
      return put !== false
    },
    async fail(failure) {
      await settle(failureNote(token, failure), deps.times.failure)
    },
    async release() {
      if (over.signal.aborted) return
      over.abort()
      await answered(deps, 'fill', store.release(key, token))
    },
  }
}

async function renewing({ deps, store, key }: HoldOptions, lease: Lease, over: AbortSignal): Promise<void> {
  let stands: boolean | undefined = true
  // One that could not be renewed may be the next time; one that is gone is somebody else's, or nobody's.
  while (stands !== false) {
    await deps.sleep(deps.times.renew, over)
    if (over.aborted) return
    stands = await answered(deps, 'lease', store.renew(key, lease))
  }
}
