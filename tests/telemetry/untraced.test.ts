import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { openCore } from '../../src/core.ts'
import { openConfiguredTracing } from '../../src/open.ts'
import { createLog } from '../../src/telemetry/log.ts'
import { MemoryStore } from '../cache/memory-store.ts'
import { openMemoryDatabase } from '../support/memory-database.ts'
import { openMemoryTutor } from '../support/memory-tutor.ts'
import { testConfig } from '../support/test-app.ts'

const log = createLog('silent')

test('where nothing is traced, nothing stands around what answers', async () => {
  expect(await openConfiguredTracing(testConfig(), log)).toBeNull()
  const [database, tutor, shared] = [openMemoryDatabase(), openMemoryTutor(), new MemoryStore()]
  const state = () => ({ sockets: 1, socketsMax: 2, memoryBytes: null, memoryMaxBytes: null })
  const store = { ...shared.connect(), state, async [Symbol.asyncDispose]() {} }
  await using core = await openCore(testConfig({ redisUrl: 'redis://in-memory' }), {
    ...{ log, openDatabase: async () => database, openTutor: async () => tutor },
    openStore: () => store,
  })
  expect(core.tracing).toBeNull()
  expect(core.database).toBe(database)
  expect(core.tutor).toBe(tutor)
  expect(core.sessionDeps.unitOfWork).toBe(database.unitOfWork)
  expect(core.sessionDeps.sources.jobs).toBe(database.readers.jobs)
  // Of a store that something stood around, each method would be another one.
  expect(core.cache.sharedState).toBe(state)
})

/** Notes every module that is loaded, and loads all that a server needs. */
const SCRIPT = `
import { registerHooks } from 'node:module'
const seen = []
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    seen.push(resolved.url)
    return resolved
  },
})
await import('./src/cli/serve.ts')
await import('./src/cli/worker.ts')
console.log(JSON.stringify(seen))
`

test('where nothing is traced, the library is not even loaded', async () => {
  const cwd = join(import.meta.dirname, '../..')
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', SCRIPT], { cwd, env: {} })
  const seen: string[] = JSON.parse(stdout)
  expect(seen.length).toBeGreaterThan(500)
  // The API alone, which does nothing by itself, comes with libraries that could use it.
  const loaded = seen.filter((url) => /@opentelemetry\/(?!api\/)|telemetry\/(tracing|spans|traced)/.test(url))
  expect(loaded).toEqual([])
})
