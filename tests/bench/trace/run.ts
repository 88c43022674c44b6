import type { UserId } from '../../../src/domain/ids.ts'
import { settle } from '../world/learners.ts'
import { administer, type Postgres } from '../world/postgres.ts'
import { count, progress } from '../world/say.ts'
import { Freshness, numberIn, type State } from './freshness.ts'
import { KINDS, type KindName, perKind } from './kinds.ts'
import { type Node, type NodeOptions, openNode } from './node.ts'
import type { Operation } from './operations.ts'
import { createRequests } from './requests.ts'

/** What became of a trace. */
export interface Outcome {
  readonly name: string
  readonly seconds: number
  readonly databaseCpuSeconds: number
  /** Of this process, which is all nodes and the clients too. */
  readonly nodesCpuSeconds: number
  readonly operations: number
  /** Requests that read; each reads every kind once. */
  readonly reads: number
  /** SQL statements for them, all of them SELECTs. */
  readonly selects: number
  readonly kinds: Readonly<Record<KindName, KindOutcome>>
  readonly stale: number
  readonly pending: number
  readonly events: ReadonlyMap<string, number>
}

/** Where readings of one kind were answered from; together they are all of them. */
export interface KindOutcome {
  l1: number
  l2: number
  loads: number
  joins: number
}

export interface RunOptions extends NodeOptions {
  readonly name: string
  readonly postgres: Postgres
  /** Requests under way at once on each node. */
  readonly concurrency: number
}

const NODES = 2

const PROGRESS_EVERY = 100_000

/** Performs the operations in their order, each on whichever node has a place free. */
export async function runTrace(trace: Iterator<Operation, void>, options: RunOptions): Promise<Outcome> {
  const { name, postgres, concurrency } = options
  await settle(options.databaseUrl)
  await using opened = new AsyncDisposableStack()
  const freshness = new Freshness(await statesIn(options.databaseUrl))
  const requests = createRequests(freshness)
  const nodes: Node[] = []
  for (let opening = 0; opening < NODES; opening += 1) nodes.push(opened.use(await openNode(options)))

  let operations = 0
  async function work(node: Node) {
    for (let next = trace.next(); !next.done; next = trace.next()) {
      await requests.perform(node, next.value)
      operations += 1
      if (operations % PROGRESS_EVERY === 0) progress(`${name}: ${count(operations)} operations`)
    }
  }
  const cpuBefore = postgres.cpuSeconds()
  const ownBefore = process.cpuUsage()
  const begun = performance.now()
  await Promise.all(nodes.flatMap((node) => Array.from({ length: concurrency }, () => work(node))))
  const seconds = (performance.now() - begun) / 1000
  const databaseCpuSeconds = postgres.cpuSeconds() - cpuBefore
  const { user, system } = process.cpuUsage(ownBefore)
  const nodesCpuSeconds = (user + system) / 1e6
  const { checked: reads, stale } = freshness
  return {
    name,
    seconds,
    databaseCpuSeconds,
    nodesCpuSeconds,
    operations,
    reads,
    stale,
    pending: requests.pending(),
    ...summed(nodes),
  }
}

function summed(nodes: readonly Node[]): Pick<Outcome, 'selects' | 'kinds' | 'events'> {
  const kinds = perKind((): KindOutcome => ({ l1: 0, l2: 0, loads: 0, joins: 0 }))
  const events = new Map<string, number>()
  let selects = 0
  for (const { counts } of nodes) {
    selects += counts.reading.count
    for (const [name, times] of counts.events) events.set(name, (events.get(name) ?? 0) + times)
    for (const kind of KINDS) {
      const { hits, loads, joins } = counts.tallies[kind]
      const l1 = counts.l1Hits[kind] ?? 0
      const sum = kinds[kind]
      sum.l1 += l1
      sum.l2 += hits - l1
      sum.loads += loads
      sum.joins += joins
    }
  }
  return { selects, kinds, events }
}

async function statesIn(databaseUrl: string): Promise<ReadonlyMap<UserId, State>> {
  const rows = await administer(
    databaseUrl,
    `select id, first_name, lifetime, (select sum(messages_count) from daily_stats where user_id = id) as messages
     from users join stars on stars.user_id = id`,
  )
  const stateOf = (row: Record<string, unknown>): State => ({
    name: numberIn(String(row['first_name'])),
    messages: Number(row['messages']),
    stars: Number(row['lifetime']),
  })
  return new Map(rows.map((row) => [Number(row['id']) as UserId, stateOf(row)]))
}
