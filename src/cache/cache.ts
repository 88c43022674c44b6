import { Breaker } from './breaker.ts'
import type { Reporter } from './cache-event.ts'
import { CachedMemo } from './cached-memo.ts'
import { type Consistency, createCoherence } from './coherence.ts'
import { type Confirm, createConfirm } from './confirm.ts'
import { createEntityCache, type EntityCache } from './entity-cache.ts'
import type { Followed } from './follower.ts'
import { Heat } from './heat.ts'
import type { Kind } from './kind.ts'
import { createL1, type L1 } from './l1.ts'
import { createLocalStore } from './local-store.ts'
import type { Memo, MemoPolicy } from './memo.ts'
import { MEMO_TIMES } from './memo-deps.ts'
import { type MemoKeeps, MemoMemory } from './memo-memory.ts'
import type { MemoStore } from './memo-store.ts'
import { noStore } from './no-store.ts'
import type { Noted, Outbox } from './outbox.ts'
import type { Policy } from './policy.ts'
import { Relay } from './relay.ts'
import { ResponseCache } from './response-cache.ts'
import { Sampler } from './sampler.ts'
import type { SharedStore } from './shared-store.ts'
import { sleep } from './sleep.ts'
import { type MemoryUsage, together } from './usage.ts'
import type { Load } from './view.ts'

/** A whole cache: memory, the shared store behind its breaker, and what keeps them true to the database. */
export interface Cache extends EntityCache, AsyncDisposable {
  /** Everything of one kind that is expensive and never changes, computed once and remembered. */
  memo<Value>(policy: MemoPolicy<Value>): Memo<Value>
  /**
   * Whole responses, in memory only. To be asked for once: all of them stand in one place. Where none are kept, those
   * who ask the same at the same moment still share one, as long as it can be told where the sequence stands.
   */
  responses<Value>(options: { readonly kept: boolean }): ResponseCache<Value>
  readonly confirm: Confirm
  /** Resolves when the shared store does all that a change asks of it. @throws StoreUnavailable */
  ping(): Promise<void>
  readonly l1: L1
  /** What memory holds by kind, of entities, responses and memoised values together. */
  usage(): MemoryUsage
  /** What is read most in this process. */
  readonly heat: Pick<Heat, 'top'>
}

export interface SharedCache extends Cache {
  /** Applies whatever was noted before; for the start, when it may have been noted by processes without a cache. */
  catchUp(): Promise<void>
}

export interface WholeCacheOptions {
  readonly store: SharedStore & MemoStore
  /** The same store for memoised values that are bytes; left out where any text is kept as it is. */
  readonly bytesStore?: MemoStore
  readonly outbox: Outbox
  readonly namespace: string
  /** Which database the values come from. */
  readonly origin: string
  readonly report: Reporter
  /** An eighth of it is for memoised values. */
  readonly l1MaxBytes: number
  /** As much as one value may have to be kept; 1 MiB when left out. */
  readonly entryMaxBytes?: number
  /** Milliseconds after which no value can be in any cache any more. */
  readonly longestTtlMs: number
  readonly consistency: Consistency
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Milliseconds within which another process does not fill what one has set out to fill. */
const LEASE_MS = 3_000

const TIDY_EVERY_MS = 60_000

/** A cache that several processes share. */
export function openSharedCache(options: WholeCacheOptions): SharedCache {
  const { outbox, namespace, report } = options
  const relay = new Relay({ outbox, namespace, report })
  const breaker = new Breaker(options.store, { report, drain: (store) => relay.drain(store) })
  const cache = assemble({
    ...options,
    store: breaker,
    memoStore: breaker.guarding(options.store),
    memoBytes: breaker.guarding(options.bytesStore ?? options.store),
    keeps: 'answers',
    available: () => !breaker.open,
    applied: (changes) => relay.applied(changes),
  })
  breaker.onClose(() => cache.coherence.restart('reopened'))
  relay.start(breaker, () => !breaker.open)
  const tidying = tidy(options)
  return {
    ...cache,
    catchUp: () => relay.drain(breaker),
    [Symbol.asyncDispose]: () => disposeAll(tidying, cache.sampler, settling(cache), breaker, relay, cache.coherence),
  }
}

/** A cache in this process's memory, for a database that nobody else can reach. */
export function openLocalCache(options: Omit<WholeCacheOptions, 'store'>): Cache {
  const cache = assemble({
    ...options,
    store: createLocalStore(),
    memoStore: null,
    keeps: 'everything',
    // For a store that keeps nothing.
    compresses: false,
    // Its announcements are heard before whoever made them goes on: where memory stands is where the sequence stands.
    consistency: 'bounded',
  })
  const tidying = tidy(options)
  return { ...cache, [Symbol.asyncDispose]: () => disposeAll(tidying, cache.sampler, cache.coherence) }
}

export interface NoCacheOptions extends Omit<WholeCacheOptions, 'store'> {
  /** What may be kept all the same: memoised values that are nobody's alone, as those never change; nothing when left out. */
  readonly keeps?: 'answers' | 'nothing'
}

/**
 * Keeps no entities: what it is asked is only gathered, so that equal questions at one moment are one. Of memoised values
 * it forgets what a change in this process names. It does not hear of changes by others, so it keeps nothing that is
 * somebody's alone, and what somebody has asked for no more than ten minutes after they last asked something new.
 */
export function openNoCache({ keeps = 'nothing', ...options }: NoCacheOptions): Cache {
  const cache = assemble({ ...options, store: noStore, memoStore: null, keeps, consistency: 'strict' })
  const tidying = tidy(options)
  return {
    ...cache,
    open: (_, watched) => cache.open('BYPASS', watched),
    openNow: (_, watched) => cache.openNow('BYPASS', watched),
    async confirm(changes) {
      cache.memory.invalidate(changes.map(({ tag }) => tag))
      return { confirmed: true, mark: null }
    },
    [Symbol.asyncDispose]: () => disposeAll(tidying, cache.sampler, cache.coherence),
  }
}

/**
 * Crosses out, now and then, what no cache can remember any more. Whatever is younger is left to those who share a cache,
 * also to those of tomorrow: what they find there may be from before this process.
 */
function tidy({ outbox, report, longestTtlMs }: Pick<WholeCacheOptions, 'outbox' | 'report' | 'longestTtlMs'>) {
  const forget = () => outbox.forgetOlder(longestTtlMs).catch((error) => report({ kind: 'relay-failed', error }))
  const timer = setInterval(forget, TIDY_EVERY_MS)
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
    },
  }
}

interface Parts extends Omit<WholeCacheOptions, 'store'> {
  readonly store: SharedStore
  /** Null: memoised values are not shared. */
  readonly memoStore: MemoStore | null
  /** The same for values that are bytes. */
  readonly memoBytes?: MemoStore
  readonly keeps: MemoKeeps
  readonly compresses?: boolean
  readonly available?: () => boolean
  readonly applied?: (changes: readonly Noted[]) => void
}

function assemble({ available = () => true, applied = () => {}, ...options }: Parts) {
  const { store, report, consistency, namespace } = options
  const heat = new Heat({ random: Math.random })
  const { l1, memory } = memories(options, heat)
  const followed = memory.beside(telling(l1, report))
  const coherence = createCoherence({ sequence: store, l1: followed, report, consistency, available })
  const common = { ...options, heat, unique: () => crypto.randomUUID() }
  const entities = createEntityCache({ ...common, coherence, l1, random: Math.random, leaseMs: LEASE_MS })
  const sampler = new Sampler({ open: entities.open, report })
  return {
    ...entities,
    kind<Id, Value>(policy: Policy<Id, Value>, load: Load<Id, Value>): Kind<Id, Value> {
      const kind = entities.kind(policy, load)
      sampler.watch(policy.name, kind)
      return kind
    },
    memo<Value>(policy: MemoPolicy<Value>): Memo<Value> {
      const { memoStore, memoBytes = memoStore } = options
      const store = policy.bytes ? memoBytes : memoStore
      return new CachedMemo({ ...common, store, memory, sleep, times: MEMO_TIMES }, policy)
    },
    responses: <Value>({ kept }: { readonly kept: boolean }) =>
      new ResponseCache<Value>({ ...options, coherence, shelf: l1.responses, keeps: kept }),
    ...{ sampler, l1, memory, heat, coherence },
    usage: () => together(l1.usage(), memory.usage()),
    confirm: createConfirm({ store, namespace, applied, report, originated: coherence.originated }),
    ping: async () => {
      // What a change would ask for; reading alone would not tell a store that takes no more writes.
      await store.invalidate([], [])
    },
  }
}

/** The same memory, which tells how many responses each change removes. */
const telling = (l1: L1, report: Reporter): Followed => ({
  clear: (number) => l1.clear(number),
  invalidate(tags, number) {
    const before = l1.responses.overtaken
    l1.invalidate(tags, number)
    const count = l1.responses.overtaken - before
    if (count > 0) report({ kind: 'overtaken', policy: 'response', count })
  },
})

/** What this process remembers of entities and of memoised values, in as many bytes as both may take together. */
function memories({ l1MaxBytes, keeps, now }: Pick<Parts, 'l1MaxBytes' | 'keeps' | 'now'>, heat: Heat) {
  const forMemos = Math.floor(l1MaxBytes / 8)
  const began = now()
  return {
    l1: createL1({ maxBytes: l1MaxBytes - forMemos, began, heat }),
    memory: new MemoMemory(createL1({ maxBytes: forMemos, began }), keeps),
  }
}

/** What has been leased is filled to the end: others would wait for nothing until the lease is over. */
const settling = ({ settled }: Pick<EntityCache, 'settled'>): AsyncDisposable => ({ [Symbol.asyncDispose]: settled })

async function disposeAll(...parts: readonly AsyncDisposable[]): Promise<void> {
  for (const part of parts) await part[Symbol.asyncDispose]()
}
