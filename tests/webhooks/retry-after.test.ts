import { expect, test } from 'vitest'
import { retryAfterSeconds } from '../../src/webhooks/retry-after.ts'

const NOW = Date.parse('2026-11-23T08:30:00.500Z')

test.each<[header: string | undefined, seconds: number | null]>([
  ['0', 0],
  ['120', 120],
  ['86400', 86_400],
  ['86401', 86_400],
  ['99999999999999999999999999', 86_400],
  ['Mon, 23 Nov 2026 08:31:00 GMT', 60],
  ['Mon, 23 Nov 2026 08:30:00 GMT', 0],
  ['Sun, 22 Nov 2026 08:30:00 GMT', 0],
  ['Wed, 25 Nov 2026 08:30:00 GMT', 86_400],
  [undefined, null],
  ['', null],
  ['soon', null],
  ['-5', null],
  ['1.5', null],
  ['1e3', null],
  ['5, 7', null],
  ['2026-11-23T08:31:00Z', null],
  ['Mon, 99 Nov 2026 08:31:00 GMT', null],
])('a receiver that answers "Retry-After: %s" asks for %s seconds', (header, seconds) => {
  expect(retryAfterSeconds(header, NOW)).toBe(seconds)
})
