import { createHmac } from 'node:crypto'
import { at, NOW, type TestApp } from './test-app.ts'

let lastTelegramId = 1000

/** Creates a learner through the API, as staff, and returns the id. */
export async function createLearner(app: TestApp, input: Record<string, unknown> = {}): Promise<number> {
  lastTelegramId += 1
  const answer = await app.ask(
    'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }',
    { input: { telegramId: String(lastTelegramId), firstName: 'Ada', ...input } },
    await app.tokenOf('staff', 999_999),
  )
  const id = at(answer, 'data', 'createUser', 'user', 'id')
  if (typeof id !== 'string') throw new Error(`no learner was made: ${JSON.stringify(answer)}`)
  return Number(id)
}

export const BOT_TOKEN = '123456:test-bot-token'

/** Init data as Telegram signs it for the test bot. */
export function signedInitData(user: Record<string, unknown>, signedAt = NOW): string {
  const fields: Record<string, string> = {
    auth_date: String(Math.floor(signedAt.epochMilliseconds / 1000)),
    query_id: 'AAF-test',
    user: JSON.stringify(user),
  }
  const text = Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('\n')
  const key = createHmac('sha256', 'WebAppData').update(BOT_TOKEN).digest()
  return new URLSearchParams({ ...fields, hash: createHmac('sha256', key).update(text).digest('hex') }).toString()
}
