import { expect, test } from 'vitest'
import { messageIdFromRow, type UserId, userIdFromRow } from '../../src/domain/ids.ts'
import { recentLearners, type Wanted } from '../../src/work/recent-learners.ts'

/** Reads messages, the oldest first, by whose they are; counts how often. */
function messagesBy(...writers: readonly number[]) {
  const reads = { count: 0 }
  const lastActive = async (before: number | null, count: number) => {
    reads.count += 1
    const end = before === null ? writers.length : before - 1
    const begin = Math.max(0, end - count)
    const newest = writers.slice(begin, end).toReversed()
    const next = newest.length < count ? null : messageIdFromRow(begin + 1)
    return { ids: [...new Set(newest)].map(userIdFromRow), next }
  }
  const batches = (wanted: Wanted): Promise<(readonly UserId[])[]> =>
    Array.fromAsync(recentLearners(lastActive, wanted))
  return { reads, batches }
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)

test('whoever wrote last comes first, each once, in batches', async () => {
  const { batches } = messagesBy(1, 2, 3, 2, 4, 5, 3)
  expect(await batches({ most: 10, batch: 2 })).toEqual([[3, 5], [4, 2], [1]])
})

test('there are no more than are wanted', async () => {
  const { batches, reads } = messagesBy(...range(1, 5_000))
  expect((await batches({ most: 3, batch: 2 })).flat()).toEqual([5_000, 4_999, 4_998])
  expect(reads.count).toBe(1)
  expect((await batches({ most: 100, batch: 100 })).flat()).toHaveLength(100)
  expect(reads.count).toBe(2)
})

test('goes on through the messages until enough are found', async () => {
  const { batches, reads } = messagesBy(...range(1, 3_500))
  const found = (await batches({ most: 3_200, batch: 500 })).flat()
  expect(found).toEqual(range(301, 3_500).toReversed())
  expect(reads.count).toBe(4)
})

test('ends with the first message', async () => {
  const { batches } = messagesBy(...range(1, 2_000))
  expect((await batches({ most: 1_000_000, batch: 500 })).flat()).toHaveLength(2_000)
  expect((await messagesBy().batches({ most: 10, batch: 5 })).flat()).toEqual([])
})

test('says that it has looked where it found nobody new, and does not look for ever', async () => {
  const { batches, reads } = messagesBy(...range(1, 5), ...Array<number>(10_000).fill(6))
  expect(await batches({ most: 100, batch: 2 })).toEqual([[6], [], [], [], []])
  expect(reads.count).toBe(5)
})
