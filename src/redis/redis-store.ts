import type { Board } from '../cache/board.ts'
import type { MemoStore } from '../cache/memo-store.ts'
import { type Mark, type SharedStore, StoreUnavailable } from '../cache/shared-store.ts'
import { parseAddress } from './address.ts'
import { createRedisBoard } from './board.ts'
import { Cluster } from './cluster.ts'
import { createMemoEntries } from './memo-entries.ts'
import type { Call } from './server.ts'
import { openSingle, type Servers, textOrNull } from './servers.ts'
import { Sockets } from './sockets.ts'
import { Subscription } from './subscription.ts'
import { Troubles } from './troubles.ts'

export interface RedisStoreOptions {
  /** `redis://user:password@host:port/db`, or `redis+cluster://` with hosts separated by commas; `rediss` for TLS. */
  readonly url: string
  /** Stands before every key and in the channel's name. */
  readonly namespace: string
  /** Milliseconds that a caller waits at most; 100 when left out. */
  readonly budgetMs?: number
  /** As many sockets as there may be at once, those that listen included; 50 when left out. */
  readonly maxConnections?: number
  /** Told about troubles with the connections, the same one not over and over. */
  readonly trouble: (error: Error) => void
}

export interface RedisStore extends SharedStore, MemoStore, AsyncDisposable {
  /** The same for memoised values that are bytes. */
  readonly bytes: MemoStore
  readonly board: Board
  state(): RedisState
}

/** How it stands with Redis, as this process sees it. */
export interface RedisState {
  readonly sockets: number
  readonly socketsMax: number
  /** Bytes that all servers use, and may use, together; null while one has not said, and where one has no bound. */
  readonly memoryBytes: number | null
  readonly memoryMaxBytes: number | null
}

/**
 * The shared store on Redis: one connection to each server for commands, and one for each listener.
 * @throws Error at once when the URL cannot be read; a server that cannot be reached is only told as trouble
 */
export function openRedisStore(options: RedisStoreOptions): RedisStore {
  const { url, namespace, budgetMs = 100, maxConnections = 50, trouble } = options
  const { endpoints, cluster, access } = parseAddress(url)
  const reach = { access, sockets: new Sockets(maxConnections), troubles: new Troubles(trouble) }
  const subscriptions = new Set<Subscription>()
  const born = () => {
    reach.troubles.over()
    for (const subscription of subscriptions) subscription.check()
  }
  const common = { reach, budgetMs, born }
  const servers = cluster ? new Cluster(endpoints, common) : openSingle(endpoints[0], common)
  const sequence = `${namespace}:v1:seq`
  const channel = `${namespace}:v1:bus`

  return {
    ...createEntries(servers),
    ...createMemoEntries(servers, 'text'),
    bytes: createMemoEntries(servers, 'bytes'),
    board: createRedisBoard(servers, namespace),
    state: () => ({ sockets: reach.sockets.open, socketsMax: maxConnections, ...servers.memory() }),
    mark: () => marked(servers, [['honzikMark', sequence]]),
    async invalidate(keys, tags) {
      const removals = keys.map((key): Call => ['unlink', key])
      const announcement: Call = ['honzikAnnounce', sequence, channel, JSON.stringify(tags)]
      // One server does what it is sent in its order; of several, one may be faster than the others.
      if (!cluster) return marked(servers, [...removals, announcement])
      if (removals.length > 0) await servers.send(removals)
      return marked(servers, [announcement])
    },
    newEpoch: () => marked(servers, [['honzikNewEpoch', sequence, channel]]),
    subscribe(hearer) {
      const subscription = new Subscription({ reach, channel, home: () => servers.home(sequence) }, hearer)
      subscriptions.add(subscription)
      return subscription
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([servers, ...subscriptions].map((each) => each[Symbol.asyncDispose]()))
    },
  }
}

function createEntries(servers: Servers): Pick<SharedStore, 'read' | 'lease' | 'fill'> {
  return {
    async read(keys, life) {
      return keys.length === 0 ? [] : (await servers.read(keys, life)).map(textOrNull)
    },

    async lease(requests, { token, ms }, life) {
      const calls = requests.map(({ key, discard }): Call[] => [
        ...(discard ? [['unlink', key] as const] : []),
        ['set', key, token, 'PX', ms, 'NX', 'GET'],
      ])
      const { answer } = await servers.send(calls.flat(), life)
      // The discards' answers stand between the leases'.
      let position = 0
      return calls.map((each) => {
        position += each.length
        return textOrNull(answer[position - 1])
      })
    },

    async fill(fills, token) {
      const { answer } = await servers.send(
        fills.map(({ key, value, ttlMs }) => ['honzikFill', key, token, value, ttlMs]),
      )
      return answer.filter((put) => put === 1).length
    },
  }
}

/** The mark in the answer to the last call, in the life of the servers that answered. */
async function marked(servers: Servers, calls: readonly Call[]): Promise<Mark> {
  const { answer, life } = await servers.send(calls)
  const last = answer.at(-1)
  const [number, epoch] = Array.isArray(last) ? last.map(Number) : []
  if (!Number.isSafeInteger(number) || !Number.isSafeInteger(epoch)) throw new StoreUnavailable('no sequence')
  return { life, number: Number(number), epoch: Number(epoch) }
}
