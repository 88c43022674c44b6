import { writeSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { MemoStore } from '../../src/cache/memo-store.ts'
import type { SharedStore } from '../../src/cache/shared-store.ts'
import type { World } from '../../src/open.ts'
import { openRedisStore } from '../../src/redis/redis-store.ts'
import type { Switches } from './switches.ts'

type Shared = SharedStore & MemoStore
type Store = Shared & AsyncDisposable
type StoreOptions = Parameters<NonNullable<World['openStore']>>[0]

/** What a process says right before it ends between a commit and the removal of what the commit changed. */
export const LAST_WORDS = 'ends before the removal of'

/** The store of the server under test, with what the switches do to it. */
export function openLiveStore(options: StoreOptions, switches: Switches): Store {
  const opened = new AsyncDisposableStack()
  const open = (url: string) => opened.use(openRedisStore({ ...options, url }))
  const store = open(options.url)
  const bus = switches.busUrl === null ? store : open(switches.busUrl)
  const heardElsewhere: Shared = { ...store, subscribe: bus.subscribe }
  const weakened =
    switches.weaken === 'lease'
      ? uncompared(heardElsewhere, opened, options.url)
      : switches.weaken === 'life'
        ? unstamped(heardElsewhere)
        : heardElsewhere
  return { ...mortal(slowed(weakened, switches.slowStoreMs)), [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

/** Fills as a plain SET does: whatever stands there now is replaced. */
function uncompared(store: Shared, opened: AsyncDisposableStack, url: string): Shared {
  const client = new Redis(url)
  client.on('error', () => {})
  opened.defer(() => client.disconnect())
  return {
    ...store,
    async fill(fills) {
      for (const { key, value, ttlMs } of fills) await client.set(key, value, 'PX', ttlMs)
      return fills.length
    },
  }
}

/** As if every life of Redis were the same: one that came back counts like the one before. */
function unstamped(store: Shared): Shared {
  const present = async () => (await store.mark()).life
  return {
    ...store,
    mark: async () => ({ ...(await store.mark()), life: 'one' }),
    invalidate: async (keys, tags) => ({ ...(await store.invalidate(keys, tags)), life: 'one' }),
    newEpoch: async () => ({ ...(await store.newEpoch()), life: 'one' }),
    read: async (keys) => store.read(keys, await present()),
    lease: async (requests, lease) => store.lease(requests, lease, await present()),
    subscribe: (hearer) =>
      store.subscribe({
        listening: () => hearer.listening('one'),
        heard: (announcement) => hearer.heard(announcement),
        lost: () => hearer.lost(),
      }),
  }
}

/** Once the checker has named a tag, the process ends where a change of it is kept and its entry still stands. */
function mortal(store: Shared): Shared {
  let fatal: unknown
  process.on('message', (tag) => {
    fatal = tag
  })
  return {
    ...store,
    async invalidate(keys, tags) {
      if (fatal !== undefined && keys.some((key) => key.includes(`{${fatal}}`))) {
        // Written at once: there is no later.
        writeSync(2, `${LAST_WORDS} ${keys.join(' ')}\n`)
        process.kill(process.pid, 'SIGKILL')
        await Promise.withResolvers<void>().promise
      }
      return store.invalidate(keys, tags)
    },
  }
}

/** Opens every gap between two steps wider, each time by another amount. */
function slowed(store: Shared, ms: number): Shared {
  if (ms === 0) return store
  const slow =
    <Asked extends unknown[], Answer>(ask: (...asked: Asked) => Promise<Answer>) =>
    async (...asked: Asked): Promise<Answer> => {
      await pause(Math.random() * ms)
      const answer = await ask(...asked)
      await pause(Math.random() * ms)
      return answer
    }
  const { mark, invalidate, newEpoch, read, lease, fill } = store
  return {
    ...store,
    mark: slow(mark),
    invalidate: slow(invalidate),
    newEpoch: slow(newEpoch),
    read: slow(read),
    lease: slow(lease),
    fill: slow(fill),
  }
}
