import { expect, test } from 'vitest'
import { boundGarbage, heapGrowthPercent } from '../../src/cli/garbage.ts'

const MB = 1024 * 1024

test('a small heap is left to V8, a large one may double', () => {
  expect([0, 40 * MB, 63 * MB].map(heapGrowthPercent)).toEqual([0, 0, 0])
  expect([64 * MB, 2_000 * MB].map(heapGrowthPercent)).toEqual([100, 100])
})

test('how far the heap may grow follows what is in use, until nobody looks any more', () => {
  let after = () => {}
  let inUse = 0
  let stopped = false
  const grown: number[] = []
  const bound = boundGarbage({
    watch(given) {
      after = given
      return () => {
        stopped = true
      }
    },
    bytesInUse: () => inUse,
    grow: (percent) => grown.push(percent),
  })
  for (const megabytes of [30, 50, 120, 150, 180, 60, 50]) {
    inUse = megabytes * MB
    after()
  }
  expect(grown).toEqual([100, 0])
  bound[Symbol.dispose]()
  expect(stopped).toBe(true)
})
