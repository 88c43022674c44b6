import { once } from 'node:events'
import type postgres from 'postgres'
import { describe, expect, test } from 'vitest'
import { type Connection, openConnection } from '../../src/db/connection.ts'
import { codeOf, translated } from '../../src/db/failures.ts'
import { withConnections, withLock } from '../../src/db/server.ts'
import { createServerDatabase, hasPostgres } from '../support/databases.ts'
import { startFlakyProxy } from '../support/flaky-proxy.ts'

const OPTIONS = { fetch_types: false, onnotice: () => {}, backoff: () => 0.1 }

type Statements = Pick<postgres.Sql, 'unsafe'>

/** A database with a table, and a connection to it through a proxy. */
async function openWorld() {
  const stack = new AsyncDisposableStack()
  const database = stack.use(await createServerDatabase())
  await withConnections(database.url, 1, (client) => client.unsafe('create table kept (word text primary key)'))
  const proxy = stack.use(await startFlakyProxy(Number(new URL(database.url).port)))
  const url = new URL(database.url)
  url.port = String(proxy.port)
  const lost = new EventTarget()
  const isLost = once(lost, 'lost')
  const connection: Connection = openConnection(url.href, OPTIONS, () => lost.dispatchEvent(new Event('lost')))
  stack.defer(() => connection.close(1))
  const past = <T>(work: (client: postgres.Sql) => Promise<T>) => withConnections(database.url, 1, work)
  return {
    url: database.url,
    proxy,
    isLost,
    close: connection.close,
    /** As the query builder does. */
    begin: <T>(work: (transaction: Statements) => Promise<T>) => connection.client.begin(work),
    ask: (text: string, values: string[] = []) => connection.client.unsafe(text, values),
    kept: () => past(async (client) => (await client`select word from kept order by word`).map(({ word }) => word)),
    /** How many there are after longer than the driver waits before it connects again. */
    sessionsLater: () =>
      past(async (client) => {
        await client`select pg_sleep(0.5)`
        const sessions = await client`select 1 from pg_stat_activity
          where pid <> pg_backend_pid() and datname = current_database()`
        return sessions.length
      }),
    /** Ends the server's side of a connection. */
    terminate: (pid: unknown) => past((client) => client`select pg_terminate_backend(${Number(pid)}::int)`),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

const keep = (transaction: Statements, word: string) => transaction.unsafe('insert into kept values ($1)', [word])
const pidOf = async ({ unsafe }: Statements) => (await unsafe('select pg_backend_pid() as pid'))[0]?.['pid']
const failureOf = (work: Promise<unknown>) => work.catch((error: unknown) => error)
/** What a request would be told. */
const told = async (work: Promise<unknown>) => translated(await failureOf(work))
const UNAVAILABLE = expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' })

describe.skipIf(!hasPostgres)('a transaction', () => {
  test('is kept as a whole, with its answer, or not at all', async () => {
    await using world = await openWorld()
    const answer = await world.begin(async (transaction) => {
      await keep(transaction, 'jedna')
      await Promise.all([keep(transaction, 'dvě'), keep(transaction, 'tři')])
      return 'hotovo'
    })
    expect(answer).toBe('hotovo')
    const changedItsMind = new Error('changed its mind')
    const failed = world.begin(async (transaction) => {
      await keep(transaction, 'čtyři')
      throw changedItsMind
    })
    expect(await failureOf(failed)).toBe(changedItsMind)
    expect(await world.kept()).toEqual(['dvě', 'jedna', 'tři'])
    await world.begin((transaction) => keep(transaction, 'pět'))
    expect(await world.kept()).toHaveLength(4)
  })

  test('is not kept when one of its statements had failed and nobody looked', async () => {
    await using world = await openWorld()
    const failed = world.begin(async (transaction) => {
      await keep(transaction, 'jedna')
      keep(transaction, 'jedna').catch(() => {})
    })
    expect(codeOf(await failureOf(failed))).toBe('23505')
    expect(await world.kept()).toEqual([])
  })

  test('fails with what failed first in it, not with what that made fail', async () => {
    await using world = await openWorld()
    const failed = world.begin(async (transaction) => {
      const first = transaction.unsafe(`do $$ begin raise exception 'x' using errcode = '40001'; end $$`)
      const second = keep(transaction, 'jedna')
      await second
      await first
    })
    expect(codeOf(await failureOf(failed))).toBe('40001')
  })

  test('that failed keeps nothing of what its work still asks', async () => {
    await using world = await openWorld()
    const rest = Promise.withResolvers<unknown>()
    const ended = Promise.withResolvers<void>()
    const failed = world.begin(async (transaction) => {
      rest.resolve(ended.promise.then(() => keep(transaction, 'pozdě')))
      throw new Error('changed its mind')
    })
    await failureOf(failed)
    ended.resolve()
    expect(await failureOf(rest.promise)).toMatchObject({ message: 'The transaction is over.' })
    expect(await world.kept()).toEqual([])
  })

  test('that was kept keeps nothing of what its work still asks', async () => {
    await using world = await openWorld()
    const rest = Promise.withResolvers<unknown>()
    const ended = Promise.withResolvers<void>()
    await world.begin(async (transaction) => {
      await keep(transaction, 'včas')
      rest.resolve(ended.promise.then(() => keep(transaction, 'pozdě')))
    })
    ended.resolve()
    expect(await failureOf(rest.promise)).toMatchObject({ message: 'The transaction is over.' })
    expect(await world.kept()).toEqual(['včas'])
  })
})

test('is not ended by the driver between two statements, whatever its address asks for', async () => {
  const address = 'postgres://nobody@127.0.0.1:1/nothing?idle_timeout=1&max_lifetime=1'
  const { client, close } = openConnection(address, OPTIONS)
  expect(client.options.idle_timeout).toBe(0)
  expect(client.options.max_lifetime).toBe(null)
  await close(0)
})

describe.skipIf(!hasPostgres)('a transaction whose connection is lost', () => {
  const losses: [string, (world: Awaited<ReturnType<typeof openWorld>>, pid: unknown) => unknown][] = [
    ['ended by the server', (world, pid) => world.terminate(pid)],
    ['cut', ({ proxy }) => proxy.mode('cut')],
    ['reset', ({ proxy }) => proxy.mode('reset')],
  ]

  test.each(losses)('in a statement fails, and nothing of it is kept: %s', async (_, lose) => {
    await using world = await openWorld()
    const afterwards = Promise.withResolvers<unknown>()
    const failed = world.begin(async (transaction) => {
      const pid = await pidOf(transaction)
      await keep(transaction, 'jedna')
      const waits = failureOf(transaction.unsafe('select pg_sleep(60)'))
      await lose(world, pid)
      const failure = await waits
      afterwards.resolve(told((async () => keep(transaction, 'dvě'))()))
      throw failure
    })
    expect(await told(failed)).toEqual(UNAVAILABLE)
    await world.isLost
    // Also what was asked after an error was noticed, and before the end was.
    expect(await afterwards.promise).toBeInstanceOf(Error)
    expect(() => world.ask('select 1')).toThrow('The connection was lost.')
    expect(await world.kept()).toEqual([])
  })

  test.each(losses)('while it waits for something else fails at once, whatever that does: %s', async (_, lose) => {
    await using world = await openWorld()
    const other = Promise.withResolvers<void>()
    const rest = Promise.withResolvers<unknown>()
    const failed = world.begin(async (transaction) => {
      const pid = await pidOf(transaction)
      await keep(transaction, 'jedna')
      await lose(world, pid)
      await other.promise
      rest.resolve((async () => keep(transaction, 'dvě'))())
    })
    expect(await told(failed)).toEqual(UNAVAILABLE)
    other.resolve()
    expect(await failureOf(rest.promise)).toBeInstanceOf(Error)
    expect(await world.kept()).toEqual([])
  })

  test('is over even when it is told to close meanwhile', async () => {
    await using world = await openWorld()
    const failed = world.begin(async (transaction) => {
      await keep(transaction, 'jedna')
      const closing = world.close(0)
      await failureOf(transaction.unsafe('select pg_sleep(60)'))
      await closing
      return 'hotovo'
    })
    expect(await told(failed)).toEqual(UNAVAILABLE)
    expect(await world.kept()).toEqual([])
  })
})

test.skipIf(!hasPostgres)(
  'a connection that is lost with statements that have waited leaves no other behind',
  async () => {
    await using world = await openWorld()
    const pid = (await world.ask('select pg_backend_pid() as pid'))[0]?.['pid']
    // What has parameters and comes for the first time is asked twice, and others wait meanwhile.
    const texts = ['select pg_sleep($1::float8)', 'select $1::int', 'select $1::text']
    const asked = texts.map((text) => told(world.ask(text, ['60'])))
    await world.terminate(pid)
    for (const failure of await Promise.all(asked)) expect(failure).toEqual(UNAVAILABLE)
    expect(await world.sessionsLater()).toBe(0)
  },
)

test.skipIf(!hasPostgres)('what is done under a lock is refused once the lock is lost', async () => {
  await using world = await openWorld()
  const seen = await withLock(world.url, 7n, async (client) => {
    const pid = await pidOf(client)
    const waits = failureOf(client.unsafe('select pg_sleep(60)'))
    await world.terminate(pid)
    await waits
    return told((async () => keep(client, 'jedna'))())
  })
  expect(seen).toEqual(UNAVAILABLE)
  expect(await world.kept()).toEqual([])
})
