import { describe, expect, test } from 'vitest'
import { createMetrics } from '../../src/telemetry/metrics.ts'
import { countsOf, noticeOf, samplesIn, sourcesOf } from './sources.ts'

const read = async (some: Parameters<typeof sourcesOf>[0] = {}) => {
  const text = await createMetrics(sourcesOf(some)).read()
  return { text, samples: samplesIn(text) }
}

test('what has not happened is told as 0, so that a rate is known from the first time on', async () => {
  const { samples } = await read()
  expect(samples.get('honzik_cache_hits_total{policy="profile",tier="L1"}')).toBe(0)
  expect(samples.get('honzik_cache_stale_total{policy="profile"}')).toBe(0)
  expect(samples.get('honzik_cache_breaker_open')).toBe(0)
})

test('everything that was counted is told, by its labels', async () => {
  const counts = countsOf()
  counts.cache.report({ kind: 'hit', policy: 'profile', tier: 'L2', count: 3 })
  counts.cache.report({ kind: 'loaded', policy: 'profile', count: 2, ms: 500 })
  counts.cache.report({ kind: 'resynced', reason: 'gap' })
  counts.cache.report({ kind: 'breaker', state: 'open', error: null })
  counts.requests.report({ operation: 'Home', cache: 'HIT', codes: [], signedIn: true, ms: 2 })
  counts.requests.report({ operation: undefined, cache: null, codes: ['NOT_FOUND'], signedIn: false, ms: 2 })
  counts.upstream.report({ kind: 'failed', model: 'gpt', trouble: 'timeout', error: null, milliseconds: 1_500 })
  const { samples } = await read({ counts })
  for (const [name, value] of [
    ['honzik_cache_hits_total{policy="profile",tier="L2"}', 3],
    ['honzik_cache_load_seconds_total{policy="profile"}', 0.5],
    ['honzik_cache_resyncs_total{reason="gap"}', 1],
    ['honzik_cache_breaker_open', 1],
    ['honzik_cache_breaker_openings_total', 1],
    ['honzik_request_duration_seconds_bucket{operation="Home",cache="HIT",le="0.0025"}', 1],
    ['honzik_request_duration_seconds_bucket{operation="Home",cache="HIT",le="0.001"}', 0],
    ['honzik_request_duration_seconds_bucket{operation="Home",cache="HIT",le="+Inf"}', 1],
    ['honzik_request_duration_seconds_sum{operation="Home",cache="HIT"}', 0.002],
    ['honzik_request_duration_seconds_count{operation="(none)",cache="NONE"}', 1],
    ['honzik_request_errors_total{code="NOT_FOUND"}', 1],
    ['honzik_model_calls_total{model="gpt",outcome="timeout"}', 1],
    ['honzik_model_call_duration_seconds_count{model="gpt"}', 1],
    ['honzik_sql_statements_total', 7],
    ['honzik_sql_in_flight', 1],
    ['honzik_sql_pool_max', 4],
    ['honzik_info{version="1.2.3"}', 1],
    ['honzik_event_loop_delay_p99_seconds', 0.0015],
    ['honzik_requests_per_second', 2.5],
    ['honzik_cache_l1_max_bytes', 100],
  ] as const)
    expect([name, samples.get(name)]).toEqual([name, value])
})

test('is the same each time it is read: nothing is added up twice', async () => {
  const counts = countsOf()
  counts.cache.report({ kind: 'miss', policy: 'profile', count: 1 })
  const metrics = createMetrics(sourcesOf({ counts }))
  await metrics.read()
  expect(samplesIn(await metrics.read()).get('honzik_cache_misses_total{policy="profile"}')).toBe(1)
})

test('tells of the process too, and of its event loop only in our own words', async () => {
  const { samples } = await read()
  expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(1_000_000)
  expect([...samples.keys()].filter((name) => name.includes('eventloop'))).toEqual([])
})

describe('of Redis', () => {
  const redis = async (...shared: Parameters<typeof sourcesOf>) =>
    [...(await read(...shared)).samples].filter(([name]) => name.startsWith('honzik_redis'))

  test('nothing is told where there is none', async () => {
    expect(await redis()).toEqual([])
  })

  test('sockets and memory are told, and what is not known is not a number', async () => {
    const shared = () => ({ sockets: 2, socketsMax: 50, memoryBytes: 1_000, memoryMaxBytes: null })
    expect(await redis({ shared })).toEqual([
      ['honzik_redis_sockets', 2],
      ['honzik_redis_sockets_max', 50],
      ['honzik_redis_memory_bytes', 1_000],
      ['honzik_redis_memory_max_bytes', Number.NaN],
    ])
  })
})

test.each([
  [{ backlog: null }, 'honzik_cache_relay_backlog', Number.NaN],
  [{ backlog: 5 }, 'honzik_cache_relay_backlog', 5],
] as const)('of a node with %j', async (state, name, value) => {
  expect((await read({ node: { notice: () => noticeOf(state) } })).samples.get(name)).toBe(value)
})
