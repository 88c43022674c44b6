import { describe, expect, test } from 'vitest'
import type { Snapshot } from '../../src/domain/cache-report.ts'
import { openEvents } from '../support/events.ts'
import { eventually } from '../support/eventually.ts'
import { openMemoryDatabase } from '../support/memory-database.ts'
import { hasRedis, startRedis } from '../support/redis-server.ts'
import { at, type TestApp } from '../support/test-app.ts'
import { startTutored } from '../support/tutored.ts'
import { samplesIn } from './sources.ts'

const HOME = 'query Home { me { firstName stars { total } } }'
const RENAME = 'mutation Rename($id: ID!) { updateUser(input: { id: $id, firstName: "Eva" }) { user { id } } }'

const metricsOf = async ({ url }: TestApp) => samplesIn(await (await fetch(`${url}/metrics`)).text())

async function snapshotOf(app: TestApp): Promise<Snapshot> {
  const events = await openEvents(`${app.url}/dashboard/events`, await app.tokenOf('admin', 1))
  const [, json = ''] = /^data: (.*)$/m.exec((await events.next()) ?? '') ?? []
  events.leave()
  return JSON.parse(json)
}

describe.skipIf(!hasRedis)('two processes with one Redis', () => {
  test('tell the same of both together, which is the sum of what their metrics tell', async () => {
    await using redis = await startRedis()
    const database = openMemoryDatabase()
    // The real time, as they are to see each other's notices as new.
    const world = { openDatabase: async () => database, clock: () => Temporal.Now.instant() }
    const config = { redisUrl: redis.url }
    await using one = await startTutored({ world, config })
    await using other = await startTutored({ world, config })
    const learner = await one.learner()
    const ask = async (app: TestApp, query: string, variables = {}) =>
      expect((await app.ask(query, variables, learner.token)).errors).toBeUndefined()
    for (let turn = 0; turn < 20; turn += 1) {
      for (const app of [one, other]) for (let again = 0; again < 5; again += 1) await ask(app, HOME)
      await ask(turn % 2 === 0 ? one : other, RENAME, { id: learner.id })
    }
    await eventually(async () => {
      const [snapshot, ...metrics] = await Promise.all([snapshotOf(one), metricsOf(one), metricsOf(other)])
      const total = (name: RegExp) =>
        metrics
          .flatMap((samples) => [...samples])
          .reduce((sum, [each, value]) => sum + (name.test(each) ? value : 0), 0)
      expect(snapshot.nodes).toHaveLength(2)
      const [hour] = snapshot.windows
      for (const policy of ['response', 'profile', 'stars']) {
        const told = hour?.policies.find((each) => each.policy === policy)
        const counted = (name: string) => total(new RegExp(`^honzik_cache_${name}_total\\{policy="${policy}"`))
        expect([policy, told?.hits, told?.misses]).toEqual([policy, counted('hits'), counted('misses')])
        expect([policy, told?.invalidations]).toEqual([policy, counted('invalidations')])
      }
      // On a busy machine some are only relayed, or come so late that memory is emptied instead.
      for (const samples of metrics) expect(samples.get('honzik_cache_announcements_heard_total')).toBeGreaterThan(0)
      expect(total(/^honzik_cache_invalidations_total\{policy="profile"/)).toBeGreaterThanOrEqual(20)
      expect(total(/^honzik_request_duration_seconds_count\{operation="Home"/)).toBe(200)
      expect(snapshot.nodes.every(({ redis: state }) => state === 'HEALTHY')).toBe(true)
      expect(total(/^honzik_redis_sockets$/)).toBe(4)
    })
    const stats = await other.ask('{ cacheStats { windows { window } } }', {}, await other.tokenOf('admin', 1))
    expect(at(stats, 'data', 'cacheStats', 'windows')).toHaveLength(3)
  })
})
