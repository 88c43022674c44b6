import { beforeEach, describe, expect, test } from 'vitest'
import type { CacheEvent } from '../../src/cache/cache-event.ts'
import type { CacheCounts } from '../../src/telemetry/cache-counts.ts'
import { countsOf } from './sources.ts'

let now: number
let monotonic: number
let counts: CacheCounts

beforeEach(() => {
  now = 1_000
  monotonic = 0
  counts = countsOf({ now: () => now, monotonic: () => monotonic }).cache
})

const told = (...events: readonly CacheEvent[]) => {
  for (const event of events) counts.report(event)
  return counts.policies.get('profile')
}

const policy = 'profile'

describe('what happens to things of one kind', () => {
  test.each([
    [
      { kind: 'hit', policy, tier: 'L1', count: 2 },
      { hitsL1: 2, unvalued: 2 },
    ],
    [
      { kind: 'hit', policy, tier: 'L2', count: 3 },
      { hitsL2: 3, unvalued: 3 },
    ],
    [{ kind: 'overtaken', policy, count: 3 }, { invalidations: 3 }],
    [{ kind: 'miss', policy, count: 4 }, { misses: 4 }],
    [{ kind: 'joined', policy, count: 5 }, { coalesced: 5 }],
    [
      { kind: 'loaded', policy, count: 6, ms: 30 },
      { loaded: 6, loadMs: 30 },
    ],
    [{ kind: 'filled', policy, count: 7 }, { filled: 7 }],
    [{ kind: 'fill-refused', policy, count: 8 }, { fillsRefused: 8 }],
    [{ kind: 'put-refused', policy }, { putsRefused: 1 }],
    [{ kind: 'unusable', policy, count: 9 }, { unusable: 9 }],
    [{ kind: 'too-large', policy, count: 1 }, { tooLarge: 1 }],
    [
      { kind: 'compressed', policy, from: 300, to: 100 },
      { compressed: 1, sparedBytes: 200 },
    ],
    [
      { kind: 'sampled', policy, tag: 'user:1', stale: false },
      { samples: 1, stale: 0 },
    ],
    [
      { kind: 'sampled', policy, tag: 'user:1', stale: true },
      { samples: 1, stale: 1 },
    ],
  ] as const)('is counted: %j', (event, counted) => {
    const zeros = Object.fromEntries(Object.keys(told(event) ?? {}).map((name) => [name, 0]))
    expect(counts.policies.get(policy)).toEqual({ ...zeros, ...counted })
    told(event)
    const [name = '', once = 0] = Object.entries(counted)[0] ?? []
    expect(Object(counts.policies.get(policy))[name]).toBe(2 * once)
  })

  test('hits spare what loads have taken, on average, also those of before the first load', () => {
    expect(told({ kind: 'hit', policy, tier: 'L1', count: 10 })?.savedMs).toBe(0)
    // What those have spared is known from now on.
    expect(told({ kind: 'loaded', policy, count: 2, ms: 10 })?.savedMs).toBe(50)
    expect(told({ kind: 'hit', policy, tier: 'L2', count: 3 })?.savedMs).toBe(65)
    expect(told({ kind: 'joined', policy, count: 3 })?.savedMs).toBe(65)
    expect(told({ kind: 'loaded', policy, count: 1, ms: 1 })?.savedMs).toBe(65)
  })

  test('changes count for the policies of their tags, whoever has made them known', () => {
    told(
      { kind: 'invalidated', tags: ['user:1', 'user:2', 'messages:1'] },
      { kind: 'relayed', count: 9, tags: ['user:3'] },
    )
    expect([counts.policies.get(policy)?.invalidations, counts.relayed]).toEqual([3, 9])
  })
})

test('what is nobody kind’s is counted too', () => {
  told(
    { kind: 'relay-failed', error: null },
    { kind: 'store-failed', during: 'fill', error: null },
    { kind: 'resynced', reason: 'gap' },
    { kind: 'resynced', reason: 'gap' },
    { kind: 'breaker', state: 'open', error: null },
  )
  expect(counts).toMatchObject({ relayFailures: 1, storeFailures: { fill: 1, read: 0 }, breakerOpen: true })
  expect([...counts.resyncs]).toEqual([['gap', 2]])
  told({ kind: 'breaker', state: 'closed' })
  expect([counts.breakerOpen, counts.breakerOpenings]).toEqual([false, 1])
})

describe('how long an announcement is under way', () => {
  const confirmed = (number: number | null, ms: number) => told({ kind: 'confirmed', number, ms })
  const heard = (number: number) => told({ kind: 'heard', number, tags: ['user:1'] })

  test('is known once it was both sent and heard, in whichever order that is learnt', () => {
    expect(counts.lagMs).toBeNull()
    monotonic = 100
    heard(7)
    monotonic = 101
    confirmed(7, 4)
    expect(counts.lagMs).toBe(3)
    monotonic = 200
    confirmed(8, 2)
    monotonic = 250
    heard(8)
    expect(counts.lagMs).toBe(52)
    expect([counts.heard, counts.confirmations.count]).toEqual([2, 2])
  })

  test('is not learnt from those of other processes, however many', () => {
    for (let number = 0; number < 1_000; number += 1) heard(number)
    confirmed(1, 5)
    expect(counts.lagMs).toBeNull()
  })

  test('is not known of one that nobody was told of in time', () => {
    confirmed(null, 100)
    expect([counts.unconfirmed, counts.lagMs, counts.confirmations.sumSeconds]).toEqual([1, null, 0.1])
  })
})

test('the last 20 changes are told, the latest first, of long ones the beginning', () => {
  for (let number = 1; number <= 60; number += 1) {
    now = number
    told({ kind: 'heard', number, tags: [`user:${number}`] })
  }
  told({ kind: 'heard', number: 61, tags: [] })
  // Asking a store whether it is in order tells of no change.
  expect(counts.heard).toBe(60)
  told({ kind: 'heard', number: 62, tags: Array.from({ length: 10 }, (_, index) => `stars:${index}`) })
  expect(counts.recent).toHaveLength(20)
  expect(counts.recent[0]).toMatchObject({ more: 2, tags: expect.arrayContaining(['stars:0', 'stars:7']) })
  expect(counts.recent[1]).toEqual({ at: 60, tags: ['user:60'], more: 0 })
  expect(counts.recent.at(-1)?.tags).toEqual(['user:42'])
})
