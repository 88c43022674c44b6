import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { type App, startApp } from '../app.ts'
import type { Config } from '../config.ts'
import { userIdFromRow } from '../domain/ids.ts'
import { createLog } from '../telemetry/log.ts'

/** Milliseconds between readiness saying no and the door closing: load balancers look that often. */
const GRACE_MS = 1_000
/** Milliseconds after the signal at which whatever still runs is given up. */
const LAST_CALL_MS = 9_000

/** Serves until SIGTERM (after a grace period) or SIGINT (at once), then answers what was accepted and exits. */
export async function serve(config: Config): Promise<void> {
  const log = createLog(config.logLevel)
  await using app = await startApp(config, { log })
  await greet(config, app)

  const signal = await nextSignal()
  log.info({ signal }, 'stopping')
  setTimeout(() => process.exit(1), LAST_CALL_MS).unref()
  app.drain()
  if (signal === 'SIGTERM') await sleep(GRACE_MS)
}

function nextSignal(): Promise<'SIGTERM' | 'SIGINT'> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', () => {
      // A second Ctrl+C means now.
      process.once('SIGINT', () => process.exit(128 + constants.signals.SIGINT))
      resolve('SIGINT')
    })
  })
}

/** For whoever started it; written to the terminal and never to the log. */
async function greet(config: Config, { url, tokens }: App): Promise<void> {
  const lines = ['', `  Honzík answers at   ${url}/graphql`]
  if (config.authSecret !== null) lines.push('  A token             npm run token -- --user 1 --role admin')
  // Only a secret that nobody else knows is ours to sign with unasked.
  else {
    const { token } = await tokens.issue({ role: 'admin', id: userIdFromRow(1) }, Temporal.Now.instant())
    lines.push(`  Explore it at       ${url}/graphql#token=${token}`, `  An admin's token    ${token}`)
  }
  process.stdout.write(`${lines.join('\n')}\n\n`)
}
