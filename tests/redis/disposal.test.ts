import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { hasRedis, type RedisServer, startRedis } from '../support/redis-server.ts'

const MODULE = join(import.meta.dirname, '../../src/redis/redis-store.ts')

/** Opens a store and a listener, disposes both some time later, and says what would keep the process alive after that. */
const PROGRAM = `
const { openRedisStore } = await import(${JSON.stringify(MODULE)})
const [url, ms] = process.argv.slice(1)
const store = openRedisStore({ url, namespace: 'test', trouble() {} })
const subscription = store.subscribe({ listening() {}, heard() {}, lost() {} })
if (ms !== '0') await new Promise((resolve) => setTimeout(resolve, Number(ms)))
const asked = store.mark().catch(() => {})
await Promise.all([subscription[Symbol.asyncDispose](), store[Symbol.asyncDispose]()])
await asked
const left = process.getActiveResourcesInfo().filter((name) => /Timeout|TCP|GetAddrInfo/.test(name))
console.log(JSON.stringify(left))
`

/** Fails when the program does, be it of an unhandled rejection, or when it does not end by itself. */
async function leftBy(url: string, ms: number): Promise<unknown> {
  const args = ['--input-type=module', '--eval', PROGRAM, url, `${ms}`]
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 })
  return JSON.parse(stdout)
}

describe.skipIf(!hasRedis)('a store that is disposed leaves neither sockets nor timers', () => {
  let server: RedisServer
  let nowhere: string
  beforeAll(async () => {
    server = await startRedis()
    nowhere = `127.0.0.1:${await freePort()}`
  })
  afterAll(() => server[Symbol.asyncDispose]())

  test.each([0, 300])('%i ms after it was opened, with a server', async (ms) => {
    expect(await leftBy(server.url, ms)).toEqual([])
  })

  test.each([0, 300])('%i ms after it was opened, with no server', async (ms) => {
    expect(await leftBy(`redis://${nowhere}`, ms)).toEqual([])
  })

  test('while it looks for a cluster, and finds none', async () => {
    const bare = server.url.replace('redis://', '')
    expect(await leftBy(`redis+cluster://${bare},${nowhere}`, 300)).toEqual([])
  })

  test('while the server is paused and the connection hangs', async () => {
    server.signal('SIGSTOP')
    const [shortly, later] = await Promise.all([leftBy(server.url, 200), leftBy(server.url, 800)])
    server.signal('SIGCONT')
    expect([shortly, later]).toEqual([[], []])
  })
})
