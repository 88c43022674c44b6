import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Snapshot } from '../../src/domain/cache-report.ts'
import { CHROMIUM, openBrowser } from '../support/browser.ts'
import { type DashboardServer, fakeSnapshot, startDashboard } from '../support/dashboard.ts'
import { eventually } from '../support/eventually.ts'

const HOSTILE = `<img src="x" onerror="document.title='hacked'">`

/** What the page was told and asked, in all tests. */
let shown: (at: number) => Partial<Snapshot>
let asked: { readonly kind: 'EXPLAIN' | 'PURGE'; readonly tags: readonly string[] }[]
let app: DashboardServer
let browser: Browser
let complaints: string[]
let strangers: string[]

const copyOf = (value: string) => ({
  value,
  loadedAt: new Date(Date.now() - 125_000).toISOString(),
  expiresAt: new Date(Date.now() + 7_300_000).toISOString(),
  bytes: 2_048,
})

function entryOf(tag: string) {
  const value = `{"telegramId":90071992547409931,"firstName":${JSON.stringify(HOSTILE)},"none":[]}`
  const isOld = tag.startsWith('stars:')
  return {
    ...{ tag, policy: tag.split(':')[0], memory: copyOf(value), shared: null, responses: 3 },
    ...{ database: isOld ? '{}' : value, isFresh: !isOld },
  }
}

describe.skipIf(!CHROMIUM)('in a browser', () => {
  beforeAll(async () => {
    app = await startDashboard({
      source: { snapshot: async () => fakeSnapshot(Date.now(), shown(Date.now())) },
      graphql({ query, variables: { tags } }) {
        const isPurge = query.startsWith('mutation')
        asked.push({ kind: isPurge ? 'PURGE' : 'EXPLAIN', tags })
        if (tags.includes('no:1'))
          return { errors: [{ message: 'Not today.', extensions: { code: 'BAD_USER_INPUT' } }] }
        return { data: isPurge ? { purgeCache: { purgedTags: tags } } : { cacheEntries: tags.map(entryOf) } }
      },
    })
    browser = await openBrowser()
  })
  beforeAll(() => reset())
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
    expect(strangers).toEqual([])
    // Among them is every violation of the page's policy.
    expect(complaints).toEqual([])
    reset()
  })
  afterAll(async () => {
    await browser.close()
    await app[Symbol.asyncDispose]()
  })

  test('an admin’s token shows the numbers; any other is refused in the server’s words', async () => {
    const page = await open('/dashboard')
    const box = page.getByLabel('An admin’s token')
    expect(await box.evaluate((node) => node === node.ownerDocument.activeElement)).toBe(true)
    expect(await violationsOf(page)).toEqual([])
    for (const [token, words] of [
      ['a.b.c', 'The token in the Authorization header is not valid.'],
      ['žádný', 'This is not a token.'],
      [await app.tokenOf('staff'), 'Only admins may do this.'],
    ] as const) {
      await box.fill(token)
      await page.keyboard.press('Enter')
      await page.getByRole('alert').getByText(words).waitFor()
    }
    await box.fill(await app.tokenOf('admin'))
    await page.keyboard.press('Enter')
    await page.getByText('Live', { exact: true }).waitFor()
    expect(await tiles(page)).toMatchObject({ 'Hit rate': '92.4%', Requests: '56.6/s', Saved: '$0.78', Spent: '$0.24' })
    expect(await page.locator('#serving').textContent()).toBe('Node n7f3a91 · version 0.6.0')
    expect(await page.locator('#nodes tbody tr').count()).toBe(3)
    const ill = await page.locator('#nodes tbody tr').nth(2).locator('th, td').allTextContents()
    expect(ill.slice(0, 8)).toEqual([
      ...['nd81e05', '0.6.0', 'Degraded', 'Unavailable', 'Open', 'Healthy', '–', '1,412'],
    ])
    // It has not been heard of for a while, so the sum is without it.
    expect(ill.at(-1)).toBe('21 sec. ago, may be gone')
    expect(await page.getByText('now, of 2 nodes together').count()).toBe(1)
    complaints = complaints.filter((text) => !/status of 40[13]/.test(text))
  })

  test('windows are chosen with the keyboard, and keys explained', async () => {
    const page = await openSignedIn()
    await page.getByLabel('Last hour').focus()
    await page.keyboard.press('ArrowRight')
    expect(await tiles(page)).toMatchObject({ Saved: '$15.20', Spent: '$4.91' })
    await page.keyboard.press('ArrowRight')
    expect(await tiles(page)).toMatchObject({ Saved: '$98.77' })

    const key = page.getByRole('button', { name: 'Explain practice:42' })
    await key.focus()
    // What is drawn anew in the meantime does not take the focus away.
    shown = () => ({
      topKeys: [
        { tag: 'user:9', share: 0.5 },
        { tag: 'practice:42', share: 0.25 },
      ],
    })
    app.look()
    await page.locator('#keys tbody tr').nth(1).getByText('25%').waitFor()
    expect(await page.locator('#keys tbody tr').count()).toBe(2)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'practice:42' }).waitFor()
    expect(asked).toEqual([{ kind: 'EXPLAIN', tags: ['practice:42'] }])
  })

  test('charts are drawn, and say in words what they show', async () => {
    const page = await openSignedIn()
    const chart = page.getByRole('img', { name: /^Latency, last 60 minutes\. p50: from .+ to .+, latest .+\. p99: / })
    const isDrawn = await chart.locator('canvas').evaluate((canvas) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
      return data.some((value: number) => value > 0)
    })
    expect([await page.locator('canvas').count(), isDrawn]).toEqual([4, true])
    await chart.hover({ position: { x: 200, y: 60 } })
    await page
      .locator('#chart-cost .when')
      .getByText(/^at \d\d:\d\d$/)
      .waitFor()
  })

  test('a minute that stands alone is a point', async () => {
    const pixels = async () => {
      const page = await openSignedIn()
      // Of the colour that the line has in the legend, which nothing else in the drawing has.
      const swatch = String(await page.evaluate('getComputedStyle(document.querySelector(".swatch")).color'))
      const colour = swatch.match(/\d+/g)?.map(Number) ?? []
      const found = await page.locator('#chart-hit-rate canvas').evaluate((canvas, [red, green, blue]) => {
        const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
        let count = 0
        for (let at = 0; at < data.length; at += 4)
          if (data[at] === red && data[at + 1] === green && data[at + 2] === blue && data[at + 3] === 255) count += 1
        return count
      }, colour)
      await page.close()
      return found
    }
    const minutes = fakeSnapshot(Date.now()).minutes.map((minute) => ({ ...minute, hits: 0, misses: 0 }))
    shown = () => ({ minutes })
    expect(await pixels()).toBe(0)
    shown = () => ({ minutes: minutes.map((it, at) => (at === 59 ? { ...it, hits: 3, misses: 1 } : it)) })
    expect(await pixels()).toBeGreaterThan(4)
  })

  test('minutes with others beside them are no points', async () => {
    const page = await openSignedIn()
    const lonely = (values: readonly (number | null)[]) =>
      page.evaluate(`import('/dashboard/series.js').then(({ lonely }) => lonely(${JSON.stringify(values)}))`)
    expect(await lonely([1, null, 0, null, 1, 2, null, 3])).toEqual([0, 2, 7])
    expect(await lonely([1, 2, 3])).toEqual([])
    expect(await lonely([null, null])).toEqual([])
  })

  test('what somebody made up stays text', async () => {
    shown = (at) => ({
      node: HOSTILE,
      topKeys: [{ tag: HOSTILE, share: 1 }],
      invalidations: [{ at, tags: [HOSTILE], more: 0 }],
    })
    const page = await openSignedIn()
    for (const place of ['#serving', '#keys', '#changes'])
      expect(await page.locator(place).textContent(), place).toContain(HOSTILE)
    await explain(page, `user:${HOSTILE}`)
    expect(await page.locator('#entries pre').first().textContent()).toBe(
      `{\n  "telegramId": 90071992547409931,\n  "firstName": ${JSON.stringify(HOSTILE)},\n  "none": []\n}`,
    )
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.title()).toBe('Honzík · Cache dashboard')
  })

  test('a learner is explained tag by tag, and purged once that is confirmed', async () => {
    const page = await openSignedIn()
    await explain(page, '42')
    const tags = ['user:42', 'settings:42', 'stars:42', 'practice:42', 'messages:42']
    expect(await page.locator('#entries h3').allTextContents()).toEqual(tags)
    const card = page.locator('article').nth(2)
    for (const words of [
      'A cached copy differs from the database',
      'Policy: stars · in 3 whole answers',
      '2 KiB',
      '2 min. ago',
    ])
      expect(await card.textContent()).toContain(words)
    expect(await violationsOf(page)).toEqual([])

    const dialog = page.getByRole('dialog', { name: 'Purge from every cache?' })
    await page.getByRole('button', { name: 'Purge user:42' }).focus()
    await page.keyboard.press('Enter')
    expect(await dialog.getByRole('listitem').allTextContents()).toEqual(['user:42'])
    expect(await violationsOf(page)).toEqual([])
    // What has the focus first is harmless.
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'hidden' })
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    expect(asked).toEqual([{ kind: 'EXPLAIN', tags }])

    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('Purged user:42.').waitFor()
    await page.locator('.found:focus').waitFor()
    expect(asked.slice(1)).toEqual([
      { kind: 'PURGE', tags: ['user:42'] },
      { kind: 'EXPLAIN', tags },
    ])
    await page.getByRole('button', { name: 'Purge all shown' }).click()
    await dialog.getByRole('button', { name: 'Purge' }).click()
    await page
      .getByRole('status')
      .getByText(`Purged ${tags.join(', ')}.`)
      .waitFor()
  })

  test('what cannot be explained is said where it was asked', async () => {
    const page = await openSignedIn()
    await page.getByLabel('A learner’s id, or a tag').fill('nonsense')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('neither a learner’s id nor a tag').waitFor()
    await page.getByLabel('A learner’s id, or a tag').fill('no:1')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('Not today.').waitFor()
  })

  test('a connection that breaks is told of and made again', async () => {
    const page = await openSignedIn()
    shown = () => ({ nodes: [] })
    app.server.server.closeAllConnections()
    await page
      .getByRole('status')
      .getByText(/Trying again in 1 s\.$/)
      .waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    await page.getByText('Each process that serves will be listed here.').waitFor()
    complaints = complaints.filter((text) => !text.includes('ERR_'))
  })

  test('a connection that brings nothing more is given up and made again', async () => {
    const page = await openSignedIn({ clock: true })
    // Whatever is read counts, also what is no news; what is being read already is not counted here.
    await page.evaluate(`
      globalThis.reads = 0
      const { read } = ReadableStreamDefaultReader.prototype
      ReadableStreamDefaultReader.prototype.read = async function () {
        const answer = await read.call(this)
        globalThis.reads += 1
        return answer
      }`)
    shown = () => {
      throw new Error('Not now.')
    }
    await page.clock.fastForward(15_000)
    await page.getByText('Connected, but there is no news: what is shown is old.').waitFor()
    await eventually(async () => {
      app.look()
      expect(await page.evaluate('reads')).toBeGreaterThan(0)
    })
    await page.clock.fastForward(15_000)
    expect(await page.locator('#live').getAttribute('data-state')).toBe('quiet')

    shown = () => ({ nodes: [] })
    await page.clock.fastForward(15_000)
    await page.getByText('The server has gone silent. Trying again in 1 s.').waitFor()
    await page.clock.fastForward(1_000)
    await page.getByText('Live', { exact: true }).waitFor()
    await page.getByText('Each process that serves will be listed here.').waitFor()
  })

  test('signing out leaves nothing behind', async () => {
    const page = await openSignedIn()
    expect(page.url()).toBe(`${app.url}/dashboard`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('An admin’s token').waitFor()
    expect(await page.content()).not.toContain('n7f3a91')
    expect(await page.evaluate('sessionStorage.length + document.cookie.length')).toBe(0)
  })

  test('it is dark or light as the system is, unless somebody chooses', async () => {
    const page = await openSignedIn({ colorScheme: 'dark' })
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    const dark = await ground()
    expect(await violationsOf(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'light' })
    const light = await ground()
    expect(light).not.toBe(dark)
    await page.getByLabel('Theme').selectOption('Dark')
    expect(await ground()).toBe(dark)
    await page.reload()
    expect(await ground()).toBe(dark)
    expect(await page.getByLabel('Theme').inputValue()).toBe('dark')
  })

  test('a narrow phone shows it without scrolling sideways', async () => {
    const page = await openSignedIn({ viewport: { width: 360, height: 740 } })
    await explain(page, '42')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    expect(await violationsOf(page)).toEqual([])
  })

  test('without anything to show it says what will be there', async () => {
    shown = () => ({ windows: [], minutes: [], nodes: [], topKeys: [], invalidations: [] })
    const page = await openSignedIn()
    expect(
      await page
        .getByText(/will be/)
        .filter({ visible: true })
        .count(),
    ).toBe(8)
    expect(await tiles(page)).toMatchObject({ 'Hit rate': '–', 'p99 latency': '–', 'Time saved': '0 ms' })
  })
})

function reset(): void {
  shown = () => ({})
  asked = []
  complaints = []
  strangers = []
}

interface PageOptions extends BrowserContextOptions {
  /** Whether timers go by a clock that the test may put forward. */
  readonly clock?: boolean
}

async function open(path: string, { clock = false, ...options }: PageOptions = {}): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options })
  page.setDefaultTimeout(15_000)
  if (clock) await page.clock.install()
  page.on('request', (request) => {
    if (!request.url().startsWith(app.url) && !request.url().startsWith('data:')) strangers.push(request.url())
  })
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(`${app.url}${path}`)
  return page
}

/** The page as the link that the server prints opens it. */
async function openSignedIn(options?: PageOptions): Promise<Page> {
  const page = await open(`/dashboard#token=${await app.tokenOf('admin')}`, options)
  await page.locator('#tiles .value').first().waitFor()
  return page
}

async function explain(page: Page, subject: string): Promise<void> {
  await page.getByLabel('A learner’s id, or a tag').fill(subject)
  await page.keyboard.press('Enter')
  await page.locator('.found').waitFor()
}

async function tiles(page: Page): Promise<Record<string, string>> {
  const names = await page.locator('#tiles dt').allTextContents()
  const values = await page.locator('#tiles .value').allTextContents()
  return Object.fromEntries(names.map((name, place) => [name, values[place] ?? '']))
}

/** What would shut somebody out, as axe sees it. */
async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const violations = await page.evaluate<axe.Result[]>(
    'axe.run({ resultTypes: ["violations"] }).then((it) => it.violations)',
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  )
}
