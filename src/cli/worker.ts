import type { Config } from '../config.ts'
import { type Core, openCore, startWork } from '../core.ts'
import { OperatorError } from '../domain/error.ts'
import type { MetricsServer } from '../metrics-server.ts'
import { createLog } from '../telemetry/log.ts'
import { boundGarbage } from './garbage.ts'
import { nextSignal } from './signals.ts'

/** Milliseconds after the signal at which even a hang in stopping ends. */
const LAST_CALL_MS = 9_500

/** Works on jobs and answers no requests but for how it is, until SIGTERM or SIGINT; then ends or gives back what it has begun. */
export async function worker(config: Config): Promise<void> {
  if (config.databaseUrl === null)
    throw new OperatorError('A worker needs a DATABASE_URL: the embedded database has room for one process only.')
  if (config.workers === 0) throw new OperatorError('WORKERS must be more than 0 for a worker.')
  using _ = boundGarbage()
  const log = createLog(config.logLevel)
  await using core = await openCore(config, { log })
  // Before work begins, so that a port that is taken is told at once; and until it has ended.
  await using told = await openMetrics(config, core, log)
  // From here on there may be work to give back.
  const signalled = nextSignal()
  await using __ = await startWork(config, { log }, core)
  greet(config, told)

  const signal = await signalled
  log.info({ signal }, 'stopping')
  setTimeout(() => process.exit(1), LAST_CALL_MS).unref()
  told?.drain()
}

/** Null where nobody wants to know: then nothing of HTTP is loaded. */
async function openMetrics(
  { metricsPort, ...config }: Config,
  core: Core,
  log: ReturnType<typeof createLog>,
): Promise<MetricsServer | null> {
  if (metricsPort === null) return null
  const { startMetricsServer } = await import('../metrics-server.ts')
  return startMetricsServer({ ...config, metricsPort }, core, log)
}

/** For whoever started it; written to standard output and not to the log. */
function greet({ workers }: Config, told: MetricsServer | null): void {
  const lines = ['', `  Honzík works on up to ${workers} stages of jobs at once.`]
  if (told !== null) lines.push(`  Its metrics are at  ${told.url}/metrics`)
  process.stdout.write(`${lines.join('\n')}\n\n`)
}
