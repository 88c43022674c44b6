import Fastify, { type InjectOptions } from 'fastify'
import { expect, test } from 'vitest'
import { sendError } from '../../src/http/errors.ts'
import { registerMetrics } from '../../src/http/metrics-route.ts'
import { createMetrics } from '../../src/telemetry/metrics.ts'
import { at } from '../support/test-app.ts'
import { startVoiced } from '../support/voiced.ts'
import { samplesIn, sourcesOf } from '../telemetry/sources.ts'

const TOKEN = 'a-token-of-metrics'

/** The route by itself, asked from any address. */
async function ask(metricsToken: string | null, from: InjectOptions): Promise<[number, string]> {
  await using server = Fastify()
  server.setErrorHandler((error, request, reply) => sendError(error, request, reply))
  registerMetrics(server, { metricsToken, metrics: createMetrics(sourcesOf()) })
  const { statusCode, body } = await server.inject({ path: '/metrics', ...from })
  return [statusCode, statusCode === 200 ? body : JSON.parse(body).errors[0].extensions.code]
}

const SAMPLES = expect.stringMatching(/^honzik_jobs_waiting 3$/m)

test.each(['127.0.0.1', '127.8.0.1', '::1', '::ffff:127.0.0.1'])('%s is this machine', async (remoteAddress) => {
  expect(await ask(null, { remoteAddress })).toEqual([200, SAMPLES])
})

test.each(['10.0.0.5', '128.0.0.1', '::ffff:10.0.0.5', '2001:db8::1', '::'])('%s is not', async (remoteAddress) => {
  expect(await ask(null, { remoteAddress })).toEqual([403, 'FORBIDDEN'])
})

test.each(['forwarded', 'x-forwarded-for', 'x-real-ip'])('what a proxy passes on is not, with %s', async (name) => {
  expect(await ask(null, { remoteAddress: '127.0.0.1', headers: { [name]: '127.0.0.1' } })).toEqual([403, 'FORBIDDEN'])
})

test('whoever has the token may read from anywhere, and nobody else from anywhere', async () => {
  const asking = (authorization: string | undefined, remoteAddress: string) =>
    ask(TOKEN, { remoteAddress, headers: { ...(authorization !== undefined && { authorization }) } })
  expect(await asking(`Bearer ${TOKEN}`, '10.0.0.5')).toEqual([200, SAMPLES])
  expect(await asking(`bearer ${TOKEN}`, '127.0.0.1')).toEqual([200, SAMPLES])
  for (const wrong of [
    undefined,
    '',
    'Bearer',
    'Bearer ',
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN} x`,
    TOKEN,
    `Basic ${TOKEN}`,
  ])
    expect(await asking(wrong, '127.0.0.1'), wrong).toEqual([401, 'UNAUTHENTICATED'])
})

test('metrics say how many jobs wait, for how long, and how many may', async () => {
  await using app = await startVoiced({ config: { workers: 0, jobsMax: 7 } })
  const read = async () => {
    const answer = await fetch(`${app.url}/metrics`)
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    return samplesIn(await answer.text())
  }
  const learner = await app.learner()
  for (const text of ['Ahoj!', 'Jak se mas?']) {
    const sent = await learner.ask('mutation ($i: SendMessageInput!) { sendMessage(input: $i) { job { id } } }', {
      i: { text, mode: 'ASYNC' },
    })
    expect(sent.errors).toBeUndefined()
  }
  const health = await learner.ask('{ health { jobs { waiting oldestAgeSeconds } } }')
  const samples = await read()
  expect(samples.get('honzik_jobs_waiting')).toBe(2)
  expect(samples.get('honzik_jobs_oldest_age_seconds')).toBe(at(health, 'data', 'health', 'jobs', 'oldestAgeSeconds'))
  expect(samples.get('honzik_jobs_waiting_max')).toBe(7)
})

test.each([
  ['nothing waits', 0, null, '0', '0'],
  ['the database is away', null, null, 'Nan', 'Nan'],
])('while %s', async (_, waiting, oldestAgeSeconds, many, age) => {
  const jobs = { status: 'HEALTHY', waiting, oldestAgeSeconds } as const
  const text = await createMetrics(sourcesOf({ health: async () => ({ jobs }) })).read()
  expect(text).toContain(`\nhonzik_jobs_waiting ${many}\n`)
  expect(text).toContain(`\nhonzik_jobs_oldest_age_seconds ${age}\n`)
})
