import { startApp } from '../../../src/app.ts'
import { boundGarbage } from '../../../src/cli/garbage.ts'
import { nextSignal } from '../../../src/cli/signals.ts'
import { readConfig } from '../../../src/config.ts'
import { createLog } from '../../../src/telemetry/log.ts'

/* The server as operators run it, or the same with nobody watching, so that it can be told what watching costs. */

const config = readConfig(process.env)
using _ = boundGarbage()
const watched = process.env['BENCH_WATCHED'] === 'true'
await using app = await startApp(config, { log: createLog(config.logLevel), watched })
process.stdout.write(`It answers at   ${app.url}/graphql\n`)
await nextSignal()
