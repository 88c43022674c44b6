import { describe, expect, test } from 'vitest'
import type { Transaction } from '../../src/commands/unit-of-work.ts'
import { cancelled, isOver } from '../../src/domain/job.ts'
import { somebody } from '../contracts/suite.ts'
import { hasPostgres, type OpenDatabase, openTestEmbedded, openTestServer } from '../support/databases.ts'
import { NOW } from '../support/test-app.ts'

/** Statements of one transaction. */
async function countOf<T>({ statements, unitOfWork }: OpenDatabase, work: (unit: Transaction) => Promise<T>) {
  const count = { count: 0 }
  const { result } = await statements.run(count, () => unitOfWork.run(work))
  return { result, count: count.count }
}

describe.each([
  ['embedded', () => openTestEmbedded(), true],
  ['on a server', () => openTestServer(), hasPostgres],
] as const)('statements that are written out, %s', (_, open, isThere) => {
  test.skipIf(!isThere)('count as those of the query builder do: one for each change of a job', async () => {
    await using database = await open()
    const { result: user } = await countOf(database, ({ users }) => users.insert(somebody(), NOW))
    if (user === null) throw new Error('the Telegram id is taken')
    const nothing = await countOf(database, async () => null)
    const { result: job, count } = await countOf(database, ({ jobs }) =>
      jobs.insert({ id: jobs.newId(), userId: user.id, kind: 'VOICE_MESSAGE', messageId: null }, NOW),
    )
    expect(count - nothing.count).toBe(1)
    const changed = await countOf(database, ({ jobs }) => jobs.change(job, cancelled(job), NOW))
    expect(changed.count - nothing.count).toBe(1)
    expect(isOver(changed.result)).toBe(true)
  })
})
