import { beforeAll, describe, expect, test } from 'vitest'
import type { Snapshot } from '../../src/domain/cache-report.ts'
import { openEvents } from '../support/events.ts'
import { eventually } from '../support/eventually.ts'
import { TOKENS } from '../support/memory-tutor.ts'
import { at, type GraphQLAnswer } from '../support/test-app.ts'
import { type Learner, startTutored } from '../support/tutored.ts'
import { samplesIn } from './sources.ts'

/** What a request was, and what its answer's headers said. */
interface Seen {
  readonly learner: number
  readonly operation: string
  /** As `x-cache` says it. */
  readonly cache: string
  readonly codes: readonly string[]
}

const HOME = 'query Home { me { firstName settings { timezone } stars { total } statsSummary { totalWords } } }'
const PROFILE = 'query Profile($id: ID!) { user(id: $id) { firstName level } }'
const SAY = 'query Say($text: String!) { honzikReply(input: { text: $text }) { reply } }'
const RENAME =
  'mutation Rename($id: ID!, $name: String!) { updateUser(input: { id: $id, firstName: $name }) { user { id } } }'
const STATS = `query Stats { cacheStats { windows { window usdSpent usdSaved
  policies { policy hits misses coalesced hitRate entries bytes ageSeconds invalidations timeSavedMs } } } }`

const USD = 0.001
const LEARNERS = 10

let seen: Seen[]
/** As metrics tell them after the requests, and what the requests have added. */
let now: ReadonlyMap<string, number>
let samples: ReadonlyMap<string, number>
let stats: GraphQLAnswer
let refused: GraphQLAnswer[]
/** What the dashboard was told at the same time. */
let snapshot: Snapshot
/** Asked of the tutor from outside, by text: the first time each is asked, it has to be paid for. */
let texts: string[]

/** 1,000 requests of ten learners, one after the other: which are hits is decided by what came before alone. */
beforeAll(async () => {
  await using app = await startTutored({ tutor: { usd: USD } })
  const learners: Learner[] = []
  for (let each = 0; each < LEARNERS; each += 1) learners.push(await app.learner())
  const before = samplesIn(await (await fetch(`${app.url}/metrics`)).text())
  seen = []
  texts = []

  async function request(learner: Learner, query: string, variables: Record<string, unknown> = {}): Promise<void> {
    const answer = await app.post({ query, variables }, { authorization: `Bearer ${learner.token}` })
    const { errors = [] } = (await answer.json()) as GraphQLAnswer
    const operation = /(?:query|mutation) (\w+)/.exec(query)?.[1] ?? '(unnamed)'
    seen.push({
      learner: learner.id,
      operation,
      cache: answer.headers.get('x-cache') ?? 'NONE',
      codes: errors.map(({ extensions }) => extensions.code),
    })
  }

  for (let turn = 0; turn < 100; turn += 1) {
    for (const [index, learner] of learners.entries()) {
      const kind = (turn + index) % 10
      if (kind === 7) await request(learner, RENAME, { id: learner.id, name: `Name ${turn}` })
      else if (kind === 8) {
        texts.push(`Ahoj ${index}!`)
        await request(learner, SAY, { text: `Ahoj ${index}!` })
      } else if (kind === 9) await request(learner, PROFILE, { id: 999_999 })
      else if (kind % 2 === 0) await request(learner, HOME)
      else await request(learner, PROFILE, { id: learner.id })
    }
  }
  // The framework is done with its last request a moment after its answer has arrived.
  await eventually(async () => {
    now = samplesIn(await (await fetch(`${app.url}/metrics`)).text())
    samples = new Map([...now].map(([name, value]) => [name, value - (before.get(name) ?? 0)]))
    expect(total(/^honzik_request_duration_seconds_count/)).toBe(1_000)
  })
  const token = await app.tokenOf('admin', 1)
  snapshot = await snapshotOf(app.url, token)
  stats = await app.ask(STATS, {}, token)
  refused = [await app.ask(STATS, {}, learners[0]?.token), await app.ask(STATS)]
})

/** What the dashboard is told first. */
async function snapshotOf(url: string, token: string): Promise<Snapshot> {
  const events = await openEvents(`${url}/dashboard/events`, token)
  const [, json = ''] = /^data: (.*)$/m.exec((await events.next()) ?? '') ?? []
  events.leave()
  return JSON.parse(json)
}

const total = (name: RegExp): number =>
  [...samples].filter(([each]) => name.test(each)).reduce((sum, [, value]) => sum + value, 0)

const totalNow = (name: RegExp): number =>
  [...now].filter(([each]) => name.test(each)).reduce((sum, [, value]) => sum + value, 0)

/** Which whole answers cannot have been there, by what was asked before: first ones, those after a change, those with errors. */
function wholesMissed(): number {
  const kept = new Set<string>()
  let missed = 0
  for (const { operation, learner, codes } of seen) {
    if (operation === 'Rename') for (const name of ['Home', 'Profile']) kept.delete(`${name} ${learner}`)
    if (operation !== 'Home' && operation !== 'Profile') continue
    const key = `${operation} ${learner}`
    if (codes.length > 0 || !kept.has(key)) missed += 1
    if (codes.length === 0) kept.add(key)
  }
  return missed
}

const countOf = (where: Partial<Seen>): number =>
  seen.filter((each) => Object.entries(where).every(([name, value]) => Object(each)[name] === value)).length

const windows = () => at(stats, 'data', 'cacheStats', 'windows') as readonly Record<string, unknown>[]

const policyIn = (window: unknown, name: string) =>
  (at(window, 'policies') as readonly Record<string, number>[]).find((each) => at(each, 'policy') === name) ?? {}

describe('after a thousand known requests', () => {
  test('they were of all sorts', () => {
    expect(seen).toHaveLength(1_000)
    expect(countOf({ cache: 'HIT' })).toBeGreaterThan(300)
    expect(countOf({ cache: 'MISS' })).toBeGreaterThan(50)
    expect(countOf({ cache: 'NONE' })).toBe(100)
    expect(seen.filter(({ codes }) => codes.includes('NOT_FOUND'))).toHaveLength(100)
  })

  test('metrics say of each operation how often it was answered from where, as its callers counted', () => {
    for (const operation of ['Home', 'Profile', 'Say', 'Rename'])
      for (const cache of ['HIT', 'MISS', 'BYPASS', 'COALESCED', 'DEGRADED', 'NONE']) {
        const name = `honzik_request_duration_seconds_count{operation="${operation}",cache="${cache}"}`
        expect([name, samples.get(name) ?? 0]).toEqual([name, countOf({ operation, cache })])
      }
    expect(samples.get('honzik_request_errors_total{code="NOT_FOUND"}')).toBe(100)
  })

  test('whole answers were found, or looked for in vain, as often as queries asked for some', () => {
    // Those to Say are not kept whole; those with errors are not kept, and looked for each time.
    const found = total(/^honzik_cache_hits_total\{policy="response"/)
    const missed = total(/^honzik_cache_misses_total\{policy="response"/)
    expect(found + missed).toBe(countOf({ operation: 'Home' }) + countOf({ operation: 'Profile' }))
    // Nothing is kept of what each learner asks for the first time, and again after each change of their name.
    expect(missed).toBe(wholesMissed())
  })

  test('changes were counted once each', () => {
    const renamed = countOf({ operation: 'Rename' })
    expect(samples.get('honzik_cache_invalidations_total{policy="profile"}')).toBe(renamed)
    expect(samples.get('honzik_cache_invalidation_duration_seconds_count')).toBe(renamed)
    expect(samples.get('honzik_cache_announcements_heard_total')).toBe(renamed)
  })

  test('what the tutor was paid and not paid again is what was asked for the first time and again', () => {
    const first = new Set(texts).size
    const again = texts.length - first
    expect(again).toBeGreaterThan(50)
    expect(total(/^honzik_model_usd_total/)).toBeCloseTo(first * USD, 10)
    expect(total(/^honzik_model_saved_usd_total/)).toBeCloseTo(again * USD, 10)
    expect(samples.get('honzik_model_recalled_total')).toBe(again)
    expect(samples.get('honzik_model_tokens_total{model="a-model",kind="output"}')).toBe(first * TOKENS.tokensOut)
    expect(samples.get('honzik_cache_misses_total{policy="reply"}')).toBe(first)
  })

  test('cacheStats says the same as the metrics, in each of its windows', () => {
    expect(windows().map(({ window }) => window)).toEqual(['HOUR', 'DAY', 'WEEK'])
    for (const window of windows()) {
      for (const policy of ['response', 'profile', 'settings', 'stars', 'practice', 'reply']) {
        const told = policyIn(window, policy)
        const { hits = 0, misses = 0 } = told
        const counted = (name: string) => totalNow(new RegExp(`^honzik_cache_${name}_total\\{policy="${policy}"`))
        expect([policy, told]).toEqual([
          policy,
          expect.objectContaining({
            hits: counted('hits'),
            misses: counted('misses'),
            coalesced: counted('coalesced'),
            hitRate: hits / (hits + misses),
          }),
        ])
      }
      expect(at(window, 'usdSaved')).toBeCloseTo((texts.length - new Set(texts).size) * USD, 10)
      expect(at(window, 'usdSpent')).toBeCloseTo(new Set(texts).size * USD, 10)
      expect(policyIn(window, 'response')['timeSavedMs']).toBeGreaterThan(0)
      for (const policy of ['response', 'profile', 'reply'])
        expect(policyIn(window, policy)).toMatchObject({
          entries: now.get(`honzik_cache_l1_entries{policy="${policy}"}`),
          bytes: now.get(`honzik_cache_l1_bytes{policy="${policy}"}`),
          invalidations: now.get(`honzik_cache_invalidations_total{policy="${policy}"}`),
        })
    }
  })

  test('the dashboard is told the same as cacheStats', () => {
    const withoutAges = (told: unknown) =>
      JSON.parse(JSON.stringify(told, (name, value) => (name === 'ageSeconds' ? 0 : value)))
    expect(withoutAges(snapshot.windows)).toEqual(withoutAges(windows()))
  })

  test('the dashboard is told the same as metrics, minute by minute', () => {
    const sum = (of: keyof (typeof snapshot.minutes)[number]) =>
      snapshot.minutes.reduce((all, each) => all + Number(each[of] ?? 0), 0)
    expect(sum('answeredFromCache')).toBe(countOf({ cache: 'HIT' }))
    expect(sum('requests')).toBe(totalNow(/^honzik_request_duration_seconds_count/))
    expect(sum('hits')).toBe(totalNow(/^honzik_cache_hits_total/))
    expect(sum('misses')).toBe(totalNow(/^honzik_cache_misses_total/))
    expect(sum('usdSaved')).toBeCloseTo(totalNow(/^honzik_model_saved_usd_total/), 10)
  })

  test('the dashboard is told of this process, of what is read most and of the last changes', () => {
    expect(snapshot.nodes).toEqual([
      expect.objectContaining({
        id: snapshot.node,
        memoryBytes: totalNow(/^honzik_cache_l1_bytes/),
        redis: 'DISABLED',
        breakerOpen: null,
        backlog: null,
      }),
    ])
    expect(snapshot.topKeys.length).toBeGreaterThan(3)
    expect(snapshot.topKeys.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9)
    expect(snapshot.invalidations).toHaveLength(20)
    expect(snapshot.invalidations.every(({ tags }) => tags.length === 1 && /^user:\d+$/.test(tags[0] ?? ''))).toBe(true)
  })

  test('cacheStats is for admins', () => {
    expect(refused.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual(['FORBIDDEN', 'UNAUTHENTICATED'])
  })
})
