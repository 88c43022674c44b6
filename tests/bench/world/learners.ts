import { seed } from '../../../src/db/seed.ts'
import { migrateServer, withConnections } from '../../../src/db/server.ts'
import { type UserId, userIdFromRow } from '../../../src/domain/ids.ts'
import { administer } from './postgres.ts'

/** Statements under way at once while learners are made. */
const LANES = 2

/** Brings a database up to date and fills it with made-up learners. Returns their ids. */
export async function makeLearners(url: string, users: number, days: number): Promise<readonly UserId[]> {
  await migrateServer(url)
  await withConnections(url, LANES, (client) =>
    seed(
      (text, parameters) => client.unsafe(text, parameters),
      { users, days },
      () => {},
      LANES,
    ),
  )
  await settle(url)
  const rows = await administer(url, 'select id from users order by id')
  return rows.map(({ id }) => userIdFromRow(Number(id)))
}

/** Leaves nothing from before to be done in the middle of what is measured. For when nobody has cached anything. */
export async function settle(url: string): Promise<void> {
  await administer(url, 'truncate cache_invalidation')
  await administer(url, 'vacuum analyze')
  await administer(url, 'checkpoint')
}

/** A second database with the same rows as one that nobody is connected to. Returns its address. */
export async function copyDatabase(server: string, from: string, name: string): Promise<string> {
  await administer(server, `create database ${name} template ${from}`)
  return databaseAt(server, name)
}

export async function createDatabase(server: string, name: string): Promise<string> {
  await administer(server, `create database ${name}`)
  return databaseAt(server, name)
}

function databaseAt(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = name
  return url.href
}
