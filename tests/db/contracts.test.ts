import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  jobIdFromRow,
  messageIdFromRow,
  telegramIdFromRow,
  userIdFromRow,
  webhookIdFromRow,
} from '../../src/domain/ids.ts'
import { describeLedger } from '../contracts/ledger.ts'
import { describeReaders } from '../contracts/readers.ts'
import { describeSchedule } from '../contracts/schedule.ts'
import { type ContractDatabase, day } from '../contracts/suite.ts'
import { describeTransaction } from '../contracts/transaction.ts'
import { describeWebhooks } from '../contracts/webhooks.ts'
import { hasPostgres, type OpenDatabase, openTestEmbedded, openTestServer } from '../support/databases.ts'
import { openMemoryDatabase } from '../support/memory-database.ts'
import { openQueuedEmbedded, openQueuedServer } from '../support/queued.ts'

/** The ports have no way to write messages: their rows are made by SQL. */
const withMessages = (database: OpenDatabase): ContractDatabase => ({
  ...database,
  async insertMessages(messages) {
    const rows = await database.run(
      `insert into messages
         (user_id, role, text, corrected_text, correctness_score, mistakes, words_total, words_correct, created_at)
       select "userId", role, text, "correctedText", "correctnessScore", mistakes, "wordsTotal", "wordsCorrect", "createdAt"
       from rows from (jsonb_to_recordset($1::text::jsonb) as (
         "userId" bigint, role message_role, text text, "correctedText" text, "correctnessScore" int, mistakes jsonb,
         "wordsTotal" int, "wordsCorrect" int, "createdAt" timestamptz)) with ordinality
       order by ordinality
       returning id`,
      [JSON.stringify(messages)],
    )
    return messages.map((message, index) => ({ ...message, id: messageIdFromRow(Number(rows[index]?.['id'])) }))
  },
})

describe('in memory', () => {
  const open = async () => openMemoryDatabase()
  describeReaders('memory', open)
  describeTransaction('memory', open)
  describeLedger('memory', open)
  describeWebhooks('memory', open)
  describeSchedule('memory', open)
})

describe('embedded', () => {
  const open = async () => withMessages(await openTestEmbedded())
  describeReaders('PGlite', open)
  describeTransaction('PGlite', open)
  describeLedger('PGlite', open)
  describeWebhooks('PGlite', async () => withMessages(await openQueuedEmbedded()))
  describeSchedule('PGlite', async () => withMessages(await openQueuedEmbedded()))
})

describe.skipIf(!hasPostgres)('on a server', () => {
  const open = async () => withMessages(await openTestServer())
  describeReaders('PostgreSQL', open)
  describeTransaction('PostgreSQL', open)
  describeLedger('PostgreSQL', open)
  describeWebhooks('PostgreSQL', async () => withMessages(await openQueuedServer()))
  describeSchedule('PostgreSQL', async () => withMessages(await openQueuedServer()))
})

test('every read is one statement, whatever the number of keys', async () => {
  await using database = await openTestEmbedded()
  const { users, userIdsByTelegramId, settings, stars, practice, practiceDays, messages, listUsers, usage } =
    database.readers
  const { said, jobs, jobUpdates, backlog, recording, speeches, speech } = database.readers
  const { listWebhooks, deliveries, lastActive } = database.readers
  const ids = Array.from({ length: 100 }, (_, n) => userIdFromRow(n + 1))
  const jobIds = ids.map(() => jobIdFromRow(randomUUID()))
  const webhooks = ids.map(() => webhookIdFromRow(randomUUID()))
  const ranges = ids.map((userId) => ({ userId, from: day('2026-11-01'), to: day('2026-11-23') }))
  const reads = {
    users: () => users(ids),
    userIdsByTelegramId: () => userIdsByTelegramId(ids.map((id) => telegramIdFromRow(String(id)))),
    settings: () => settings(ids),
    stars: () => stars(ids),
    practice: () => practice(ids),
    practiceDays: () => practiceDays(ranges),
    messages: () => messages(ids.map((userId) => ({ userId, after: null, limit: 8 }))),
    listUsers: () => listUsers(null, 100),
    lastActive: () => lastActive(null, 100),
    said: () => said(ids.map(messageIdFromRow)),
    jobs: () => jobs(jobIds),
    backlog: () => backlog(),
    recording: () => recording(jobIdFromRow('00000000-0000-4000-8000-000000000000')),
    speeches: () => speeches(ids.map(messageIdFromRow)),
    speech: () => speech(messageIdFromRow(1)),
    jobUpdates: () => jobUpdates(jobIds.map((jobId) => ({ jobId, after: null }))),
    listWebhooks: () => listWebhooks(null, 100),
    deliveries: () => deliveries(webhooks.map((webhookId) => ({ webhookId, after: null, limit: 8 }))),
    usage: () => usage(ids.map((userId) => ({ userId, date: day('2026-11-23') }))),
  }
  const counted: Record<string, number> = {}
  for (const [name, read] of Object.entries(reads)) {
    const statements = { count: 0 }
    await database.statements.run<Promise<unknown>>(statements, read)
    counted[name] = statements.count
  }
  expect(counted).toEqual(Object.fromEntries(Object.keys(database.readers).map((name) => [name, 1])))
})
