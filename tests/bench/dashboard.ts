import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Response } from 'playwright-core'
import { openBrowser } from '../support/browser.ts'
import { say, sayTable } from './world/say.ts'
import { adminToken, serve } from './world/servers.ts'

/*
 * What the dashboard costs whoever opens it: bytes on the wire, and milliseconds from the navigation to the first contentful
 * paint, by the browser's own clock (Paint Timing, W3C). Each round is a visitor who has nothing of it yet.
 */

const ROUNDS = 9

interface Visit {
  readonly paintMs: number
  readonly bytes: number
}

async function visit(browser: Browser, address: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  const parts: Response[] = []
  page.on('response', (response) => parts.push(response))
  await page.goto(address, { waitUntil: 'load' })
  const paint = await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime)
  const paintMs = Number(await paint.jsonValue())
  // What follows is data, which comes as long as the page is open.
  const files = parts.filter((part) => /^\/dashboard(\/[\w.-]+\.(js|css|svg))?$/.test(new URL(part.url()).pathname))
  const sizes = files.map((part) => Number(part.headers()['content-length'] ?? Number.NaN))
  await context.close()
  return { paintMs, bytes: sizes.reduce((sum, size) => sum + size, 0) }
}

const folder = mkdtempSync(join(tmpdir(), 'honzik-dashboard-'))
try {
  await using server = await serve({ DATA_DIR: folder })
  await using browser = await openBrowser()
  const address = `${server.url}/dashboard#token=${await adminToken()}`
  const visits: Visit[] = []
  for (let round = 0; round < ROUNDS; round += 1) visits.push(await visit(browser, address))
  const paints = visits.map(({ paintMs }) => paintMs).toSorted((a, b) => a - b)
  const ms = (index: number) => `${paints.at(index)?.toFixed(0)} ms`
  say(`\nThe dashboard, ${ROUNDS} visitors, one after the other`)
  sayTable(
    ['', 'fastest', 'median', 'slowest'],
    [['first contentful paint', ms(0), ms(Math.floor(ROUNDS / 2)), ms(-1)]],
  )
  say(`${((visits[0]?.bytes ?? 0) / 1000).toFixed(1)} kB on the wire`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
