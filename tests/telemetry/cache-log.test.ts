import { expect, test } from 'vitest'
import { createCacheLog } from '../../src/telemetry/cache-log.ts'

/** A log that remembers what was written at which level. */
function remembering() {
  const lines: string[] = []
  const at = (level: string) => (_: unknown, message?: string) => lines.push(`${level}: ${message ?? String(_)}`)
  return {
    lines,
    report: createCacheLog({ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }),
  }
}

test('what an operator should know of the cache is written down, by how much it matters', () => {
  const { lines, report } = remembering()
  report({ kind: 'breaker', state: 'open', error: new Error('gone') })
  report({ kind: 'breaker', state: 'closed' })
  report({ kind: 'resynced', reason: 'started' })
  report({ kind: 'resynced', reason: 'gap' })
  report({ kind: 'relayed', count: 3, tags: ['user:1'] })
  report({ kind: 'relay-failed', error: new Error('gone') })
  report({ kind: 'sampled', policy: 'profile', tag: 'user:1', stale: true })
  expect(lines).toEqual([
    'warn: shared cache not used',
    'info: shared cache used again',
    'debug: memory emptied',
    'info: memory emptied',
    'info: changes of others applied',
    'warn: changes of others not applied',
    'error: stale value',
  ])
})

test('what happens all the time is not', () => {
  const { lines, report } = remembering()
  report({ kind: 'hit', policy: 'profile', tier: 'L1', count: 1 })
  report({ kind: 'miss', policy: 'profile', count: 1 })
  report({ kind: 'invalidated', tags: ['user:1'] })
  report({ kind: 'sampled', policy: 'profile', tag: 'user:1', stale: false })
  expect(lines).toEqual([])
})

test('a stale value is named by its tag, but for Telegram’s ids, which are never logged', () => {
  const lines: unknown[] = []
  const ignored = () => {}
  const error = (about: unknown, message?: string) => lines.push([about, message])
  const report = createCacheLog({ debug: ignored, info: ignored, warn: ignored, error })
  report({ kind: 'sampled', policy: 'stars', tag: 'stars:7', stale: true })
  report({ kind: 'sampled', policy: 'telegramId', tag: 'telegram:7000000042', stale: true })
  expect(lines).toEqual([
    [{ policy: 'stars', tag: 'stars:7' }, 'stale value'],
    [{ policy: 'telegramId', tag: undefined }, 'stale value'],
  ])
})
