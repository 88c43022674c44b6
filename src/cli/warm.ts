import { parseArgs } from 'node:util'
import { Presets, SingleBar } from 'cli-progress'
import type { Config } from '../config.ts'
import { openCore, warmShared } from '../core.ts'
import { OperatorError } from '../domain/error.ts'
import { createLog } from '../telemetry/log.ts'
import { UsageError } from './usage.ts'

/** Learners in a second at most: several times what a server does beside its requests. */
const PER_SECOND = 5_000

/** Fills Redis for the learners who were active last, so that servers find there what they are asked for. */
export async function warm(config: Config, args: string[]): Promise<void> {
  const learners = parseWarm(config, args)
  if (!config.cacheEnabled) throw new OperatorError('CACHE_ENABLED is false: there is no cache to warm.')
  if (config.redisUrl === null)
    throw new OperatorError(
      'Without REDIS_URL there is nothing to warm outside a server: its memory is its own. WARM=auto warms it at the start.',
    )
  const begun = performance.now()
  const bar = new SingleBar(
    { format: '  {bar} {value} of at most {total} learners', noTTYOutput: true },
    Presets.shades_classic,
  )
  // What this process kept in its own memory would go with it; and jobs are for others.
  const own = { ...config, warmLearners: learners, cacheL1MaxBytes: 0, workers: 0 }
  await using core = await openCore(own, { log: createLog(config.logLevel) })
  bar.start(learners, 0)
  const progress = (done: number) => bar.update(done)
  const warmed = await warmShared(own, core, { perSecond: PER_SECOND, progress }).finally(() => bar.stop())
  if (warmed.end === 'AWAY')
    throw new OperatorError(`Redis does not answer, after ${warmed.learners} learners. Its address is in REDIS_URL.`)
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  process.stdout.write(`  Warmed the cache for ${warmed.learners.toLocaleString('en')} learners in ${seconds} s.\n`)
}

function parseWarm({ warmLearners }: Config, args: string[]): number {
  const { values } = parseArgs({ args, options: { learners: { type: 'string' } } })
  const learners = Number(values.learners ?? warmLearners)
  if (!Number.isInteger(learners) || learners < 1 || learners > 10_000_000)
    throw new UsageError('--learners must be from 1 to 10000000')
  return learners
}
