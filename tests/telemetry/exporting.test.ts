import { ExportResultCode } from '@opentelemetry/core'
import { InMemorySpanExporter, SimpleSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Outcome } from '../../src/http/request-traces.ts'
import { createLog } from '../../src/telemetry/log.ts'
import { traceTo } from '../../src/telemetry/tracing.ts'
import { createTreeExporter } from '../../src/telemetry/tree-exporter.ts'
import { watched } from '../../src/telemetry/watched-exporter.ts'
import type { TracingConfig } from '../../src/tracing-config.ts'
import { openMemoryDatabase } from '../support/memory-database.ts'

const ALL = { sampler: 'always_on', ratio: 1 } as const
const OUTCOME: Outcome = {
  ...{ method: 'POST', route: '/graphql', status: 200, finished: true, sql: 0, codes: [] },
  type: 'query',
  operation: 'Home',
  cache: 'HIT',
}
const PARENT = '4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7'

describe('a sampler', () => {
  test.each<[TracingConfig['sampler'], ratio: number, alone: number, asked: number, unasked: number]>([
    ['always_on', 0, 1, 1, 1],
    ['always_off', 1, 0, 0, 0],
    ['traceidratio', 0, 0, 0, 0],
    ['traceidratio', 1, 1, 1, 1],
    ['parentbased_always_on', 0, 1, 1, 0],
    ['parentbased_always_off', 1, 0, 1, 0],
    ['parentbased_traceidratio', 0, 0, 1, 0],
  ])('%s of %d keeps what it should', async (sampler, ratio, ...kept) => {
    const exporter = new InMemorySpanExporter()
    await using tracing = traceTo(new SimpleSpanProcessor({ exporter }), { sampler, ratio })
    const counts = [undefined, `00-${PARENT}-01`, `00-${PARENT}-00`].map((traceparent) => {
      exporter.reset()
      tracing.requests.begin(traceparent, performance.now()).end(OUTCOME)
      return exporter.getFinishedSpans().length
    })
    expect(counts).toEqual(kept)
  })
})

test('a whole begins when it is said to have begun, though it is followed later', async () => {
  const exporter = new InMemorySpanExporter()
  await using tracing = traceTo(new SimpleSpanProcessor({ exporter }), ALL)
  const began = performance.now() - 5_000
  const from = performance.now()
  tracing.requests.begin(undefined, began).end(OUTCOME)
  const [seconds = 0, nanoseconds = 0] = exporter.getFinishedSpans()[0]?.duration ?? []
  const ms = seconds * 1_000 + nanoseconds / 1e6
  // Of the instants that were read, to what the epoch's milliseconds keep of a microsecond.
  expect(ms).toBeGreaterThanOrEqual(from - began - 0.01)
  expect(ms).toBeLessThanOrEqual(performance.now() - began + 0.01)
})

describe('an end', () => {
  afterEach(() => void vi.useRealTimers())

  test('sends what is left', async () => {
    const exporter = new InMemorySpanExporter()
    let ended = false
    const tracing = traceTo(new SimpleSpanProcessor({ exporter }), ALL)
    exporter.shutdown = async () => {
      ended = true
    }
    await tracing[Symbol.asyncDispose]()
    expect(ended).toBe(true)
  })

  test('waits a second at most for a collector that is silent', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const exporter = new InMemorySpanExporter()
    exporter.shutdown = () => new Promise(() => {})
    const tracing = traceTo(new SimpleSpanProcessor({ exporter }), ALL)
    const ended = vi.fn()
    const end = tracing[Symbol.asyncDispose]().then(ended)
    await vi.advanceTimersByTimeAsync(999)
    expect(ended).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    await end
  })

  test('does not mind a collector that fails, and leaves no timer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const exporter = new InMemorySpanExporter()
    exporter.shutdown = () => Promise.reject(new Error('away'))
    await traceTo(new SimpleSpanProcessor({ exporter }), ALL)[Symbol.asyncDispose]()
    expect(vi.getTimerCount()).toBe(0)
  })
})

test('that spans do not arrive is written down once a minute, with how many, and told to nobody else', () => {
  const lines: Record<string, unknown>[] = []
  const log = createLog('info', { write: (line: string) => lines.push(JSON.parse(line)) })
  let now = 0
  let fails = true
  const exporter: SpanExporter = {
    export(_, heard) {
      if (!fails) heard({ code: ExportResultCode.SUCCESS })
      else if (now % 2 === 0) heard({ code: ExportResultCode.FAILED, error: new Error('ECONNREFUSED') })
      else throw new Error('broken')
    },
    shutdown: async () => {},
  }
  const outer = watched(exporter, log, () => now)
  const told: number[] = []
  for (now of [0, 1, 59_999, 60_000, 60_001]) outer.export([], ({ code }) => told.push(code))
  expect(told).toEqual(Array.from({ length: 5 }, () => ExportResultCode.SUCCESS))
  expect(lines.map(({ msg }) => msg)).toEqual(['traces do not arrive', 'traces do not arrive'])
  expect(lines[0]).toMatchObject({ level: 40, err: { message: 'ECONNREFUSED' } })
  fails = false
  now = 200_000
  outer.export([], () => {})
  expect(lines).toHaveLength(2)
})

test('the console shows a trace as a tree once its whole has ended', async () => {
  let written = ''
  const trees = createTreeExporter((text) => {
    written += text
  })
  const tracing = traceTo(new SimpleSpanProcessor({ exporter: trees }), ALL)
  const database = tracing.database(openMemoryDatabase())
  await database.readers.users([])
  const request = tracing.requests.begin(undefined, performance.now())
  await request.run(() => Promise.all([database.readers.users([]), database.readers.stars([])]))
  expect(written).toBe('')
  request.end(OUTCOME)
  expect(written.replaceAll(/\d+\.\d ms/g, '1.0 ms')).toBe(
    [
      `trace ${request.traceId}`,
      '  query Home  1.0 ms  http.response.status_code=200  honzik.sql=0  honzik.cache.status=HIT',
      '    sql users  1.0 ms',
      '    sql stars  1.0 ms',
      '',
    ].join('\n'),
  )
  await tracing[Symbol.asyncDispose]()
})

test('of a trace with very many parts the console shows the first, and says how many more there were', async () => {
  let written = ''
  const trees = createTreeExporter((text) => {
    written += text
  })
  await using tracing = traceTo(new SimpleSpanProcessor({ exporter: trees }), ALL)
  const database = tracing.database(openMemoryDatabase())
  const request = tracing.requests.begin(undefined, performance.now())
  await request.run(async () => {
    for (let time = 0; time < 1_003; time += 1) await database.readers.users([])
  })
  request.end(OUTCOME)
  const lines = written.trimEnd().split('\n')
  expect(lines.filter((line) => line.includes('sql users'))).toHaveLength(1_000)
  expect(lines.at(-1)).toBe('  and 3 more')
})

test('a timer that a request has left behind makes no spans once the request has ended', async () => {
  const exporter = new InMemorySpanExporter()
  await using tracing = traceTo(new SimpleSpanProcessor({ exporter }), ALL)
  const database = tracing.database(openMemoryDatabase())
  const request = tracing.requests.begin(undefined, performance.now())
  const goOn = Promise.withResolvers<void>()
  let left: Promise<unknown> = Promise.resolve()
  await request.run(() =>
    database.unitOfWork.run(async () => {
      await database.readers.users([])
      left = goOn.promise.then(() => database.readers.stars([]))
    }),
  )
  request.end(OUTCOME)
  goOn.resolve()
  await left
  const names = exporter.getFinishedSpans().map(({ name }) => name)
  expect(names).toEqual(['sql users', 'transaction', 'query Home'])
})

test('whoever is not followed makes no spans, and is answered as ever', async () => {
  const exporter = new InMemorySpanExporter()
  await using tracing = traceTo(new SimpleSpanProcessor({ exporter }), ALL)
  const database = tracing.database(openMemoryDatabase())
  expect(await database.readers.users([])).toEqual(new Map())
  expect(tracing.traceId()).toBeUndefined()
  expect(exporter.getFinishedSpans()).toEqual([])
})
