import { expect, test } from 'vitest'
import { lifeOf, memoryOf, sumOf, unknownMemory } from '../../src/redis/identity.ts'

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

test.each([
  ['used_memory:1024\r\nmaxmemory:4096\r\n', 1024, 4096],
  ['used_memory:1024\r\nmaxmemory:0\r\n', 1024, null],
  ['used_memory_human:1K\r\n', null, null],
])('%j says how much memory there is', (info, memoryBytes, memoryMaxBytes) => {
  expect(memoryOf(info)).toEqual({ memoryBytes, memoryMaxBytes })
})

test('of several servers it is known only where each has said it', () => {
  const [one, other] = [memoryOf('used_memory:1\r\nmaxmemory:10'), memoryOf('used_memory:2\r\nmaxmemory:0')]
  expect(sumOf([one, other])).toEqual({ memoryBytes: 3, memoryMaxBytes: null })
  expect(sumOf([one, null])).toEqual(unknownMemory)
  expect(sumOf([])).toEqual(unknownMemory)
})
