import { describe, expect, onTestFinished, test } from 'vitest'
import type { Config } from '../../src/config.ts'
import { MemoryStore } from '../cache/memory-store.ts'
import { eventually } from '../support/eventually.ts'
import { createLearner } from '../support/people.ts'
import { bearer, startWholeApp, type WholeApp } from './whole-app.ts'

async function started(config: Partial<Config> = {}, ...world: Parameters<typeof startWholeApp>[1][]) {
  const app = await startWholeApp(config, ...world)
  onTestFinished(() => app[Symbol.asyncDispose]())
  const admin = bearer(await app.tokenOf('admin', 999_999))
  const id = await createLearner(app)
  app.reading.count = 0
  const query = `{ user(id: ${id}) { firstName statsRange(days: 60) { date } } }`
  const ask = (headers: Record<string, string> = {}, asked = query) =>
    app.exchange({ body: { query: asked }, headers: { ...admin, ...headers } })
  return { app, id, query, ask }
}

/** Changes the rows past every cache and lets nobody know. */
function changeUnnoticed({ reading }: WholeApp): void {
  reading.firstName = 'Eva'
}

describe('a caller who says', () => {
  test('no-cache gets everything anew, and others have it then', async () => {
    const { app, ask } = await started()
    await ask()
    changeUnnoticed(app)
    expect((await ask()).text).toContain('Ada')
    const fresh = await ask({ 'cache-control': 'max-age=0, No-Cache' })
    expect([fresh.cache, fresh.headers['age'], fresh.text.includes('Eva')]).toEqual(['BYPASS', '0', true])
    const next = await ask()
    expect([next.cache, next.text.includes('Eva')]).toEqual(['HIT', true])
  })

  test('no-store gets everything anew, and nobody else does', async () => {
    const { app, ask } = await started()
    expect((await ask({ 'cache-control': 'no-store' })).cache).toBe('BYPASS')
    expect((await ask()).cache).toBe('MISS')
    changeUnnoticed(app)
    for (const said of ['no-store', 'no-cache, no-store'])
      expect((await ask({ 'cache-control': said })).text).toContain('Eva')
    expect((await ask()).text).toContain('Ada')
  })

  test('something else of caches is answered as ever', async () => {
    const { ask } = await started()
    await ask()
    for (const said of ['max-age=0', 'only-if-cached', 'private', '', 'no-cached'])
      expect((await ask({ 'cache-control': said })).cache).toBe('HIT')
  })

  test('no-store often, and reads compressed bytes, does not push out what others have', async () => {
    const { app, ask, query } = await started({ cacheL1MaxBytes: 64 * 1024 })
    const other = `${query} # another`.replace('firstName', 'level')
    for (let time = 0; time < 2; time += 1) for (const asked of [query, other]) await ask({}, asked)
    for (let n = 0; n < 300; n += 1) await ask({ 'cache-control': 'no-store', 'accept-encoding': 'gzip' })
    app.pass(1_000)
    expect([(await ask({}, other)).headers['age'], (await ask()).headers['age']]).toEqual(['1', '1'])
  })
})

describe('whole answers', () => {
  test('that are switched off are never kept; what they are made from is', async () => {
    const { app, ask } = await started({ cacheResponses: false })
    expect((await ask()).cache).toBe('MISS')
    app.pass(5_000)
    const second = await ask()
    expect([second.cache, second.headers['age']]).toEqual(['HIT', '0'])
  })

  test('are not kept without a cache', async () => {
    const { app, ask } = await started({ cacheEnabled: false })
    await ask()
    app.pass(5_000)
    const before = app.reading.count
    const second = await ask()
    expect([second.cache, second.headers['age'], app.reading.count > before]).toEqual(['BYPASS', '0', true])
  })

  test('do not take more memory than there is', async () => {
    const { ask } = await started({ cacheL1MaxBytes: 0 })
    await ask()
    expect((await ask()).headers['age']).toBe('0')
    expect((await ask()).cache).toBe('MISS')
  })

  test('are let go when memory is full, the ones that nobody asks for first', async () => {
    const { ask, query, app } = await started({ cacheL1MaxBytes: 40_000 })
    for (let n = 0; n < 50; n += 1) {
      await ask()
      await ask({}, query.replace('60', String(n + 1)))
    }
    app.pass(1_000)
    expect((await ask()).headers['age']).toBe('1')
    expect((await ask({}, query.replace('60', '1'))).headers['age']).toBe('0')
  })
})

describe('with a store that processes share', () => {
  const over = (shared: MemoryStore) =>
    started(
      { redisUrl: 'redis://in-memory' },
      { openStore: () => ({ ...shared.connect(), async [Symbol.asyncDispose]() {} }) },
    )

  test('an answer is kept here, and goes with a change made elsewhere', async () => {
    const shared = new MemoryStore()
    const { app, id, ask } = await over(shared)
    await ask()
    expect((await ask()).cache).toBe('HIT')
    changeUnnoticed(app)
    await shared.connect().invalidate([`honzik:v1:{user:${id}}`], [`user:${id}`])
    expect((await ask()).text).toContain('Eva')
  })

  test('nothing is kept while it is gone', async () => {
    const shared = new MemoryStore()
    const { app, ask } = await over(shared)
    await ask()
    shared.gone = true
    changeUnnoticed(app)
    const blind = await ask()
    expect([blind.cache, blind.headers['age'], blind.text.includes('Eva')]).toEqual(['DEGRADED', '0', true])
    shared.gone = false
    await eventually(async () => expect((await ask()).cache).toBe('HIT'))
  })
})
