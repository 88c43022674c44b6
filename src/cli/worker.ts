import type { Config } from '../config.ts'
import { openCore, startWork } from '../core.ts'
import { OperatorError } from '../domain/error.ts'
import { createLog } from '../telemetry/log.ts'
import { boundGarbage } from './garbage.ts'
import { nextSignal } from './signals.ts'

/** Milliseconds after the signal at which even a hang in stopping ends. */
const LAST_CALL_MS = 9_500

/** Works on jobs and answers no requests, until SIGTERM or SIGINT; then ends or gives back what it has begun. */
export async function worker(config: Config): Promise<void> {
  if (config.databaseUrl === null)
    throw new OperatorError('A worker needs a DATABASE_URL: the embedded database has room for one process only.')
  if (config.workers === 0) throw new OperatorError('WORKERS must be more than 0 for a worker.')
  using _ = boundGarbage()
  const log = createLog(config.logLevel)
  await using core = await openCore(config, { log })
  await using __ = await startWork(config, { log }, core)
  process.stdout.write(`\n  Honzík works on up to ${config.workers} stages of jobs at once.\n\n`)

  const signal = await nextSignal()
  log.info({ signal }, 'stopping')
  setTimeout(() => process.exit(1), LAST_CALL_MS).unref()
}
