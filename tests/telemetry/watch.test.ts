import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Board, createMemoryBoard } from '../../src/cache/board.ts'
import type { ComponentStatus } from '../../src/domain/health.ts'
import { openWatch } from '../../src/telemetry/open-watch.ts'
import { eventually } from '../support/eventually.ts'
import { countsOf } from './sources.ts'

const POLICIES = ['profile', 'stars']

let now: number
let shared: Board
let opened: AsyncDisposableStack

beforeEach(() => {
  now = 1_000_000_000
  shared = createMemoryBoard(() => now)
  opened = new AsyncDisposableStack()
})
afterEach(() => opened.disposeAsync())

interface Given {
  readonly board?: Board | null
  readonly ai?: ComponentStatus
  readonly backlog?: () => Promise<number>
}

/** A process that has begun to tell of itself. */
function start(id: string, { board = shared, ai = 'DISABLED', backlog = async () => 0 }: Given = {}) {
  const counts = countsOf({ now: () => now })
  const kinds = [{ name: 'profile', entries: 2, bytes: 300, born: 0 }]
  const { node, watch } = openWatch({
    ...{ id, version: '1.2.3', counts, board, policies: POLICIES, backlog, now: () => now },
    cache: {
      usage: () => ({ bytes: 300, maxBytes: 1_000, evictions: 0, overtaken: 0, kinds }),
      heat: { top: (most) => [{ tag: `the ${most} hottest`, share: 1 }] },
    },
    shared: board !== null,
    ai: () => ai,
  })
  opened.use(watch)
  watch.start()
  const hit = (count = 1) => counts.cache.report({ kind: 'hit', policy: 'profile', tier: 'L1', count })
  const hits = async () => (await watch.stats())[0]?.policies[0]?.hits
  const state = async () => (await watch.snapshot()).nodes.find((each) => each.id === id)
  return { node, watch, counts, hit, hits, state }
}

const away: Board = {
  post: () => Promise.reject(new Error('away')),
  read: () => Promise.reject(new Error('away')),
}

describe('a process that is watched', () => {
  test('tells what it has counted, in every window, and is the only one', async () => {
    const { hit, watch } = start('ada', { board: null })
    hit(3)
    const snapshot = await watch.snapshot()
    expect(snapshot.windows.map(({ window, policies }) => [window, policies[0]?.hits])).toEqual([
      ['HOUR', 3],
      ['DAY', 3],
      ['WEEK', 3],
    ])
    expect(snapshot.windows[0]?.policies.map(({ policy, entries }) => [policy, entries])).toEqual([
      ['profile', 2],
      ['stars', 0],
    ])
    expect(snapshot.nodes.map(({ id }) => id)).toEqual(['ada'])
    expect([snapshot.node, snapshot.at, snapshot.topKeys]).toEqual(['ada', now, [{ tag: 'the 20 hottest', share: 1 }]])
  })

  test('tells others when it ends what it has not told yet', async () => {
    const ada = start('ada')
    const bob = start('bob')
    await eventually(async () => expect((await bob.watch.snapshot()).nodes).toHaveLength(2))
    ada.hit(5)
    await ada.watch[Symbol.asyncDispose]()
    expect(await bob.hits()).toBe(5)
  })

  test('tells of itself alone while the board is away', async () => {
    const { hit, hits, watch } = start('ada', { board: away })
    hit(2)
    expect(await hits()).toBe(2)
    expect((await watch.snapshot()).nodes).toHaveLength(1)
  })

  test('keeps its own hours while the board is away', async () => {
    const { hit, hits, watch } = start('ada', { board: away })
    hit(2)
    await watch[Symbol.asyncDispose]()
    now += 30 * 60_000
    expect(await hits()).toBe(2)
    now += 30 * 60_000
    expect([await hits(), (await watch.stats())[1]?.policies[0]?.hits]).toEqual([0, 2])
  })
})

describe('how a process is', () => {
  test('is well when nothing is wrong', async () => {
    const { state } = start('ada', { ai: 'HEALTHY' })
    await eventually(async () => expect(await state()).toMatchObject({ database: 'HEALTHY' }))
    expect(await state()).toMatchObject({
      version: '1.2.3',
      startedAt: now,
      seenAt: now,
      status: 'HEALTHY',
      redis: 'HEALTHY',
      breakerOpen: false,
      backlog: 0,
      lagMs: null,
      memoryBytes: 300,
      memoryMaxBytes: 1_000,
      memoryEntries: 2,
    })
  })

  test.each([
    ['Redis is given up', {}, true, { status: 'DEGRADED', redis: 'UNAVAILABLE', breakerOpen: true }],
    [
      'there is no Redis',
      { board: null },
      false,
      { status: 'HEALTHY', redis: 'DISABLED', breakerOpen: null, backlog: null },
    ],
    ['models do not answer', { ai: 'UNAVAILABLE' as const }, false, { status: 'DEGRADED' }],
    ['changes are left behind', { backlog: async () => 7 }, false, { status: 'HEALTHY', backlog: 7 }],
  ])('is told when %s', async (_, given, open, expected) => {
    const { state, counts } = start('ada', given)
    if (open) counts.cache.report({ kind: 'breaker', state: 'open', error: null })
    await eventually(async () => expect(await state()).toMatchObject({ database: 'HEALTHY', ...expected }))
  })

  test('is told when the database is away', async () => {
    const { state } = start('ada', { backlog: () => Promise.reject(new Error('away')) })
    expect(await state()).toMatchObject({ status: 'UNHEALTHY', database: 'UNAVAILABLE', backlog: null })
  })

  test('has a rate of requests, by what was answered since some moments ago', async () => {
    const { node, counts } = start('ada', { board: null })
    for (let each = 0; each < 1_000; each += 1)
      counts.requests.report({ operation: 'Home', cache: 'HIT', codes: [], signedIn: true, ms: 1 })
    await eventually(() => expect(node.notice().state.requestsPerSecond).toBeGreaterThan(0))
    expect(node.notice().state.requestsPerSecond).toBeLessThan(2_000)
  })
})
