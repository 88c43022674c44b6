import { expect, test } from 'vitest'
import type { Unit } from '../../src/commands/command.ts'
import { findRemark, keepAnswered, type Remark } from '../../src/commands/remark.ts'
import type { Transaction } from '../../src/commands/unit-of-work.ts'
import { somebody } from '../contracts/suite.ts'
import { aReply } from '../support/a-reply.ts'
import { openMemoryDatabase } from '../support/memory-database.ts'
import { NOW } from '../support/test-app.ts'

const unit = (transaction: Transaction): Unit => ({
  ...transaction,
  viewer: { role: 'staff', id: null },
  now: NOW,
  identity: {
    issueToken: () => Promise.reject(new Error('no token is needed')),
    verifyTelegram: () => {
      throw new Error('nobody signs in')
    },
  },
})

test('a repeat makes the caches forget what the first one changed: it may not have been able to tell them', async () => {
  const { unitOfWork } = openMemoryDatabase()
  const { result: user } = await unitOfWork.run(({ users }) => users.insert(somebody(), NOW))
  if (user === null) throw new Error('the Telegram id is taken')
  const remark: Remark = {
    learner: user.id,
    text: 'Ahoj!',
    at: NOW,
    idempotency: { key: 'a', input: '{}' },
    message: null,
  }
  const first = await unitOfWork.run((transaction) => keepAnswered(remark, aReply)(unit(transaction)))
  const changed = first.changes.map(({ tag }) => tag).toSorted()
  for (const command of [findRemark(remark), keepAnswered(remark, aReply)]) {
    const { changes } = await unitOfWork.run<unknown>((transaction) => command(unit(transaction)))
    expect(changes.map(({ tag }) => tag).toSorted()).toEqual(changed)
  }
})
