import postgres from 'postgres'
import type { SharedStore } from '../../../src/cache/shared-store.ts'
import { median } from '../support/timing.ts'
import type { Mutation } from './commands.ts'
import { openStack } from './stack.ts'

/** How long one step of a mutation takes. */
export interface Step {
  readonly name: string
  readonly medianMs: number
}

interface Statement {
  readonly text: string
  readonly parameters: readonly string[]
}

interface Place {
  readonly databaseUrl: string
  readonly redisUrl: string
}

const TURNS = 300
const WARM_UP = 50

/** Takes a mutation apart: its statements, sent again one by one over one connection, and what it asks of Redis. */
export async function stepsOf(mutation: Mutation, learners: readonly number[], place: Place): Promise<readonly Step[]> {
  const { statements, redis } = await watched(mutation, learners, place)
  return [...(await timedStatements(statements, place.databaseUrl)), ...redis]
}

/** Performs the mutation: which statements it sends, and how long Redis takes for each of its parts. */
async function watched(mutation: Mutation, learners: readonly number[], { databaseUrl, redisUrl }: Place) {
  const times = new Map<string, number[]>()
  let sent: Statement[] = []
  // The query builder hands over what it sends; the server's own counter only counts.
  const note = (text = '', parameters: readonly string[] = []) => void sent.push({ text, parameters })
  const watch = <Store extends SharedStore>(store: Store): Store => ({
    ...store,
    invalidate: (keys: readonly string[], tags: readonly string[]) =>
      timed(times, 'Redis: UNLINK, count, publish', () => store.invalidate(keys, tags)),
  })
  await using stack = await openStack({
    databaseUrl,
    redisUrl,
    statements: { run: (_, work) => work(), note, total: 0 },
    watch,
  })
  for (let turn = 0; turn < WARM_UP + TURNS; turn += 1) {
    if (turn === WARM_UP) times.clear()
    sent = []
    const { changes } = await stack.perform(mutation.command(learners[turn % learners.length] ?? 1, turn))
    const statements = sent
    if (changes.length > 0) await stack.confirm(changes)
    // What the relay has sent meanwhile is none of the mutation's.
    sent = statements
  }
  return { statements: sent, redis: medians(times) }
}

async function timedStatements(statements: readonly Statement[], databaseUrl: string): Promise<readonly Step[]> {
  const client = postgres(databaseUrl, { max: 1, fetch_types: false, onnotice: () => {} })
  const times = new Map<string, number[]>()
  for (let turn = 0; turn < WARM_UP + TURNS; turn += 1) {
    if (turn === WARM_UP) times.clear()
    await timed(times, 'BEGIN', () => client.unsafe('begin'))
    for (const { text, parameters } of statements)
      await timed(times, labelOf(text), () => client.unsafe(text, [...parameters], { prepare: true }))
    await timed(times, 'COMMIT', () => client.unsafe('commit'))
  }
  await client.end()
  return medians(times)
}

const labelOf = (text: string): string =>
  text.includes('cache_invalidation') ? 'the tags read' : `${text.split(' ').slice(0, 3).join(' ')} …`

async function timed<T>(times: Map<string, number[]>, name: string, work: () => Promise<T>): Promise<T> {
  const begun = performance.now()
  const result = await work()
  const known = times.get(name) ?? []
  times.set(name, [...known, performance.now() - begun])
  return result
}

const medians = (times: ReadonlyMap<string, readonly number[]>): readonly Step[] =>
  [...times].map(([name, taken]) => ({ name, medianMs: median(taken) }))
