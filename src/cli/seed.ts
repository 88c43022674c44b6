import { parseArgs } from 'node:util'
import { Presets, SingleBar } from 'cli-progress'
import type { Config } from '../config.ts'
import { seed as makeRows, type RunSql, type Seed, type Seeded } from '../db/seed.ts'
import { createStatementCounter } from '../db/statements.ts'
import { UsageError } from './usage.ts'

/** Statements under way at once on a server: more than one core can work, and no pool is used up. */
const LANES = 4

/** Fills the configured database with made-up learners. */
export async function seed(config: Config, args: string[]): Promise<void> {
  const wanted = parseSeed(args)
  const begun = performance.now()
  const bar = new SingleBar(
    { format: '  {bar} {value} of {total} learners', noTTYOutput: true },
    Presets.shades_classic,
  )
  const work = (run: RunSql, lanes: number) => {
    bar.start(wanted.users, 0)
    return makeRows(run, wanted, (done) => bar.update(done), lanes).finally(() => bar.stop())
  }
  const made = await withDatabase(config, work)
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  const count = (rows: number) => rows.toLocaleString('en')
  process.stdout.write(
    `  Made ${count(made.users)} learners, ${count(made.practiceDays)} days of practice and ` +
      `${count(made.messages)} messages in ${seconds} s.\n`,
  )
}

function parseSeed(args: string[]): Seed {
  const { values } = parseArgs({
    args,
    options: { users: { type: 'string', default: '1000' }, days: { type: 'string', default: '30' } },
  })
  const users = Number(values.users)
  const days = Number(values.days)
  if (!Number.isInteger(users) || users < 1 || users > 10_000_000)
    throw new UsageError('--users must be from 1 to 10000000')
  if (!Number.isInteger(days) || days < 1 || days > 366) throw new UsageError('--days must be from 1 to 366')
  return { users, days }
}

async function withDatabase(config: Config, work: (run: RunSql, lanes: number) => Promise<Seeded>): Promise<Seeded> {
  if (config.databaseUrl !== null) {
    const { migrateServer, SEED_LOCK, withConnections, withLock } = await import('../db/server.ts')
    await migrateServer(config.databaseUrl)
    const url = config.databaseUrl
    return withLock(url, SEED_LOCK, () =>
      withConnections(url, LANES, (client) => work((text, parameters) => client.unsafe(text, parameters), LANES)),
    )
  }
  const { openEmbedded } = await import('../db/embedded.ts')
  let made: Seeded | undefined
  await using _ = await openEmbedded({
    folder: config.dataDir,
    statements: createStatementCounter(),
    prepare: async (client) => {
      const run: RunSql = async (text, parameters) =>
        (await client.query<Record<string, unknown>>(text, parameters)).rows
      made = await work(run, 1)
    },
  })
  return made ?? { users: 0, practiceDays: 0, messages: 0 }
}
