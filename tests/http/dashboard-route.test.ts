import { once } from 'node:events'
import { connect } from 'node:net'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { FOLLOWERS_MAX } from '../../src/http/dashboard-feed.ts'
import { fakeSnapshot, startDashboard } from '../support/dashboard.ts'
import { type EventReader, openEvents } from '../support/events.ts'
import { eventually } from '../support/eventually.ts'
import { openMemoryDatabase } from '../support/memory-database.ts'
import { NOW, startTestApp } from '../support/test-app.ts'
import { countTimers } from '../support/timers.ts'

const AT = NOW.epochMilliseconds
const DAY_MS = 24 * 60 * 60_000

/** A source that counts how often it is asked, and numbers its answers. */
function countedSource() {
  let asked = 0
  return {
    asked: () => asked,
    async snapshot() {
      asked += 1
      return fakeSnapshot(AT + asked)
    },
  }
}

const started = async (now: () => number = () => AT) => {
  const source = countedSource()
  const app = await startDashboard({ source, now })
  const token = await app.tokenOf('admin')
  return { ...app, source, follow: () => openEvents(`${app.url}/dashboard/events`, token) }
}

/** The moment of the snapshot that comes next. */
async function momentOf(events: EventReader): Promise<number> {
  const [, data = ''] = /^event: snapshot\ndata: (.+)$/.exec((await events.next()) ?? '') ?? []
  return JSON.parse(data).at
}

test('anybody may load the page, also in production; its events are for admins', async () => {
  const dashboard = { snapshot: async () => fakeSnapshot(AT) }
  const openDatabase = async () => openMemoryDatabase()
  await using app = await startTestApp({ openDatabase, dashboard }, { production: true })
  const page = await fetch(`${app.url}/dashboard`)
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect(page.headers.get('set-cookie')).toBeNull()
  expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin')
  expect(page.headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  )
  const events = await openEvents(`${app.url}/dashboard/events`, await app.tokenOf('admin', 1))
  expect(events.response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(await momentOf(events)).toBe(AT)
  events.leave()
  await eventually(() =>
    expect(app.lines).toContainEqual(expect.objectContaining({ route: '/dashboard/events', viewer: 'admin:1' })),
  )
})

test.each([
  ['nobody', 401, 'UNAUTHENTICATED'],
  ['stranger', 401, 'UNAUTHENTICATED'],
  ['user', 403, 'FORBIDDEN'],
  ['staff', 403, 'FORBIDDEN'],
] as const)('%s gets no events', async (role, status, code) => {
  await using app = await started()
  const token = role === 'nobody' || role === 'stranger' ? 'a.b.c' : await app.tokenOf(role)
  const headers = role === 'nobody' ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(`${app.url}/dashboard/events`, { headers })
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([status, 'no-store'])
  expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code } }] })
  expect(app.source.asked()).toBe(0)
})

test('events come at once and then at each look, as one line each', async () => {
  await using app = await started()
  const events = await app.follow()
  expect(Object.fromEntries(events.response.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  expect(await events.next()).toBe(`event: snapshot\ndata: ${JSON.stringify(fakeSnapshot(AT + 1))}`)
  app.look()
  expect(await momentOf(events)).toBe(AT + 2)
})

test('all followers share one look, and nobody looks when all have gone', async () => {
  await using app = await started()
  const [first, second, third] = [await app.follow(), await app.follow(), await app.follow()]
  expect(await Promise.all([first, second, third].map(momentOf))).toEqual([AT + 1, AT + 1, AT + 1])
  app.look()
  expect(await Promise.all([first, second, third].map(momentOf))).toEqual([AT + 2, AT + 2, AT + 2])
  expect(app.source.asked()).toBe(2)
  expect(app.begun()).toEqual({ begins: 1, ends: 0 })

  for (const each of [first, second, third]) each.leave()
  await eventually(() => expect(app.begun()).toEqual({ begins: 1, ends: 1 }))
  const later = await app.follow()
  expect(await momentOf(later)).toBe(AT + 3)
  expect(app.begun()).toEqual({ begins: 2, ends: 1 })
})

test('events end with the token that they were asked with', async () => {
  let now = AT
  await using app = await started(() => now)
  // What the token still has is waited for in earnest.
  now += DAY_MS - 300
  const events = await app.follow()
  expect(await momentOf(events)).toBe(AT + 1)
  expect(await events.next()).toBeNull()
  now += 300
  expect((await app.follow()).response.status).toBe(401)
})

test('the server stops without waiting for followers', async () => {
  const app = await started()
  const events = await app.follow()
  expect(await momentOf(events)).toBe(AT + 1)
  await app.server.close()
  expect(await events.next()).toBeNull()
  expect(app.begun()).toEqual({ begins: 1, ends: 1 })
})

test('the server stops without waiting for a follower who does not read', async () => {
  // More than kernels hold for a client that does not read.
  const large = fakeSnapshot(AT, { node: 'x'.repeat(32 * 1024 * 1024) })
  const app = await startDashboard({ source: { snapshot: async () => large } })
  const { hostname, port } = new URL(app.url)
  const client = connect(Number(port), hostname)
  client.write(
    `GET /dashboard/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${await app.tokenOf('admin')}\r\n\r\n`,
  )
  await once(client, 'readable')
  await app.server.close()
  client.destroy()
})

test('who is told to go is told nothing more', async () => {
  await using app = await started()
  const events = await app.follow()
  expect(await momentOf(events)).toBe(AT + 1)
  app.lifecycle.bidFarewell()
  expect(app.begun()).toEqual({ begins: 1, ends: 1 })
  expect(await events.next()).toBeNull()
})

test('nothing is waited for on behalf of those who have gone', async () => {
  using timers = countTimers()
  await using app = await started()
  const before = await timers()
  const followers = await Promise.all(Array.from({ length: 9 }, app.follow))
  expect(await timers()).toBeGreaterThanOrEqual(before + 9)
  for (const each of followers) each.leave()
  await eventually(async () => expect(await timers()).toBeLessThan(before + 9))
})

test('a follower is answered before there is anything to show', async () => {
  await using app = await startDashboard({ source: { snapshot: () => new Promise(() => {}) } })
  const events = await openEvents(`${app.url}/dashboard/events`, await app.tokenOf('admin'))
  expect(events.response.status).toBe(200)
  app.look()
  expect(await events.next()).toBe(': ping')
})

test('nobody begins to follow a server that is stopping', async () => {
  await using app = await started()
  app.lifecycle.bidFarewell()
  expect((await app.follow()).response.status).toBe(503)
  expect(app.begun().begins).toBe(0)
})

test('there are so many followers and no more, until one has gone', async () => {
  await using app = await started()
  const followers = await Promise.all(Array.from({ length: FOLLOWERS_MAX }, app.follow))
  const { response } = await app.follow()
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '30'])
  followers[0]?.leave()
  await eventually(async () => expect((await app.follow()).response.status).toBe(200))
})

test('who leaves while the token is being read takes no place', async () => {
  const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const beforeReading = () => {
    asked.resolve()
    return go.promise
  }
  await using app = await startDashboard({ source: countedSource(), now: () => AT, beforeReading })
  const { hostname, port } = new URL(app.url)
  const token = await app.tokenOf('admin')
  const client = connect(Number(port), hostname)
  client.write(`GET /dashboard/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n\r\n`)
  await asked.promise
  client.destroy()
  await eventually(async () => {
    const open = await promisify(app.server.server.getConnections).call(app.server.server)
    expect(open).toBe(0)
  })
  go.resolve()

  const events = await openEvents(`${app.url}/dashboard/events`, token)
  expect(await momentOf(events)).toBe(AT + 1)
  events.leave()
  await eventually(() => expect(app.begun()).toEqual({ begins: 1, ends: 1 }))
})

test('HEAD does not follow', async () => {
  await using app = await started()
  const headers = { authorization: `Bearer ${await app.tokenOf('admin')}` }
  expect((await fetch(`${app.url}/dashboard/events`, { method: 'HEAD', headers })).status).toBe(404)
})
