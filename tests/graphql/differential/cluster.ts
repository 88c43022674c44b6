import { StoreUnavailable } from '../../../src/cache/shared-store.ts'
import type { Database } from '../../../src/db/database.ts'
import { createLog } from '../../../src/telemetry/log.ts'
import { MemoryStore } from '../../cache/memory-store.ts'
import { type OpenDatabase, openTestEmbedded } from '../../support/databases.ts'
import { startTestApp, type TestApp } from '../../support/test-app.ts'
import { Gate, gatedBy } from './gate.ts'

/** A server with caches, and what can be done to it. */
export interface CachedNode {
  readonly app: TestApp
  /** Holds its next read of the database. */
  readonly gate: Gate
  readonly link: Link
}

/** Two servers with caches over one store, and one without any, over one database and under one clock. */
export interface Cluster extends AsyncDisposable {
  readonly nodes: readonly [CachedNode, CachedNode]
  readonly plain: TestApp
  readonly database: OpenDatabase
  readonly now: () => Temporal.Instant
  pass(time: Temporal.DurationLike): void
  /** Whatever the servers wrote down as a warning or worse. */
  readonly complaints: readonly string[]
}

/** A node's way to the store. */
export class Link {
  #held: PromiseWithResolvers<void> | null = null
  /** Looks into the store until one fails. */
  #failingAfter = Number.POSITIVE_INFINITY

  /** Messages wait from now on; requests of the node read past its memory then. */
  holdMessages(): void {
    this.#held ??= Promise.withResolvers()
  }

  letMessagesGo(): void {
    this.#held?.resolve()
    this.#held = null
  }

  /** One look into the store fails, after as many that do not. One alone is no reason to do without the store. */
  failOnce(after: number): void {
    this.#failingAfter = after
  }

  readonly pause = async (step: string): Promise<void> => {
    if (step === 'message') await this.#held?.promise
    if (step !== 'read: on its way') return
    this.#failingAfter -= 1
    if (this.#failingAfter >= 0) return
    this.#failingAfter = Number.POSITIVE_INFINITY
    throw new StoreUnavailable('for a moment')
  }
}

const BEGIN = Temporal.Instant.from('2026-11-23T08:30:00Z')

export async function startCluster(): Promise<Cluster> {
  await using started = new AsyncDisposableStack()
  const shared = new MemoryStore()
  const database = started.use(await openTestEmbedded())
  let now = BEGIN
  shared.now = now.epochMilliseconds
  const complaints: string[] = []
  const world = {
    clock: () => now,
    log: createLog('warn', { write: (line: string) => void complaints.push(line) }),
  }
  const startNode = async (): Promise<CachedNode> => {
    const link = new Link()
    const gate = new Gate()
    const openStore = () => ({ ...shared.connect(link.pause), async [Symbol.asyncDispose]() {} })
    const openDatabase = async () => borrowed({ ...database, readers: gatedBy(gate, database.readers) })
    const app = await startTestApp({ ...world, openStore, openDatabase }, { redisUrl: 'redis://in-memory', workers: 0 })
    return { app: started.use(app), gate, link }
  }
  const plain = started.use(
    await startTestApp({ ...world, openDatabase: async () => borrowed(database) }, { cacheEnabled: false, workers: 0 }),
  )
  const nodes = [await startNode(), await startNode()] as const
  const stack = started.move()
  return {
    nodes,
    plain,
    database,
    now: world.clock,
    pass(time) {
      now = now.add(time)
      shared.now = now.epochMilliseconds
    },
    complaints,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** Somebody else closes it. */
const borrowed = (database: Database): Database => ({ ...database, async [Symbol.asyncDispose]() {} })
