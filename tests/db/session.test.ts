import { afterEach, expect, test } from 'vitest'
import { hasPostgres, openTestEmbedded, openTestServer } from '../support/databases.ts'

const zoneOfThisProcess = process.env['TZ']

afterEach(() => {
  if (zoneOfThisProcess === undefined) delete process.env['TZ']
  else process.env['TZ'] = zoneOfThisProcess
})

test('the embedded database speaks UTC wherever the process is', async () => {
  process.env['TZ'] = 'Asia/Tokyo'
  await using database = await openTestEmbedded()
  expect(await database.run('show timezone', [])).toEqual([{ TimeZone: 'UTC' }])
})

test.skipIf(!hasPostgres)('a server speaks UTC and ISO dates, however it is set up', async () => {
  await using database = await openTestServer()
  const name = new URL(database.url).pathname.slice(1)
  await database.run(`alter database ${name} set timezone = 'Asia/Tokyo'`, [])
  await database.run(`alter database ${name} set datestyle = 'German'`, [])
  expect(await database.run('show timezone', [])).toMatchObject([{ TimeZone: 'UTC' }])
  expect(await database.run('show datestyle', [])).toMatchObject([{ DateStyle: expect.stringContaining('ISO') }])
})
