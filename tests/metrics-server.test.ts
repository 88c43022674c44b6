import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { openCore } from '../src/core.ts'
import { startMetricsServer } from '../src/metrics-server.ts'
import { createLog } from '../src/telemetry/log.ts'
import { freePort } from './support/free-port.ts'
import { openMemoryDatabase } from './support/memory-database.ts'
import { openMemoryTutor } from './support/memory-tutor.ts'
import { at, testConfig } from './support/test-app.ts'
import { samplesIn } from './telemetry/sources.ts'

/** A process that answers no requests, and what it tells of itself. */
async function started(metricsToken: string | null = null, metricsPort = 0) {
  const opened = new AsyncDisposableStack()
  onTestFinished(() => opened.disposeAsync())
  const lines: Record<string, unknown>[] = []
  const log = createLog('info', { write: (line: string) => lines.push(JSON.parse(line)) })
  const config = { ...testConfig({ metricsToken }), metricsPort }
  const world = { log, openDatabase: async () => openMemoryDatabase(), openTutor: async () => openMemoryTutor() }
  const core = opened.use(await openCore(config, world))
  const server = opened.use(await startMetricsServer(config, core, log))
  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${server.url}${path}`, { headers })
  return { core, server, lines, get, end: () => opened.disposeAsync() }
}

test('tells metrics of this process, by the rules of a server', async () => {
  const { core, get } = await started()
  core.counts.upstream.report({ kind: 'answered', model: 'm', tokens: null, usd: null, milliseconds: 1 })
  const answer = await get('/metrics')
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
  expect(samplesIn(await answer.text()).get('honzik_model_calls_total{model="m",outcome="answered"}')).toBe(1)
  expect((await get('/metrics', { 'x-forwarded-for': '10.0.0.5' })).status).toBe(403)
})

test('tells them to whoever has the token, where there is one', async () => {
  const { get } = await started('a-token-of-metrics')
  expect((await get('/metrics')).status).toBe(401)
  expect((await get('/metrics', { authorization: 'Bearer a-token-of-metrics' })).status).toBe(200)
})

test('says that the process lives, and is ready until it stops', async () => {
  const { server, get } = await started()
  expect(await (await get('/health/live')).json()).toEqual({ status: 'LIVE' })
  const ready = await get('/health/ready')
  expect([ready.status, await ready.json()]).toMatchObject([200, { database: { status: 'HEALTHY' }, draining: false }])
  server.drain()
  const stopping = await get('/health/ready')
  expect([stopping.status, await stopping.json()]).toMatchObject([503, { draining: true }])
})

test('answers nothing else, and logs and fails as a server does', async () => {
  const { get, lines } = await started()
  for (const path of ['/graphql', '/dashboard', '/']) {
    const answer = await get(path)
    expect([path, answer.status, at(await answer.json(), 'errors', 0, 'extensions', 'code')]).toEqual([
      ...[path, 404, 'NOT_FOUND'],
    ])
  }
  expect(lines.filter(({ msg }) => msg === 'request')).toHaveLength(3)
})

describe('an end', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  test('comes at once, whoever is still connected', async () => {
    const { server, get, end } = await started()
    await (await get('/health/live')).text()
    await end()
    await expect(fetch(`${server.url}/health/live`)).rejects.toThrow()
  })

  test('comes half a second later for whoever has not asked to the end', async () => {
    const { server, get, end } = await started()
    const { port } = new URL(server.url)
    const socket = connect(Number(port), '127.0.0.1')
    const closed = vi.fn()
    const over = once(socket, 'close').then(closed)
    await once(socket, 'connect')
    socket.write('GET /health/live HTTP/1.1\r\n')
    // What was sent before is read before.
    await (await get('/health/live')).text()
    const ended = end()
    await vi.advanceTimersByTimeAsync(499)
    expect(closed).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    await Promise.all([ended, over])
  })
})

test('does not start where the port is taken', async () => {
  const port = await freePort()
  const other = createServer().listen(port, '127.0.0.1')
  onTestFinished(() => void other.close())
  await expect(started(null, port)).rejects.toThrow('EADDRINUSE')
})
