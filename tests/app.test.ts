import { expect, test } from 'vitest'
import { timeoutOf } from '../src/app.ts'
import { readConfig } from '../src/config.ts'

test.each([
  ['no model', {}, 10_000],
  ['a quick model', { OPENAI_API_KEY: 'sk', OPENAI_TIMEOUT_MS: '3000' }, 10_000],
  ['a slow model', { OPENAI_API_KEY: 'sk', OPENAI_TIMEOUT_MS: '30000' }, 32_000],
])('a request with %s may take as long as an answer and what is done besides', (_, env, milliseconds) => {
  expect(timeoutOf(readConfig(env))).toBe(milliseconds)
})
