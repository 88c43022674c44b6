import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { dateFromRow } from '../../src/domain/calendar.ts'
import { userIdFromRow } from '../../src/domain/ids.ts'
import type { Saving } from '../../src/replies/ledger.ts'
import { createSavings } from '../../src/replies/savings.ts'

const day = (userId: number, date = '2026-11-23') => ({ userId: userIdFromRow(userId), date: dateFromRow(date) })

function openBook() {
  const written: (readonly Saving[])[] = []
  const lost: unknown[] = []
  let fault: Error | null = null
  const ledger = {
    async save(savings: readonly Saving[]) {
      if (fault) throw fault
      written.push(savings)
    },
  }
  const savings = createSavings({ ledger, everyMs: 1_000, lost: (error) => lost.push(error) })
  return {
    written,
    lost,
    savings,
    break: (error: Error | null) => {
      fault = error
    },
  }
}

describe('savings', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('are added up by learner and day, and written down together a second after the first', async () => {
    const { savings, written } = openBook()
    savings.add(day(1), 0.5)
    await vi.advanceTimersByTimeAsync(900)
    savings.add(day(2), 0.25)
    savings.add(day(1), null)
    savings.add(day(1, '2026-11-24'), 0.125)
    savings.add(day(1), 0.25)
    expect(written).toEqual([])
    await vi.advanceTimersByTimeAsync(100)
    expect(written).toEqual([
      [
        { ...day(1), recalled: 3, usd: 0.75, unpriced: 1 },
        { ...day(2), recalled: 1, usd: 0.25, unpriced: 0 },
        { ...day(1, '2026-11-24'), recalled: 1, usd: 0.125, unpriced: 0 },
      ],
    ])
    await vi.advanceTimersByTimeAsync(10_000)
    expect(written).toHaveLength(1)
  })

  test('that could not be written down are written with the next', async () => {
    const { savings, written, lost, break: breakBook } = openBook()
    const fault = new Error('no database')
    breakBook(fault)
    savings.add(day(1), 0.5)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(lost).toEqual([fault])
    breakBook(null)
    savings.add(day(1), 0.25)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(written).toEqual([[{ ...day(1), recalled: 2, usd: 0.75, unpriced: 0 }]])
  })

  test('that still wait are written down at the end', async () => {
    const { savings, written } = openBook()
    savings.add(day(1), 0.5)
    await savings[Symbol.asyncDispose]()
    expect(written).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(written).toHaveLength(1)
  })

  test('of more learners than memory should hold are dropped, not kept for ever', async () => {
    const { savings, written } = openBook()
    for (let id = 1; id <= 10_001; id += 1) savings.add(day(id), 1)
    savings.add(day(1), 1)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(written[0]).toHaveLength(10_000)
    expect(written[0]?.[0]).toMatchObject({ recalled: 2 })
  })
})
