import { expect, test } from 'vitest'
import { CHROMIUM, openBrowser } from '../support/browser.ts'
import { openTestEmbedded } from '../support/databases.ts'
import { createLearner } from '../support/people.ts'
import { startTestApp } from '../support/test-app.ts'

test.skipIf(!CHROMIUM)('a newcomer types a query and sees the answer', async () => {
  await using app = await startTestApp({ openDatabase: openTestEmbedded })
  const token = await app.tokenOf('admin', await createLearner(app, { firstName: 'Žofie' }))
  await using browser = await openBrowser()
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.setDefaultTimeout(10_000)
  const strangers: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(app.url) && !request.url().startsWith('data:')) strangers.push(request.url())
  })
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })

  await page.goto(`${app.url}/graphql#token=${token}`)
  const editor = page.locator('.graphiql-query-editor .CodeMirror').first()
  await editor.click()
  expect(page.url()).not.toContain('token')
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText('{ me { firstName settings { timezone } } }')
  await page.keyboard.press('Control+Enter')
  const answer = page.locator('.result-window')

  await answer.getByText('Žofie').waitFor()
  expect(await answer.textContent()).toContain('Europe/Prague')

  await editor.click()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText('subscription { honzikReply(input: { text: "Ahoj!" }) { text reply { reply } } }')
  await page.keyboard.press('Control+Enter')
  await answer.getByText('Slyším tě: Ahoj! A co dál?').waitFor()
  expect(await page.getByRole('link', { name: 'Open in Apollo Sandbox' }).getAttribute('href')).toContain(
    encodeURIComponent(`${app.url}/graphql`),
  )
  expect(strangers).toEqual([])
  expect(complaints).toEqual([])
  const picture = process.env['EXPLORER_SCREENSHOT']
  if (picture) await page.screenshot({ path: picture })
})
