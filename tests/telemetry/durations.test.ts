import { expect, test } from 'vitest'
import { DURATION_BOUNDS_S, Durations, quantileMs } from '../../src/telemetry/durations.ts'

const countsOf = (...seconds: readonly number[]) => {
  const durations = new Durations()
  for (const each of seconds) durations.add(each)
  return durations
}

test('a duration counts in the first class whose bound it does not exceed', () => {
  for (const [place, bound] of DURATION_BOUNDS_S.entries()) {
    expect(countsOf(bound).counts[place]).toBe(1)
    expect(countsOf(bound * 1.000001).counts[place + 1]).toBe(1)
  }
  expect(countsOf(0).counts[0]).toBe(1)
})

test('durations are summed and counted', () => {
  const durations = countsOf(0.5, 0.25, 100)
  expect([durations.count, durations.sumSeconds]).toEqual([3, 100.75])
})

test('a quantile lies in its class, as far as its rank is within it', () => {
  // Ten durations between 5 and 10 ms: the fifth is taken to be at half of that.
  const { counts } = countsOf(...new Array<number>(10).fill(0.006))
  expect(quantileMs(counts, 0.5)).toBeCloseTo(7.5)
  expect(quantileMs(counts, 1)).toBeCloseTo(10)
})

test('a quantile of several classes is that of the one in which its rank is', () => {
  const { counts } = countsOf(...new Array<number>(98).fill(0.0001), 0.3, 0.3)
  expect(quantileMs(counts, 0.5)).toBeLessThan(0.1)
  expect(quantileMs(counts, 0.99)).toBeCloseTo(375)
})

test('there is none of nothing, and none beyond the last bound', () => {
  expect(quantileMs(countsOf().counts, 0.5)).toBeNull()
  expect(quantileMs(countsOf(1_000).counts, 0.5)).toBe(30_000)
})
