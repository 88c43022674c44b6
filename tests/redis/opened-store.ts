import type { Announcement, SharedStore } from '../../src/cache/shared-store.ts'
import { openRedisStore, type RedisStore, type RedisStoreOptions } from '../../src/redis/redis-store.ts'
import type { ConnectedMemoStores } from '../contracts/memo-store.ts'
import { eventually } from '../support/eventually.ts'
import { REDIS_PATIENCE_MS } from '../support/patience.ts'

/** A store and what it told as trouble so far. */
export interface OpenedStore extends AsyncDisposable {
  readonly store: RedisStore
  readonly troubles: readonly string[]
}

/** What everyone is told who cannot be answered. */
export const unavailable = { name: 'StoreUnavailable' }

export function openStore(url: string, options: Partial<RedisStoreOptions> = {}): OpenedStore {
  const troubles: string[] = []
  const trouble = ({ message }: Error) => troubles.push(message)
  const store = openRedisStore({ url, namespace: 'test', budgetMs: REDIS_PATIENCE_MS, trouble, ...options })
  return { store, troubles, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() }
}

/** Two processes' stores over what was started, which ends with them. */
export async function connectTwo(url: string, started: AsyncDisposable): Promise<ConnectedMemoStores> {
  const [one, other] = [openStore(url), openStore(url)]
  await Promise.all([one, other].map(({ store }) => eventually(() => store.mark())))
  return {
    one: one.store,
    other: other.store,
    async [Symbol.asyncDispose]() {
      await Promise.all([one[Symbol.asyncDispose](), other[Symbol.asyncDispose]()])
      await started[Symbol.asyncDispose]()
    },
  }
}

/** Listens, and keeps what it was told; of lives apart, as a test knows only one of them at a time. */
export function listenTo(
  store: SharedStore,
): AsyncDisposable & { readonly seen: readonly string[]; readonly lives: readonly string[] } {
  const seen: string[] = []
  const lives: string[] = []
  const subscription = store.subscribe({
    listening(life) {
      lives.push(life)
      seen.push('listening')
    },
    heard: ({ tags }: Announcement) => seen.push(`heard ${tags}`),
    lost: () => seen.push('lost'),
  })
  return { seen, lives, [Symbol.asyncDispose]: () => subscription[Symbol.asyncDispose]() }
}
