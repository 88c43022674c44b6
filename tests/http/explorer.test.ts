import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestEmbedded } from '../support/databases.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ openDatabase: openTestEmbedded })
})
afterAll(() => app[Symbol.asyncDispose]())

const browse = (path: string) => fetch(`${app.url}${path}`, { headers: { accept: 'text/html,application/xhtml+xml' } })

test('a browser at /graphql gets a page whose every part comes from us', async () => {
  const page = await browse('/graphql')
  expect(page.headers.get('content-type')).toContain('text/html')
  const policy = page.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain("default-src 'none'")

  const html = await page.text()
  const parts = [...html.matchAll(/<(?:script|link)[^>]+(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '')
  expect(parts).toHaveLength(7)
  for (const path of parts) {
    const part = await fetch(`${app.url}${path}`)
    expect([path, part.status]).toEqual([path, 200])
    expect(part.headers.get('content-type')).toMatch(path.endsWith('.js') ? 'text/javascript' : 'text/css')
    expect((await part.text()).length).toBeGreaterThan(100)
  }
  // Scripts in the page itself would need a hole in the policy.
  expect(html).not.toMatch(/<script>|onload=|onclick=/)
})

test('the page never carries a token', async () => {
  expect(await (await browse('/graphql')).text()).not.toMatch(/eyJ/)
})

test('a program that asks for JSON at the same address gets none of it', async () => {
  const answer = await fetch(`${app.url}/graphql?query={health{status}}`, {
    headers: { accept: 'application/json', 'apollo-require-preflight': '1' },
  })
  expect(await answer.json()).toEqual({ data: { health: { status: 'HEALTHY' } } })
})
