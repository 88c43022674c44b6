import { describe, expect, test } from 'vitest'
import { explore, type System } from './explore.ts'

interface Counter {
  readonly count: number
  /** What each of two clerks has read and is about to raise; null before, -1 after. */
  readonly read: readonly (number | null)[]
}

/** Two clerks raise one counter, each by reading it and then writing what comes next, or both at once. */
const clerks = (atOnce: boolean): System<Counter> => ({
  initial: { count: 0, read: [null, null] },
  key: JSON.stringify,
  next: ({ count, read }) =>
    read.flatMap((known, clerk) => {
      const becomes = (value: number) => read.map((other, index) => (index === clerk ? value : other))
      if (known === -1) return []
      if (atOnce) return [{ label: `${clerk} raises`, state: { count: count + 1, read: becomes(-1) } }]
      if (known === null) return [{ label: `${clerk} reads`, state: { count, read: becomes(count) } }]
      return [{ label: `${clerk} writes`, state: { count: known + 1, read: becomes(-1) } }]
    }),
  judge: ({ count }, next) => (next.length === 0 && count !== 2 ? `the counter ends at ${count}` : null),
})

describe('an exploration', () => {
  test('sees every state once', () => {
    expect(explore(clerks(true), 100)).toEqual({ states: 4, finding: null })
  })

  test('tells a shortest way to what is wrong', () => {
    const { finding } = explore(clerks(false), 100)
    expect(finding?.what).toBe('the counter ends at 1')
    expect(finding?.trace).toEqual(['0 reads', '1 reads', '0 writes', '1 writes'])
  })

  test('judges the state at the beginning too', () => {
    const broken = { ...clerks(true), judge: () => 'always wrong' }
    expect(explore(broken, 100)).toEqual({ states: 1, finding: { what: 'always wrong', trace: [] } })
  })

  test('does not pass off a part for the whole', () => {
    expect(() => explore(clerks(true), 3)).toThrow('More than 3 states')
  })
})
