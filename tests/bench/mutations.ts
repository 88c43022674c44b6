import { parseArgs } from 'node:util'
import { createStatementCounter } from '../../src/db/statements.ts'
import type { UserId } from '../../src/domain/ids.ts'
import { startRedis } from '../support/redis-server.ts'
import { MUTATIONS, type Mutation } from './mutations/commands.ts'
import { openStack } from './mutations/stack.ts'
import { stepsOf } from './mutations/steps.ts'
import { openClient } from './world/client.ts'
import { copyDatabase, createDatabase, makeLearners, settle } from './world/learners.ts'
import { administer, startDurablePostgres } from './world/postgres.ts'
import { progress, say, sayTable } from './world/say.ts'
import { adminToken, serve } from './world/servers.ts'
import { type Contender, type Latency, takeTurns } from './world/turns.ts'

/*
 * What the cache adds to a mutation: the same change with and without it, by one client, in turns, on databases that
 * write through to the disk. Over HTTP against servers in processes of their own, and below HTTP in this one.
 */

const { values } = parseArgs({ options: { turns: { type: 'string', default: '1000' } } })
const rounds = { turns: Number(values.turns), warmUp: 200 }
const LEARNERS = 10_000

await using postgres = await startDurablePostgres()
await using redis = await startRedis()
const cachedUrl = await createDatabase(postgres.url, 'cached')
progress(`${postgres.description}; making ${LEARNERS} learners with 30 days of practice, three times`)
const learners = await makeLearners(cachedUrl, LEARNERS, 30)
const uncachedUrl = await copyDatabase(postgres.url, 'cached', 'uncached')
const plainUrl = await copyDatabase(postgres.url, 'cached', 'plain')
await administer(
  plainUrl,
  `do $$ declare it record; begin
     for it in select tgname, tgrelid::regclass as home from pg_trigger where tgname like 'note\\_%' loop
       execute format('drop trigger %I on %s', it.tgname, it.home);
     end loop; end $$`,
)

const learnerOf = (turn: number): UserId => learners[(turn * 7919) % learners.length] ?? (1 as UserId)

async function overHttp(mutation: Mutation): Promise<readonly Latency[]> {
  await using cached = await serve({ DATABASE_URL: cachedUrl, REDIS_URL: redis.url })
  await using uncached = await serve({ DATABASE_URL: uncachedUrl, CACHE_ENABLED: 'false' })
  await using plain = await serve({ DATABASE_URL: plainUrl, CACHE_ENABLED: 'false' })
  const token = await adminToken()
  const contender = (name: string, url: string): Contender & Disposable => {
    const client = openClient(url, token)
    const run = (turn: number) => client.ask(mutation.query, { input: mutation.input(learnerOf(turn), turn) })
    return { name, run, [Symbol.dispose]: client[Symbol.dispose] }
  }
  using clients = new DisposableStack()
  const contenders = [
    clients.use(contender('CACHE_ENABLED=false', uncached.url)),
    clients.use(contender('with the cache', cached.url)),
    clients.use(contender('CACHE_ENABLED=false, no triggers', plain.url)),
  ]
  return await takeTurns(contenders, rounds)
}

async function below(mutation: Mutation): Promise<readonly Latency[]> {
  const statements = createStatementCounter()
  const options = (databaseUrl: string, redisUrl: string | null) => ({ databaseUrl, redisUrl, statements })
  await using cached = await openStack(options(cachedUrl, redis.url))
  await using uncached = await openStack(options(uncachedUrl, null))
  await using plain = await openStack(options(plainUrl, null))
  const contender = (name: string, stack: typeof cached): Contender => ({
    name,
    async run(turn) {
      const { changes } = await stack.perform(mutation.command(learnerOf(turn), turn))
      if (changes.length > 0) await stack.confirm(changes)
    },
  })
  const contenders = [
    contender('transaction alone', uncached),
    contender('transaction and confirmation', cached),
    contender('transaction alone, no triggers', plain),
  ]
  return await takeTurns(contenders, rounds)
}

function sayRatios(heading: string, latencies: readonly Latency[]): void {
  const base = latencies[0]?.medianMs ?? Number.NaN
  const rows = latencies.map(({ name, medianMs, p95Ms }) => [
    name,
    medianMs.toFixed(2),
    p95Ms.toFixed(2),
    (medianMs / base).toFixed(2),
  ])
  say(`\n${heading}, one client, ${rounds.turns} turns, ms`)
  sayTable(['', 'median', 'p95', 'of the first'], rows)
}

for (const mutation of MUTATIONS) {
  for (const url of [cachedUrl, uncachedUrl, plainUrl]) await settle(url)
  progress(`${mutation.name} over HTTP`)
  sayRatios(`${mutation.name} over HTTP`, await overHttp(mutation))
  progress(`${mutation.name} below HTTP`)
  sayRatios(`${mutation.name} below HTTP`, await below(mutation))
  const place = { databaseUrl: cachedUrl, redisUrl: redis.url }
  const steps = await stepsOf(mutation, learners, place)
  const withoutTriggers = await stepsOf(mutation, learners, { ...place, databaseUrl: plainUrl })
  say(`\n${mutation.name}, step by step, medians in ms`)
  sayTable(
    ['step', 'with triggers', 'without'],
    steps.map(({ name, medianMs }) => [
      name,
      medianMs.toFixed(3),
      withoutTriggers.find((step) => step.name === name)?.medianMs.toFixed(3) ?? '–',
    ]),
  )
}
