import { globSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DashboardServer, fakeSnapshot, startDashboard } from '../support/dashboard.ts'
import { openWire } from '../support/wire.ts'

let app: DashboardServer
beforeAll(async () => {
  app = await startDashboard({ source: { snapshot: async () => fakeSnapshot(0) } })
})
afterAll(() => app[Symbol.asyncDispose]())

const load = async (path: string) => (await fetch(`${app.url}${path}`)).text()

/** The page's parts, as it names them. */
const partsOf = (html: string) =>
  [...html.matchAll(/<(?:script|link)[^>]+(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '')

test('every part of the page comes from us, and the page names every part', async () => {
  const parts = partsOf(await load('/dashboard'))
  for (const path of parts) {
    const part = await fetch(`${app.url}${path}`)
    const type = path.endsWith('.js') ? 'text/javascript; charset=utf-8' : 'text/css; charset=utf-8'
    expect([path, part.status, part.headers.get('content-type')]).toEqual([path, 200, type])
  }
  const own = globSync('*.{js,css}', { cwd: join(import.meta.dirname, '../../src/http/dashboard') })
  expect(own.length).toBeGreaterThan(10)
  expect(new Set(parts)).toEqual(new Set([...own, 'uplot.js', 'uplot.css'].map((name) => `/dashboard/${name}`)))
  expect((await fetch(`${app.url}/dashboard/tsconfig.json`)).status).toBe(404)
})

test('nothing is inline, nothing is elsewhere, and no token is in it', async () => {
  const html = await load('/dashboard')
  expect(html).not.toMatch(/<script>|<style|style=|\son\w+=|eyJ/)
  for (const path of ['/dashboard', ...partsOf(html)]) {
    // The library says in a comment where it comes from.
    const [address] = /https?:\/\/[^"' ]*/.exec((await load(path)).replace(/\/\*.*?\*\//gs, '')) ?? [null]
    expect([path, address]).toEqual([path, null])
  }
})

test('all of it is less than 150 kB on the wire', async () => {
  let bytes = 0
  for (const path of ['/dashboard', ...partsOf(await load('/dashboard'))]) {
    const { headers } = await fetch(`${app.url}${path}`, { headers: { 'accept-encoding': 'gzip' } })
    expect([path, headers.get('content-encoding')]).toEqual([path, 'gzip'])
    bytes += Number(headers.get('content-length'))
  }
  console.info(`The dashboard is ${(bytes / 1000).toFixed(1)} kB, compressed.`)
  expect(bytes).toBeGreaterThan(10_000)
  expect(bytes).toBeLessThan(150_000)
})

test('a browser that has a part is told that it is still the same', async () => {
  using wire = openWire()
  const path = '/dashboard/main.js'
  const get = (headers: Record<string, string>) => wire.send(app.url, { method: 'GET', path, headers })
  const plain = await get({})
  const zipped = await get({ 'accept-encoding': 'gzip' })
  expect(plain.headers).toMatchObject({ 'cache-control': 'public, no-cache', vary: 'Accept-Encoding, Origin' })
  expect(plain.headers['content-encoding']).toBeUndefined()
  expect(zipped.text).toBe(plain.text)
  expect(zipped.headers.etag).not.toBe(plain.headers.etag)
  for (const { headers } of [plain, zipped]) {
    const again = await get({ 'if-none-match': String(headers.etag) })
    expect([again.status, again.text]).toEqual([304, ''])
  }
  expect((await get({ 'if-none-match': '"another"' })).status).toBe(200)
})
