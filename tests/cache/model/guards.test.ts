import { describe, expect, test } from 'vitest'
import { GUARDS, type Guard } from './guards.ts'
import { check } from './protocol.ts'
import { BACKED, NEEDED, SCENARIOS } from './scenarios.ts'

/* A check that cannot fail proves nothing: without a guard the same search must find a broken promise. */

const all = Object.keys(GUARDS) as Guard[]

const needed = all.flatMap((guard) => {
  const scenario = NEEDED[guard]
  return scenario === undefined ? [] : [{ guard, scenario }]
})

const backed = all.flatMap((guard) => {
  const backing = BACKED[guard]
  return backing === undefined ? [] : [{ guard, ...backing, others: backing.by.join(' and the ') }]
})

describe('the check', () => {
  test.each(needed)('finds a broken promise without the $guard, when $scenario', ({ guard, scenario }) => {
    const { states, finding } = check(SCENARIOS[scenario], [guard])
    console.info(`${guard} (${GUARDS[guard]}): ${finding?.trace.length} steps, found after ${states} states`)
    expect(finding?.what).toMatch(/answers|was lost|when all is quiet/)
  })

  test.each(backed)('finds none without the $guard as long as the $others holds', ({ guard, scenario, by }) => {
    expect(check(SCENARIOS[scenario], [guard]).finding).toBeNull()
    const { states, finding } = check(SCENARIOS[scenario], [guard, ...by])
    console.info(`${guard} and ${by.join(' and ')}: ${finding?.trace.length} steps, found after ${states} states`)
    expect(finding?.what).toMatch(/answers|when all is quiet/)
  })

  test('takes every guard away once', () => {
    expect(all.length).toBeGreaterThan(30)
    expect([...needed, ...backed].map(({ guard }) => guard).sort()).toEqual(all.toSorted())
  })
})
