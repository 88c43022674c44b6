import { type Cache, openNoCache, openSharedCache } from '../../../src/cache/cache.ts'
import type { CacheEvent } from '../../../src/cache/cache-event.ts'
import type { Tally } from '../../../src/cache/view.ts'
import type { UnitOfWork } from '../../../src/commands/unit-of-work.ts'
import { readConfig } from '../../../src/config.ts'
import { openServer } from '../../../src/db/server.ts'
import { createStatementCounter, type StatementCount, type StatementCounter } from '../../../src/db/statements.ts'
import { createSources, type Sources } from '../../../src/loaders/sources.ts'
import { openRedisStore } from '../../../src/redis/redis-store.ts'
import { eventually } from '../../support/eventually.ts'
import { type KindName, perKind } from './kinds.ts'

/** What one server has below HTTP, with connections, cache and memory of its own. */
export interface Node extends AsyncDisposable {
  readonly sources: Sources
  readonly cache: Pick<Cache, 'open' | 'confirm'>
  readonly unitOfWork: UnitOfWork
  readonly statements: StatementCounter
  readonly counts: NodeCounts
}

export interface NodeCounts {
  /** SQL statements on behalf of reading requests, all of them SELECTs. */
  readonly reading: StatementCount
  readonly tallies: Readonly<Record<KindName, Tally>>
  /** Of the hits in the tallies, those in the node's own memory. */
  readonly l1Hits: Record<string, number>
  /** How often each thing happened that a cache tells of. */
  readonly events: Map<string, number>
}

export interface NodeOptions {
  readonly databaseUrl: string
  /** Null: without any cache. */
  readonly redisUrl: string | null
}

/** The server's own defaults. */
const DEFAULTS = readConfig({})

/** Wires a node as the server does, see `openCache` in `src/app.ts`. */
export async function openNode({ databaseUrl, redisUrl }: NodeOptions): Promise<Node> {
  const { databasePoolMax: poolMax, cacheTtls, redisMaxConnections: maxConnections } = DEFAULTS
  await using opened = new AsyncDisposableStack()
  const statements = createStatementCounter()
  const counts = createCounts()
  const database = opened.use(await openServer({ url: databaseUrl, poolMax, statements }))
  const namespace = 'honzik'
  const options = {
    outbox: database.outbox,
    namespace,
    origin: database.id,
    report: reporterInto(counts),
    l1MaxBytes: DEFAULTS.cacheL1MaxBytes,
    longestTtlMs: Math.max(...Object.values(cacheTtls)) * 1000,
    consistency: DEFAULTS.cacheL1Consistency,
    now: Date.now,
  }
  const cache = opened.use(
    redisUrl === null
      ? openNoCache(options)
      : openSharedCache({
          ...options,
          store: opened.use(openRedisStore({ url: redisUrl, namespace, maxConnections, trouble })),
        }),
  )
  if (redisUrl !== null) await eventually(() => answering(cache))
  const sources = createSources(cache, database.readers, cacheTtls)
  const stack = opened.move()
  const { unitOfWork } = database
  return { sources, cache, unitOfWork, statements, counts, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

const trouble = (error: Error) => process.stderr.write(`${error.message}\n`)

async function answering(cache: Cache): Promise<void> {
  const { mark } = await cache.open('USE')
  if (mark === null) throw new Error('Redis does not answer yet.')
}

const createCounts = (): NodeCounts => ({
  reading: { count: 0 },
  tallies: perKind(() => ({ hits: 0, loads: 0, joins: 0 })),
  l1Hits: perKind(() => 0),
  events: new Map(),
})

const reporterInto =
  ({ l1Hits, events }: NodeCounts) =>
  (event: CacheEvent): void => {
    if (event.kind === 'hit' && event.tier === 'L1') l1Hits[event.policy] = (l1Hits[event.policy] ?? 0) + event.count
    const name = event.kind === 'resynced' ? `resynced: ${event.reason}` : event.kind
    events.set(name, (events.get(name) ?? 0) + ('count' in event ? event.count : 1))
  }
