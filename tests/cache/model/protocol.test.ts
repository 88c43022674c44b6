import { describe, expect, test } from 'vitest'
import { check } from './protocol.ts'
import { SCENARIOS } from './scenarios.ts'

/** A scenario in which next to nothing can happen would prove next to nothing. */
const LEAST_STATES = 1_000

describe('in every state that the protocol can reach', () => {
  test.each(Object.entries(SCENARIOS))('the promise is kept when %s', (name, scenario) => {
    const { states, finding } = check(scenario)
    console.info(`${name}: ${states} states`)
    expect(finding).toBeNull()
    expect(states).toBeGreaterThan(LEAST_STATES)
  })
})
