import { expect, test } from 'vitest'
import { openMemoryDatabase } from '../support/memory-database.ts'
import { createLearner } from '../support/people.ts'
import { startTestApp } from '../support/test-app.ts'
import { samplesIn } from './sources.ts'

test('requests and caches are counted only while somebody watches, where that may change', async () => {
  let watched = true
  await using app = await startTestApp({ openDatabase: async () => openMemoryDatabase(), watched: () => watched })
  const token = await app.tokenOf('user', await createLearner(app))
  const headers = { authorization: `Bearer ${await app.tokenOf('admin', 999_999)}` }
  /** Requests of the operation, and what was looked for in caches, as metrics tell. */
  const counted = async () => {
    const samples = samplesIn(await (await fetch(`${app.url}/metrics`, { headers })).text())
    const sum = (name: RegExp) => [...samples].reduce((all, [key, n]) => (name.test(key) ? all + n : all), 0)
    return {
      requests: sum(/^honzik_request_duration_seconds_count\{.*operation="Mine"/),
      lookups: sum(/^honzik_cache_(hits|misses)_total\{/),
    }
  }
  const ask = () => app.ask('query Mine { me { firstName } }', {}, token)

  await ask()
  const before = await counted()
  watched = false
  await ask()
  expect(await counted()).toEqual(before)
  watched = true
  await ask()
  const after = await counted()
  expect([before.requests, after.requests]).toEqual([1, 2])
  expect(after.lookups).toBeGreaterThan(before.lookups)
})
