import { expect, test } from 'vitest'
import type { Answered } from '../../src/http/answered.ts'
import { RequestCounts } from '../../src/telemetry/request-counts.ts'

const answered = (some: Partial<Answered> = {}): Answered => ({
  operation: 'Home',
  cache: 'HIT',
  codes: [],
  signedIn: true,
  ms: 1,
  ...some,
})

function countsOf(...answers: readonly Answered[]) {
  const counts = new RequestCounts()
  for (const answer of answers) counts.report(answer)
  return { counts, told: counts.answers.map(({ operation, cache, durations }) => [operation, cache, durations.count]) }
}

test('answers are counted by operation and by where they came from', () => {
  const { counts, told } = countsOf(
    answered(),
    answered({ ms: 3 }),
    answered({ cache: 'MISS' }),
    answered({ operation: 'Change', cache: null }),
  )
  expect(told).toEqual([
    ['Home', 'HIT', 2],
    ['Home', 'MISS', 1],
    ['Change', 'NONE', 1],
  ])
  expect(counts.answers[0]?.durations.sumSeconds).toBeCloseTo(0.004)
})

test('what has no name, and what is no operation, have labels that no operation can have', () => {
  const { told } = countsOf(answered({ operation: null }), answered({ operation: undefined, cache: null }))
  expect(told).toEqual([
    ['(unnamed)', 'HIT', 1],
    ['(none)', 'NONE', 1],
  ])
})

test('a hundred names have labels of their own, and all others share one', () => {
  const names = Array.from({ length: 150 }, (_, index) => answered({ operation: `Op${index}` }))
  const { told } = countsOf(...names)
  expect(told).toHaveLength(101)
  expect(told.at(-1)).toEqual(['(other)', 'HIT', 50])
})

test.each([
  ['nobody', { signedIn: false }],
  ['a query that fails', { codes: ['GRAPHQL_VALIDATION_FAILED'] }],
] as const)('%s does not use up a label, and counts under one that is there', (_, some) => {
  const { told } = countsOf(answered({ operation: 'Junk', ...some }), answered(), answered(some))
  expect(told).toEqual([
    ['(other)', 'HIT', 1],
    ['Home', 'HIT', 2],
  ])
})

test('errors are counted by code', () => {
  const { counts } = countsOf(answered({ codes: ['NOT_FOUND', 'FORBIDDEN'] }), answered({ codes: ['NOT_FOUND'] }))
  expect([...counts.errors]).toEqual([
    ['NOT_FOUND', 2],
    ['FORBIDDEN', 1],
  ])
})
