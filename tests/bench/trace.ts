import { parseArgs } from 'node:util'
import { startRedis } from '../support/redis-server.ts'
import { idealLoads } from './trace/kinds.ts'
import { operations } from './trace/operations.ts'
import { sayOutcome } from './trace/report.ts'
import { runTrace } from './trace/run.ts'
import { makeLearners } from './world/learners.ts'
import { startDurablePostgres } from './world/postgres.ts'
import { count, progress, say } from './world/say.ts'

/*
 * How close the cache comes to one without any fault, and how many statements it saves: requests that read and change
 * learners by Zipf's law, on two nodes of one database and one Redis, below HTTP. The clock is the real one and times to
 * live are the server's defaults. The same trace runs without a cache too, shorter, since it needs much longer.
 */

const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '1000000' },
    uncached: { type: 'string', default: '100000' },
    learners: { type: 'string', default: '10000' },
    concurrency: { type: 'string', default: '32' },
  },
})
const length = Number(values.operations)
const lengthUncached = Math.min(length, Number(values.uncached))
const concurrency = Number(values.concurrency)
/** Where requests hardly ever meet, so that hardly any share a statement. */
const ALONE = 1

await using postgres = await startDurablePostgres()
await using redis = await startRedis()
progress(`${postgres.description}; making ${values.learners} learners with 30 days of practice`)
const learners = await makeLearners(postgres.url, Number(values.learners), 30)

const uncached = { postgres, databaseUrl: postgres.url, redisUrl: null }
const name = (label: string, each: number) => `${label}, ${each} at once on each node`
const alone = await runTrace(operations(learners, lengthUncached / 10), {
  ...uncached,
  name: name('no cache', ALONE),
  concurrency: ALONE,
})
const bare = await runTrace(operations(learners, lengthUncached), {
  ...uncached,
  name: name('no cache', concurrency),
  concurrency,
})
const cached = await runTrace(operations(learners, length), {
  ...uncached,
  name: name('cache', concurrency),
  redisUrl: redis.url,
  concurrency,
})
say(`\n${count(length)} operations on ${count(learners.length)} learners, ${postgres.description}`)
sayOutcome({ bare: [alone, bare], cached, ideal: idealLoads(operations(learners, length)) })
