import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { type OpenDatabase, openTestEmbedded } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { createLearner } from '../support/people.ts'
import { at, startTestApp, type TestApp } from '../support/test-app.ts'

let database: OpenDatabase
let app: TestApp
let staff: string
/** Set to hold every transaction back just before it is kept. */
let hold: { readonly reached: () => void; readonly released: Promise<void> } | null = null

beforeAll(async () => {
  app = await startTestApp({
    async openDatabase(_, statements): Promise<Database> {
      database = await openTestEmbedded(_, statements)
      return {
        ...database,
        unitOfWork: {
          run: (work) =>
            database.unitOfWork.run(async (transaction) => {
              const heldBack = {
                ...transaction,
                users: {
                  ...transaction.users,
                  async update(...asked: Parameters<typeof transaction.users.update>) {
                    const updated = await transaction.users.update(...asked)
                    hold?.reached()
                    await hold?.released
                    return updated
                  },
                },
              }
              return work(heldBack)
            }),
        },
      }
    },
  })
  staff = await app.tokenOf('staff', 999_999)
})
afterAll(() => app[Symbol.asyncDispose]())

const firstNameOf = async (id: number) =>
  at(await app.ask(`{ user(id: ${id}) { firstName } }`, {}, staff), 'data', 'user', 'firstName')

describe('a request that changes something', () => {
  test('sees each of its changes, and nothing from before', async () => {
    const id = await createLearner(app)
    const change = (zone: string) =>
      `updateUserSettings(input: { userId: ${id}, timezone: "${zone}" }) { user { settings { timezone } } }`
    const answer = await app.ask(`mutation { a: ${change('Europe/Kyiv')} b: ${change('Asia/Tokyo')} }`, {}, staff)
    expect(at(answer, 'data', 'a', 'user', 'settings', 'timezone')).toBe('Europe/Kyiv')
    expect(at(answer, 'data', 'b', 'user', 'settings', 'timezone')).toBe('Asia/Tokyo')
  })

  test('whose client has gone changes nothing', async () => {
    const id = await createLearner(app, { firstName: 'Ada' })
    const reached = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    hold = { reached: reached.resolve, released: released.promise }
    const { hostname, port } = new URL(app.url)
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${staff}` }
    const sent = request({ hostname, port, path: '/graphql', method: 'POST', headers })
    sent.on('error', () => {})
    sent.end(
      JSON.stringify({ query: `mutation { updateUser(input: { id: ${id}, firstName: "Eva" }) { user { id } } }` }),
    )
    await reached.promise
    hold = null
    sent.destroy()
    // The server notices when it writes the request's line, and only then the transaction goes on.
    await eventually(() => expect(app.lines.at(-1)).toMatchObject({ msg: 'request', aborted: true }))
    released.resolve()
    await eventually(async () => expect(await firstNameOf(id)).toBe('Ada'))
    expect(await firstNameOf(id)).toBe('Ada')
  })
})

describe('messages', () => {
  test('come newest first, page by page without gaps, each with its learner', async () => {
    const id = await createLearner(app, { firstName: 'Ida' })
    await database.run(
      `insert into messages (user_id, role, text, words_total, words_correct, created_at)
       select $1, 'USER', 'text ' || n, 2, 2, timestamptz '2026-11-01' + (n / 3) * interval '1 minute'
       from generate_series(1, 25) as n`,
      [id],
    )
    const texts: unknown[] = []
    let after: unknown = null
    for (let page = 0; page < 3; page += 1) {
      const answer = await app.ask(
        `query ($id: ID!, $after: String) { user(id: $id) { messages(first: 10, after: $after) {
          edges { node { text user { firstName } } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }`,
        { id, after },
        staff,
      )
      const list = at(answer, 'data', 'user', 'messages')
      const edges = at(list, 'edges')
      for (const edge of Array.isArray(edges) ? edges : []) {
        texts.push(at(edge, 'node', 'text'))
        expect(at(edge, 'node', 'user', 'firstName')).toBe('Ida')
      }
      expect(at(list, 'pageInfo', 'hasNextPage')).toBe(page < 2)
      expect(at(list, 'pageInfo', 'hasPreviousPage')).toBe(page > 0)
      after = at(list, 'pageInfo', 'endCursor')
    }
    expect(texts).toEqual(Array.from({ length: 25 }, (_, index) => `text ${25 - index}`))
  })
})
