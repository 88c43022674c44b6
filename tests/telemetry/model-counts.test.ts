import { expect, test } from 'vitest'
import { parseUserId } from '../../src/domain/ids.ts'
import type { PaidCall } from '../../src/replies/ledger.ts'
import { UpstreamCounts } from '../../src/telemetry/model-counts.ts'

const day = {
  userId:
    parseUserId('1') ??
    (() => {
      throw new Error('no id')
    })(),
  date: '2026-11-27' as PaidCall['date'],
}
const call = (some: Partial<PaidCall> = {}): PaidCall => ({
  ...day,
  model: 'm',
  tokens: { tokensIn: 10, tokensCached: 4, tokensOut: 3 },
  usd: 0.5,
  at: Temporal.Instant.fromEpochMilliseconds(0),
  ...some,
})

const kept: string[] = []
const ledger = {
  reserve: async () => 'COUNTED' as const,
  release: async () => {},
  settle: async () => {
    kept.push('settled')
    throw new Error('the database is away')
  },
  save: async () => {},
}

test('what has to be paid is counted, even when it cannot be written down', async () => {
  const counts = new UpstreamCounts()
  const counting = counts.counting(ledger)
  await expect(counting.settle(call())).rejects.toThrow('away')
  await expect(counting.settle(call({ tokens: null, usd: null }))).rejects.toThrow('away')
  expect(kept).toEqual(['settled', 'settled'])
  expect(counts.models.get('m')).toMatchObject({ tokensIn: 10, tokensCached: 4, tokensOut: 3, usd: 0.5, unpriced: 1 })
  expect(counts.usdSpent).toBe(0.5)
  expect(await counting.reserve(day, null)).toBe('COUNTED')
})

test('what is not paid again is counted, and written down as before', async () => {
  const counts = new UpstreamCounts()
  const added: (number | null)[] = []
  const savings = counts.countingSavings({
    add: (_, usd) => void added.push(usd),
    [Symbol.asyncDispose]: async () => void added.push(-1),
  })
  savings.add(day, 0.25)
  savings.add(day, null)
  await savings[Symbol.asyncDispose]()
  expect(added).toEqual([0.25, null, -1])
  expect(counts).toMatchObject({ recalled: 2, usdSaved: 0.25, unpricedRecalled: 1 })
})

test('calls are counted by how they ended, with the time that they took', () => {
  const counts = new UpstreamCounts()
  counts.report({ kind: 'answered', model: 'm', tokens: null, usd: null, milliseconds: 2_000 })
  for (const trouble of ['timeout', 'timeout', 'quota'] as const)
    counts.report({ kind: 'failed', model: 'm', trouble, error: null, milliseconds: 1_000 })
  counts.report({ kind: 'breaker', model: 'm', state: 'open' })
  const told = counts.models.get('m')
  expect(told).toMatchObject({ answered: 1, breakerOpen: true })
  expect([...(told?.failed ?? [])]).toEqual([
    ['timeout', 2],
    ['quota', 1],
  ])
  expect([told?.durations.count, told?.durations.sumSeconds]).toEqual([4, 5])
  counts.report({ kind: 'breaker', model: 'm', state: 'closed' })
  expect(told?.breakerOpen).toBe(false)
})
