import { setTimeout as sleep } from 'node:timers/promises'
import { type App, startApp } from '../app.ts'
import type { Config } from '../config.ts'
import { userIdFromRow } from '../domain/ids.ts'
import { createLog } from '../telemetry/log.ts'
import { boundGarbage } from './garbage.ts'
import { nextSignal } from './signals.ts'

/** Milliseconds between readiness saying no and the door closing: load balancers look that often. */
const GRACE_MS = 1_000
/** Milliseconds after the signal at which even a hang in stopping ends. */
const LAST_CALL_MS = 9_500

/** Serves until SIGTERM (after a grace period) or SIGINT (at once), then answers what was accepted and exits. */
export async function serve(config: Config): Promise<void> {
  using _ = boundGarbage()
  const log = createLog(config.logLevel)
  await using app = await startApp(config, { log })
  // Whoever reads the greeting may send a signal at once.
  const signalled = nextSignal()
  greet(config, app, await firstToken(config, app))

  const signal = await signalled
  log.info({ signal }, 'stopping')
  setTimeout(() => process.exit(1), LAST_CALL_MS).unref()
  app.drain()
  if (signal === 'SIGTERM') await sleep(GRACE_MS)
}

/** An admin's token, where the secret is one that nobody else knows: only then is it ours to sign with unasked. */
async function firstToken(config: Config, { tokens }: App): Promise<string | null> {
  if (config.authSecret !== null) return null
  return (await tokens.issue({ role: 'admin', id: userIdFromRow(1) }, Temporal.Now.instant())).token
}

/** For whoever started it; written to standard output and not to the log. */
function greet({ production }: Config, { url }: App, token: string | null): void {
  const lines = ['', `  Honzík answers at   ${url}/graphql`]
  if (token !== null)
    lines.push(
      `  Explore it at       ${url}/graphql#token=${token}`,
      `  Watch its cache at  ${url}/dashboard#token=${token}`,
      `  An admin's token    ${token}`,
    )
  else {
    if (!production) lines.push(`  Explore it at       ${url}/graphql`)
    lines.push(`  Watch its cache at  ${url}/dashboard`, '  A token             npm run token -- --user 1 --role admin')
  }
  process.stdout.write(`${lines.join('\n')}\n\n`)
}
