import { once } from 'node:events'
import { enableCompileCache } from 'node:module'
import { setTimeout as pause } from 'node:timers/promises'
import { startApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { Database } from '../../src/db/database.ts'
import { openServer } from '../../src/db/server.ts'
import type { Readers } from '../../src/loaders/readers.ts'
import { createLog } from '../../src/telemetry/log.ts'
import { openLiveStore } from './live-store.ts'
import { readSwitches } from './switches.ts'
import { watchWholeAnswers } from './whole-answers.ts'

/*
 * One of the live checker's servers: `npm start` over PostgreSQL and Redis, except for what `switches.ts` says.
 */

enableCompileCache()
const config = readConfig(process.env)
const switches = readSwitches(process.env)
const { databaseUrl } = config
watchWholeAnswers(switches.weaken)
if (databaseUrl === null) throw new Error('DATABASE_URL must be set')

await using app = await startApp(config, {
  log: createLog(config.logLevel),
  openStore: (options) => openLiveStore(options, switches),
  async openDatabase({ databasePoolMax: poolMax }, statements) {
    return slowed(await openServer({ url: databaseUrl, poolMax, statements }), switches.slowReadsMs)
  },
})
process.stdout.write(`Honzík answers at ${app.url}/graphql\n`)
// Whoever started it is gone, and nobody else knows of it.
process.once('disconnect', () => process.exit(1))
await once(process, 'SIGTERM')

/** Rows on their way back: what they say may be old when they arrive. */
function slowed(database: Database, ms: number): Database {
  if (ms === 0) return database
  const slow =
    <Asked extends unknown[], Answer>(read: (...asked: Asked) => Promise<Answer>) =>
    async (...asked: Asked): Promise<Answer> => {
      const answer = await read(...asked)
      await pause(ms)
      return answer
    }
  const { users, userIdsByTelegramId, settings, stars, practice } = database.readers
  const readers: Readers = {
    ...database.readers,
    users: slow(users),
    userIdsByTelegramId: slow(userIdsByTelegramId),
    settings: slow(settings),
    stars: slow(stars),
    practice: slow(practice),
  }
  return { ...database, readers }
}
