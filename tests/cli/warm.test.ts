import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/cli/usage.ts'
import { warm } from '../../src/cli/warm.ts'
import { seed } from '../../src/db/seed.ts'
import { OperatorError } from '../../src/domain/error.ts'
import { createServerDatabase, hasPostgres, openTestServer } from '../support/databases.ts'
import { freePort } from '../support/free-port.ts'
import { hasRedis, startRedis } from '../support/redis-server.ts'
import { startProcess } from '../support/server-process.ts'
import { TEST_SECRET, testConfig } from '../support/test-app.ts'

describe('npm run warm', () => {
  test.each(['0', '-1', 'many', '1.5', '10000001', ''])('takes no %s for a number of learners', async (learners) => {
    const warmed = warm(testConfig({ redisUrl: 'redis://127.0.0.1:1' }), [`--learners=${learners}`])
    await expect(warmed).rejects.toThrow(new UsageError('--learners must be from 1 to 10000000'))
  })

  test('says that without Redis there is nothing to warm outside a server', async () => {
    await expect(warm(testConfig(), [])).rejects.toThrow(OperatorError)
    await expect(warm(testConfig(), [])).rejects.toThrow('WARM=auto')
  })

  test('says that a cache that is switched off cannot be warmed', async () => {
    const off = testConfig({ redisUrl: 'redis://127.0.0.1:1', cacheEnabled: false })
    await expect(warm(off, [])).rejects.toThrow('CACHE_ENABLED is false')
  })

  test.skipIf(!hasPostgres)('says that Redis does not answer, and never its password', async () => {
    await using database = await createServerDatabase()
    const redisUrl = `redis://:hunter2@127.0.0.1:${await freePort()}`
    const warmed = warm(testConfig({ databaseUrl: database.url, redisUrl, logLevel: 'silent' }), [])
    await expect(warmed).rejects.toThrow(/^Redis does not answer, after 0 learners\. Its address is in REDIS_URL\.$/)
  })

  test.skipIf(!hasPostgres || !hasRedis)('fills Redis, to the last entry, and ends', async () => {
    await using database = await openTestServer()
    await using redis = await startRedis()
    await seed(database.run, { users: 120, days: 3 }, () => {})
    const env = { DATABASE_URL: database.url, REDIS_URL: redis.url, AUTH_SECRET: TEST_SECRET, LOG_LEVEL: 'warn' }
    await using warming = startProcess(env, ['warm', '--learners', '110'])
    expect(await warming.exited).toBe(0)
    expect(warming.output()).toMatch(/Warmed the cache for 110 learners in [\d.]+ s\.\n$/)
    // Five entries each, none of them a lease.
    expect(await redis.command('EVAL', "return #redis.call('KEYS', '*{*')", 0)).toBe(`:${110 * 5}\r\n`)
    const leases = `local n = 0 for _, key in ipairs(redis.call('KEYS', '*{*')) do
      if string.sub(redis.call('GET', key), 1, 6) == 'lease:' then n = n + 1 end end return n`
    expect(await redis.command('EVAL', leases, 0)).toBe(':0\r\n')
  })
})
