import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Transaction } from '../../src/commands/unit-of-work.ts'
import { NO_QUEUES } from '../../src/db/queue.ts'
import { createReaders } from '../../src/db/readers.ts'
import { createTransaction } from '../../src/db/transaction.ts'
import { dateFromRow, parseTimeZone, toTimestamp } from '../../src/domain/calendar.ts'
import type { Webhook } from '../../src/domain/delivery.ts'
import {
  deliveryIdFromRow,
  jobIdFromRow,
  messageIdFromRow,
  telegramIdFromRow,
  userIdFromRow,
  webhookIdFromRow,
} from '../../src/domain/ids.ts'
import type { Readers } from '../../src/loaders/readers.ts'
import { hasPostgres, openTestServer } from '../support/databases.ts'
import { NOW } from '../support/test-app.ts'

const ids = [userIdFromRow(1), userIdFromRow(2)]
const [one = userIdFromRow(1)] = ids
const job = jobIdFromRow('00000000-0000-4000-8000-000000000000')
const day = dateFromRow('2026-11-23')
const utc = parseTimeZone('timezone', 'UTC')
const webhook: Webhook = {
  id: webhookIdFromRow('00000000-0000-4000-8000-000000000000'),
  url: 'https://hooks.example.com/',
  events: ['JOB_FAILED'],
  enabled: true,
  disabledReason: null,
  enabledAt: toTimestamp(NOW),
  createdAt: toTimestamp(NOW),
}

/** Every path by which a request reads or locks rows. */
const PATHS: Record<string, (readers: Readers, transaction: Transaction) => Promise<unknown>> = {
  'learners by id': (readers) => readers.users(ids),
  'learners by Telegram id': (readers) => readers.userIdsByTelegramId([telegramIdFromRow('1')]),
  settings: (readers) => readers.settings(ids),
  stars: (readers) => readers.stars(ids),
  practice: (readers) => readers.practice(ids),
  'days of practice': (readers) => readers.practiceDays([{ userId: one, from: day, to: day }]),
  messages: (readers) => readers.messages([{ userId: one, after: null, limit: 5 }]),
  'what was said': (readers) => readers.said([messageIdFromRow(1)]),
  'jobs by id': (readers) => readers.jobs([job]),
  'changes of jobs': (readers) => readers.jobUpdates([{ jobId: job, after: 3 }]),
  'a page of learners': (readers) => readers.listUsers({ id: one }, 20),
  'who was active last': (readers) => readers.lastActive(null, 5),
  'beginning practice': (_, { practice }) => practice.begin(one),
  'counting practice': (_, { practice }) => practice.count(one, day, { words: 1, score: 1 }),
  'adding stars': (_, { stars }) => stars.add(one, 1),
  'finding an act': (_, { acts }) => acts.find(one, 'key'),
  'finding a job': (_, { jobs }) => jobs.find(job),
  'locking a job': (_, { jobs }) => jobs.lock(job),
  'what waits': (_, { jobs }) => jobs.backlog(one),
  recordings: (readers) => readers.recording(jobIdFromRow('00000000-0000-4000-8000-000000000000')),
  'removing a recording': (_, { recordings }) => recordings.remove(job),
  'updating a profile': (_, { users }) => users.update(one, { firstName: 'Eva' }, NOW),
  'deliveries of webhooks': (readers) => readers.deliveries([{ webhookId: webhook.id, after: null, limit: 5 }]),
  'how deliveries ended': (_, { deliveries }) => deliveries.ends(webhook, 5),
  'what is to be sent': (_, { deliveries }) => deliveries.dispatch(deliveryIdFromRow(webhook.id), NOW),
  'zones with reminders': (_, { reminders }) => reminders.zones(),
  'streaks at risk': (_, { reminders }) => reminders.atRisk({ timezone: utc, date: day }, null, 5),
  'old messages': (_, { upkeep }) => upkeep.removeExchanges(NOW, 5),
  'jobs that ended': (_, { upkeep }) => upkeep.removeJobs(NOW, 5),
  'old recordings': (_, { upkeep }) => upkeep.removeRecordings(NOW, 5),
  'old speeches': (_, { upkeep }) => upkeep.removeSpeeches(NOW, 5),
  'deliveries that ended': (_, { upkeep }) => upkeep.removeDeliveries(NOW, 5),
  'old reminders': (_, { upkeep }) => upkeep.removeReminders(day, 5),
  'deleting a learner': (_, { users }) => users.delete(one),
}

describe.skipIf(!hasPostgres)('query plans', () => {
  let database: Awaited<ReturnType<typeof openTestServer>>
  let client: postgres.Sql
  const sent: { readonly query: string; readonly parameters: readonly unknown[] }[] = []

  beforeAll(async () => {
    database = await openTestServer()
    // Where an index can serve a query, the planner now takes it, however small the table; a sequential scan
    // that is left has no index to replace it.
    client = postgres(database.url, { max: 1, fetch_types: false, connection: { enable_seqscan: 'off' } })
    await client`insert into users (telegram_id, first_name, native_language, level) values (1, 'Ada', 'en', 'NATIVE')`
    await client`insert into user_settings values (1, 'TUTOR', 'SLOW', 'MINIMAL', 'HONZIK', 'UTC', true)`
    await client`insert into stars (user_id) values (1)`
  })
  afterAll(async () => {
    await client.end()
    await database[Symbol.asyncDispose]()
  })

  test.each(Object.entries(PATHS))('%s uses an index', async (_, walk) => {
    const logger = { logQuery: (query: string, parameters: unknown[]) => sent.push({ query, parameters }) }
    sent.length = 0
    const orm = drizzle(client, { casing: 'snake_case', logger })
    await orm
      .transaction(async (transaction) => {
        await walk(createReaders(transaction), createTransaction(transaction, NO_QUEUES))
        throw new Rollback()
      })
      .catch((error: unknown) => {
        if (!(error instanceof Rollback)) throw error
      })
    for (const { query, parameters } of [...sent]) await expectNoScan(query, parameters)
    expect(sent.length).toBeGreaterThan(0)
  })

  async function expectNoScan(query: string, parameters: readonly unknown[]) {
    const rows = await client.unsafe(`explain ${query}`, parameters.map(String))
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(plan).toMatch(/Index|Result|Values Scan/)
    expect(plan).not.toContain('Seq Scan')
  }
})

class Rollback extends Error {}
