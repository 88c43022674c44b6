import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { openConfiguredTracing } from '../../src/open.ts'
import { startWholeApp } from '../http/whole-app.ts'

/** Takes whatever is sent to it. */
async function startCollector() {
  const received: { readonly path: string; readonly type: string; readonly body: string }[] = []
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray()
    const type = request.headers['content-type'] ?? ''
    received.push({ path: request.url ?? '', type, body: Buffer.concat(chunks).toString('latin1') })
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, received }
}

/** A server as these variables have it, which the library reads for itself, too. */
async function started(env: Record<string, string>) {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  return startWholeApp({ tracing: readConfig(env).tracing }, { openTracing: openConfiguredTracing })
}

afterEach(() => vi.unstubAllEnvs())

test('a collector that the standard variables name hears of requests, at the latest when the process ends', async () => {
  const collector = await startCollector()
  const app = await started({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: 'honzik-of-a-test' })
  await app.ask('query Home { users(first: 1) { edges { node { id } } } }', {}, await app.tokenOf('admin', 999_999))
  await app[Symbol.asyncDispose]()
  const [batch, ...more] = collector.received
  expect([batch?.path, batch?.type, more]).toEqual(['/v1/traces', 'application/x-protobuf', []])
  for (const part of ['query Home', 'sql listUsers', 'honzik-of-a-test']) expect(batch?.body).toContain(part)
})

test('a collector that is away is complained about, and keeps neither requests nor the end', async () => {
  // Nobody listens there.
  const app = await started({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_EXPORTER_OTLP_TIMEOUT: '300' })
  expect((await app.post({ query: 'query Home { health { status } }' })).status).toBe(200)
  await app[Symbol.asyncDispose]()
  expect(app.lines.filter(({ msg }) => msg === 'traces do not arrive')).toMatchObject([{ level: 40, dropped: 2 }])
})
