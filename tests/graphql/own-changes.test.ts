import { expect, test } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { openTestEmbedded } from '../support/databases.ts'
import { createLearner } from '../support/people.ts'
import { at, startTestApp } from '../support/test-app.ts'

/** A database whose changes wait at the door, and whose settings are held back after they were read. */
async function openGuarded() {
  const database = await openTestEmbedded()
  const gates = { change: Promise.withResolvers<void>(), read: Promise.withResolvers<void>() }
  const reached = { change: Promise.withResolvers<void>(), read: Promise.withResolvers<void>() }
  let armed = false
  const guarded: Database = {
    ...database,
    unitOfWork: {
      async run(work) {
        if (armed) {
          reached.change.resolve()
          await gates.change.promise
        }
        return database.unitOfWork.run(work)
      },
    },
    readers: {
      ...database.readers,
      async settings(ids) {
        const found = await database.readers.settings(ids)
        if (armed) {
          armed = false
          reached.read.resolve()
          await gates.read.promise
        }
        return found
      },
    },
  }
  const arm = () => {
    armed = true
  }
  return { database: guarded, gates, reached, arm }
}

test('a change answers with what it changed, also where nothing is cached and another request was just reading it', async () => {
  const { database, gates, reached, arm } = await openGuarded()
  await using app = await startTestApp({ openDatabase: async () => database }, { cacheEnabled: false })
  const id = await createLearner(app)
  const query = `{ user(id: ${id}) { settings { timezone } } }`
  arm()
  const changing = app.ask(
    `mutation { updateUserSettings(input: { userId: ${id}, timezone: "Asia/Tokyo" }) { user { settings { timezone } } } }`,
    {},
    await app.tokenOf('user', id),
  )
  await reached.change.promise
  const reading = app.ask(query, {}, await app.tokenOf('staff', 1))
  await reached.read.promise
  gates.change.resolve()
  expect(at(await changing, 'data', 'updateUserSettings', 'user', 'settings', 'timezone')).toBe('Asia/Tokyo')
  gates.read.resolve()
  expect(at(await reading, 'data', 'user', 'settings', 'timezone')).toBe('Europe/Prague')
})
