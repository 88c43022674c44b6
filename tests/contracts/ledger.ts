import { describe, expect, test } from 'vitest'
import type { UserId } from '../../src/domain/ids.ts'
import type { UsageDay } from '../../src/domain/usage.ts'
import type { PaidCall } from '../../src/replies/ledger.ts'
import { NOW } from '../support/test-app.ts'
import { day, NOBODY, type OpenContractDatabase, openSuite, type Suite } from './suite.ts'

const date = day('2026-11-23')
const tokens = { tokensIn: 1000, tokensCached: 400, tokensOut: 200 }

/** What every implementation of `Ledger` must do, and of what reads it back. */
export function describeLedger(name: string, open: OpenContractDatabase): void {
  describe(`a ledger over ${name}`, () => {
    const suite = openSuite(open)
    describe('a call', () => describeCalls(suite))
    describe('a limit', () => describeLimits(suite))
    describe('savings', () => describeSavings(suite))
    describe('usage', () => describeUsage(suite))
  })
}

const usageOf = async (suite: Suite, userId: UserId, on = date): Promise<UsageDay | null> =>
  (await suite.readers.usage([{ userId, date: on }]))[0] ?? null

const paid = (userId: UserId, changes: Partial<PaidCall> = {}): PaidCall => ({
  userId,
  date,
  model: 'a-model',
  tokens,
  usd: 0.00042,
  at: NOW,
  ...changes,
})

function describeCalls(suite: Suite): void {
  test('is counted before it is made, and paid after', async () => {
    const { id } = await suite.newLearner()
    expect(await suite.ledger.reserve({ userId: id, date }, null)).toBe('COUNTED')
    expect(await usageOf(suite, id)).toMatchObject({ calls: 1, tokensIn: 0, usdSpent: 0 })
    await suite.ledger.settle(paid(id))
    expect(await usageOf(suite, id)).toStrictEqual({
      date,
      calls: 1,
      ...tokens,
      usdSpent: 0.00042,
      recalled: 0,
      usdSaved: 0,
    })
  })

  test('of an unknown price makes the day’s sum unknown, not smaller', async () => {
    const { id } = await suite.newLearner()
    for (const usd of [0.5, null]) {
      await suite.ledger.reserve({ userId: id, date }, null)
      await suite.ledger.settle(paid(id, { usd }))
    }
    expect(await usageOf(suite, id)).toMatchObject({ calls: 2, tokensIn: 2000, usdSpent: null })
  })

  test('without tokens adds none', async () => {
    const { id } = await suite.newLearner()
    await suite.ledger.reserve({ userId: id, date }, null)
    await suite.ledger.settle(paid(id, { tokens: null, usd: null }))
    expect(await usageOf(suite, id)).toMatchObject({ calls: 1, tokensIn: 0, tokensOut: 0, usdSpent: null })
  })

  test('that failed is taken back, and never more than there are', async () => {
    const { id } = await suite.newLearner()
    await suite.ledger.reserve({ userId: id, date }, null)
    for (let times = 0; times < 2; times += 1) await suite.ledger.release({ userId: id, date })
    expect(await usageOf(suite, id)).toMatchObject({ calls: 0 })
  })

  test('of nobody is not counted, and paying for one is no fault', async () => {
    expect(await suite.ledger.reserve({ userId: NOBODY, date }, null)).toBe('NO_SUCH_LEARNER')
    await suite.ledger.settle(paid(NOBODY))
    await suite.ledger.release({ userId: NOBODY, date })
    expect(await usageOf(suite, NOBODY)).toBeNull()
  })

  test('sums of a hundred thousandths of a cent stay exact', async () => {
    const { id } = await suite.newLearner()
    await suite.ledger.reserve({ userId: id, date }, null)
    for (let times = 0; times < 10; times += 1) await suite.ledger.settle(paid(id, { usd: 0.0000001 }))
    expect((await usageOf(suite, id))?.usdSpent).toBeCloseTo(0.000001, 12)
  })
}

function describeLimits(suite: Suite): void {
  test('is kept to, whatever runs at the same moment', async () => {
    const { id } = await suite.newLearner()
    const tries = Array.from({ length: 12 }, () => suite.ledger.reserve({ userId: id, date }, 5))
    expect((await Promise.all(tries)).toSorted()).toEqual([
      ...Array.from({ length: 5 }, () => 'COUNTED'),
      ...Array.from({ length: 7 }, () => 'SPENT'),
    ])
    expect(await usageOf(suite, id)).toMatchObject({ calls: 5 })
  })

  test('is of one learner and one day', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    const reserve = (userId: UserId, on = date) => suite.ledger.reserve({ userId, date: on }, 1)
    expect(await reserve(ada.id)).toBe('COUNTED')
    expect(await reserve(ada.id)).toBe('SPENT')
    expect(await reserve(ada.id, day('2026-11-24'))).toBe('COUNTED')
    expect(await reserve(bob.id)).toBe('COUNTED')
  })

  test('that was reached lets one more in when a call is taken back', async () => {
    const { id } = await suite.newLearner()
    await suite.ledger.reserve({ userId: id, date }, 1)
    await suite.ledger.release({ userId: id, date })
    expect(await suite.ledger.reserve({ userId: id, date }, 1)).toBe('COUNTED')
  })
}

function describeSavings(suite: Suite): void {
  test('are added up, for many learners at once', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    const saving = { date, recalled: 2, usd: 0.25, unpriced: 0 }
    await suite.ledger.save([
      { userId: ada.id, ...saving },
      { userId: bob.id, ...saving },
    ])
    await suite.ledger.save([{ userId: ada.id, ...saving, recalled: 1 }])
    expect(await usageOf(suite, ada.id)).toMatchObject({ calls: 0, recalled: 3, usdSaved: 0.5 })
    expect(await usageOf(suite, bob.id)).toMatchObject({ recalled: 2, usdSaved: 0.25 })
  })

  test('of an unknown price make the sum unknown', async () => {
    const { id } = await suite.newLearner()
    await suite.ledger.save([{ userId: id, date, recalled: 1, usd: 0, unpriced: 1 }])
    expect(await usageOf(suite, id)).toMatchObject({ recalled: 1, usdSaved: null })
  })

  test('of learners who are gone are dropped, the others kept', async () => {
    const { id } = await suite.newLearner()
    const saving = { date, recalled: 1, usd: 0.25, unpriced: 0 }
    await suite.ledger.save([
      { userId: NOBODY, ...saving },
      { userId: id, ...saving },
    ])
    await suite.ledger.save([])
    expect(await usageOf(suite, id)).toMatchObject({ recalled: 1 })
  })
}

function describeUsage(suite: Suite): void {
  test('is read for many days at once, in their order', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    await suite.ledger.reserve({ userId: bob.id, date }, null)
    const asked = [
      { userId: ada.id, date },
      { userId: bob.id, date: day('2026-11-22') },
      { userId: bob.id, date },
    ]
    expect((await suite.readers.usage(asked)).map((found) => found?.calls ?? null)).toEqual([null, null, 1])
    expect(await suite.readers.usage([])).toEqual([])
  })

  test('goes with its learner', async () => {
    const { id } = await suite.newLearner()
    await suite.ledger.reserve({ userId: id, date }, null)
    await suite.ledger.settle(paid(id))
    await suite.run(({ users }) => users.delete(id))
    expect(await usageOf(suite, id)).toBeNull()
  })
}
