import { type App, startApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import type { UserId } from '../../../src/domain/ids.ts'
import { createLog } from '../../../src/telemetry/log.ts'
import { openClient } from '../world/client.ts'
import { administer } from '../world/postgres.ts'
import type { Saying } from './trace.ts'

export interface Replay {
  readonly env: Readonly<Record<string, string>>
  readonly database: string
  readonly learners: readonly UserId[]
  /** Asks with the variables `id` and `text`. */
  readonly document: string
}

/** What came of a trace, as the bill has it. */
export interface Bill {
  readonly messages: number
  readonly calls: number
  readonly recalled: number
  readonly usdSpent: number
  readonly usdSaved: number
}

const SECRET = 'a secret for benches, at least 32 bytes long'
const START = Temporal.Instant.from('2026-11-16T00:00:00Z')

/** Says everything in its order, at its time: the server's clock is the trace's. */
export async function replay(trace: readonly Saying[], { env, database, learners, document }: Replay): Promise<Bill> {
  let now = START
  const config = readConfig({ ...env, PORT: '0', AUTH_SECRET: SECRET, OPENAI_DAILY_LIMIT: '0' })
  await administer(database, 'truncate messages, acts, model_usage, model_calls')
  {
    await using app = await startApp(config, { log: createLog('warn'), clock: () => now })
    for (const { learner, text, at } of trace) {
      now = START.add({ milliseconds: Math.floor(at) })
      const id = learners[learner % learners.length]
      await ask(app, now, document, { id: String(id), text })
    }
  }
  const [sums] = await administer(
    database,
    `select sum(calls) as calls, sum(recalled) as recalled, sum(usd_spent) as spent, sum(usd_saved) as saved
     from model_usage`,
  )
  return {
    messages: trace.length,
    calls: Number(sums?.['calls']),
    recalled: Number(sums?.['recalled']),
    usdSpent: Number(sums?.['spent']),
    usdSaved: Number(sums?.['saved']),
  }
}

/** As staff, with a token of the moment: tokens live shorter than the trace. */
async function ask(app: App, now: Temporal.Instant, document: string, variables: Record<string, unknown>) {
  const { token } = await app.tokens.issue({ role: 'staff', id: null }, now)
  using client = openClient(app.url, token)
  await client.ask(document, variables)
}
