import { startApp } from '../../../src/app.ts'
import { boundGarbage } from '../../../src/cli/garbage.ts'
import { nextSignal } from '../../../src/cli/signals.ts'
import { readConfig } from '../../../src/config.ts'
import { createLog } from '../../../src/telemetry/log.ts'

/* The server as operators run it, but that a signal (SIGUSR2) turns its watching off, and on again. */

let isWatched = true
process.on('SIGUSR2', () => {
  isWatched = !isWatched
})
const config = readConfig(process.env)
using _ = boundGarbage()
await using app = await startApp(config, { log: createLog(config.logLevel), watched: () => isWatched })
process.stdout.write(`It answers at   ${app.url}/graphql\n`)
await nextSignal()
