import { type Cache, openSharedCache } from '../../../src/cache/cache.ts'
import type { CacheEvent } from '../../../src/cache/cache-event.ts'
import type { Outbox } from '../../../src/cache/outbox.ts'
import { openRedisStore } from '../../../src/redis/redis-store.ts'
import { eventually } from '../../support/eventually.ts'

export interface OursOptions {
  readonly url: string
  readonly namespace: string
  /** 0 keeps nothing in memory. */
  readonly l1MaxBytes?: number
}

export interface Ours extends Cache, AsyncDisposable {
  /** How often something was loaded for whoever asked; what the sampler reads to compare is not told. */
  readonly loads: () => number
}

/** Our cache on a real Redis, wired as the server does it; only the database behind it is missing. */
export async function openOurs({ url, namespace, l1MaxBytes = 256_000_000 }: OursOptions): Promise<Ours> {
  await using opened = new AsyncDisposableStack()
  const trouble = (error: Error) => process.stderr.write(`${error.message}\n`)
  const store = opened.use(openRedisStore({ url, namespace, trouble }))
  // The server counts what happens; so do we, to pay for it.
  const events = new Map<CacheEvent['kind'], number>()
  const cache = opened.use(
    openSharedCache({
      store,
      outbox: noOutbox,
      namespace,
      origin: 'bench',
      report: ({ kind }) => events.set(kind, (events.get(kind) ?? 0) + 1),
      l1MaxBytes,
      longestTtlMs: 3_600_000,
      consistency: 'strict',
      now: Date.now,
    }),
  )
  await eventually(async () => {
    const { mark } = await cache.open('USE')
    if (mark === null) throw new Error('Redis does not answer yet.')
  })
  const stack = opened.move()
  return { ...cache, loads: () => events.get('loaded') ?? 0, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** Nothing is ever left behind. */
const noOutbox: Outbox = {
  pending: async () => [],
  backlog: async () => 0,
  forget: async () => [],
  forgetOlder: async () => {},
}
