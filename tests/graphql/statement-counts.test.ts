import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasPostgres, type OpenDatabase, openTestEmbedded, openTestServer } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { createLearner } from '../support/people.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'

const everything = `settings { timezone } stars { total } dailyStats { messagesCount } statsRange(days: 7) { date }
  statsSummary { currentStreak } messages(first: 5) { edges { node { text } } }`

/** SQL statements, whatever the page size; BEGIN and COMMIT not counted. Without caches; a change asks what it has changed. */
const COUNTS: Record<string, readonly [statements: number, document: string]> = {
  'a page of learners with everything below': [
    6,
    `query ($n: Int!) { users(first: $n) { edges { node { ${everything} } } } }`,
  ],
  'a page of learners alone': [1, 'query ($n: Int!) { users(first: $n) { edges { node { id firstName } } } }'],
  'the owners of the messages of a page': [
    2,
    'query ($n: Int!) { users(first: $n) { edges { node { messages { edges { node { user { firstName } } } } } } } }',
  ],
  'several pages of messages of each learner': [
    2,
    `query ($n: Int!) { users(first: $n) { edges { node {
      a: messages(first: 1) { edges { cursor } } b: messages(first: 2) { edges { cursor } } } } } }`,
  ],
  'long ranges of each learner': [
    3,
    'query ($n: Int!) { users(first: $n) { edges { node { statsRange(days: 366) { date } } } } }',
  ],
  'an old day of each learner': [
    2,
    'query ($n: Int!) { users(first: $n) { edges { node { dailyStats(date: "2026-09-24") { messagesCount } } } } }',
  ],
  'the same learner five times': [
    2,
    '{ a: user(id: 1) { id } b: user(id: 1) { id } c: me { id } d: user(id: 1) { stars { total } } e: user(id: "1") { id } }',
  ],
  'several learners at once': [1, '{ a: user(id: 1) { id } b: user(id: 2) { id } c: user(id: 3) { id } }'],
  'a learner by Telegram id': [2, '{ userByTelegramId(telegramId: "1001") { firstName } }'],
  'oneself with everything': [6, `{ me { ${everything} } }`],
  health: [1, '{ health { status } }'],
  'a change of settings and what follows from it': [
    5,
    'mutation { updateUserSettings(input: { userId: 1, timezone: "Asia/Tokyo" }) { user { dailyStats { date } settings { timezone } } } }',
  ],
}

const OPENERS = { PGlite: openTestEmbedded, ...(hasPostgres && { PostgreSQL: openTestServer }) }

/** More days than one entry of practice has, and messages, for each learner: nothing may cost little by being empty. */
const ROWS = [
  `insert into daily_stats (user_id, date, messages_count, words_said, scored_words, streak_day)
   select id, date '2026-11-23' - n, 1, 5, 400, 61 - n from users, generate_series(1, 60) as n`,
  `insert into messages (user_id, role, text, words_total, words_correct)
   select id, 'USER', 'Ahoj!', 1, 1 from users, generate_series(1, 5)`,
]

describe.each(Object.entries(OPENERS))('statements on %s', (_, open) => {
  let app: TestApp
  let database: OpenDatabase
  let staff: string

  beforeAll(async () => {
    app = await startTestApp(
      {
        async openDatabase(config, statements) {
          database = await open(config, statements)
          return database
        },
      },
      { cacheEnabled: false },
    )
    for (let n = 0; n < 12; n += 1) await createLearner(app, n === 0 ? { telegramId: '1001' } : {})
    staff = await app.tokenOf('staff', 1)
    for (const rows of ROWS) await database.run(rows, [])
  })
  afterAll(() => app[Symbol.asyncDispose]())

  /** The answer, and the statements that the log says it took. */
  async function counted(query: string, variables: Record<string, unknown>) {
    const reqId = randomUUID()
    const headers = { authorization: `Bearer ${staff}`, 'x-request-id': reqId }
    const answer: unknown = await (await app.post({ query, variables }, headers)).json()
    const line = await eventually(() => {
      const found = app.lines.find((each) => each['reqId'] === reqId)
      if (!found) throw new Error('the request is not in the log yet')
      return found
    })
    return { answer, sql: line['sql'] }
  }

  test.each(Object.entries(COUNTS))('%s', async (__, [statements, document]) => {
    const sizes = document.includes('$n') ? [1, 3, 12] : [0]
    for (const n of sizes) {
      const { answer, sql } = await counted(document, n ? { n } : {})
      expect(answer).not.toHaveProperty('errors')
      expect(sql).toBe(statements)
    }
  })
})
