/** Takes the pictures of the dashboard in `docs/images/`, of two servers that have been under load: `npm run shots`. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { startLoad } from '../bench/restart/load.ts'
import { createChance, createZipf } from '../bench/world/chance.ts'
import { makeLearners } from '../bench/world/learners.ts'
import { startDurablePostgres } from '../bench/world/postgres.ts'
import { progress } from '../bench/world/say.ts'
import { adminToken, serve } from '../bench/world/servers.ts'
import { openBrowser } from '../support/browser.ts'
import { startFakeOpenAI } from '../support/fake-openai/fake-openai.ts'
import { troubleIn } from '../support/fake-openai/trouble.ts'
import { startRedis } from '../support/redis-server.ts'

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } })
const IMAGES = join(import.meta.dirname, '../../docs/images')
const LEARNERS = 300
const SEED = 20_261_128
/** Milliseconds between two questions to the tutor, of which there are so many different ones. */
const SAID_EVERY_MS = 400
const PHRASES = 60

await using postgres = await startDurablePostgres()
await using redis = await startRedis()
await using tutor = await startFakeOpenAI({ latencyMs: 400, troubleIn })
const ids = await makeLearners(postgres.url, LEARNERS, 40)
const env = { DATABASE_URL: postgres.url, REDIS_URL: redis.url, OPENAI_BASE_URL: tutor.url, WARM: 'auto' }
await using first = await serve(env)
await using second = await serve(env)
const token = await adminToken()

const loads = [first, second].map(({ url }, index) =>
  startLoad(Number(new URL(url).port), token, createZipf(ids, createChance(SEED + index))),
)
const talking = talk(first.url, AbortSignal.timeout(Number(values.minutes) * 60_000))
progress(`${values.minutes} min of load`)
await talking
await takeAll(first.url)
await Promise.all(loads.map((load) => load.stop()))

/** Says things to the tutor, some of them again and again. */
async function talk(url: string, until: AbortSignal): Promise<void> {
  const chance = createChance(SEED)
  const phrase = createZipf(
    Array.from({ length: PHRASES }, (_, number) => `Dnes mám ${number} úkolů do školy.`),
    createChance(SEED),
  )
  while (!until.aborted) {
    const userId = String(ids[Math.floor(chance() * ids.length)])
    const query = 'query Say($i: HonzikReplyInput!) { honzikReply(input: $i) { reply } }'
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    const body = JSON.stringify({ query, variables: { i: { text: phrase(), userId } } })
    await (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).text()
    await pause(SAID_EVERY_MS)
  }
}

async function takeAll(url: string): Promise<void> {
  await using browser = await openBrowser()
  for (const [scheme, width, height] of [
    ['light', 1280, 900],
    ['dark', 1280, 900],
    ['dark', 390, 844],
  ] as const) {
    await using context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme })
    const page = await context.newPage()
    await page.goto(`${url}/dashboard#token=${token}`)
    await page.waitForSelector('#tiles .value')
    // Charts are drawn, and the second snapshot has come.
    await pause(3_000)
    await page.screenshot({ path: join(IMAGES, `dashboard-${scheme}-${width}.png`), fullPage: true })
    if (scheme === 'light') await takeEntry(page)
  }
}

async function takeEntry(page: Page): Promise<void> {
  await page.fill('#subject', String(ids[0]))
  await page.press('#subject', 'Enter')
  const entry = page.locator('.entry').nth(1)
  await entry.waitFor()
  await entry.screenshot({ path: join(IMAGES, 'dashboard-entry.png') })
}
