import { expect, test } from 'vitest'
import { lifeOf } from '../../src/redis/identity.ts'

const info = (fields: Record<string, string> = {}): string =>
  Object.entries({
    redis_version: '7.0.15',
    run_id: 'run1',
    loading: '0',
    role: 'master',
    master_replid2: '0000',
    ...fields,
  })
    .map(([name, value]) => `${name}:${value}`)
    .join('\r\n')

test('a server lives another life after each start, and after having been a replica', () => {
  expect(lifeOf(info())).toBe('run1')
  expect(lifeOf(info({ run_id: 'run2' }))).toBe('run2')
  expect(lifeOf(info({ master_replid2: '0123456789abcdef' }))).toBe('run1+01234567')
})

test.each([
  [{ redis_version: '6.2.14' }, 'this one says 6.2.14'],
  [{ redis_version: '' }, 'Redis 7.0 or newer is needed'],
  [{ loading: '1' }, 'loading'],
  [{ role: 'slave' }, 'replica'],
])('a server with %j is of no use', (fields, why) => {
  expect(() => lifeOf(info(fields))).toThrow(why)
})

test('newer versions are fine', () => {
  expect(lifeOf(info({ redis_version: '10.1' }))).toBe('run1')
})
