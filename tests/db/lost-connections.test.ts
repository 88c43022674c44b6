import { expect, test } from 'vitest'
import { openServer, withConnections } from '../../src/db/server.ts'
import { createStatementCounter } from '../../src/db/statements.ts'
import { dateFromRow } from '../../src/domain/calendar.ts'
import { HonzikError } from '../../src/domain/error.ts'
import type { UserId } from '../../src/domain/ids.ts'
import { somebody } from '../contracts/suite.ts'
import { createServerDatabase, hasPostgres } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { startFlakyProxy } from '../support/flaky-proxy.ts'
import { NOW } from '../support/test-app.ts'

const CLIENTS = 12
const ROUNDS = 60
/** Losses while the clients are at work. */
const LOSSES = 24
const POOL_MAX = 4
const SAVINGS = 5

async function openWorld() {
  const stack = new AsyncDisposableStack()
  const { url } = stack.use(await createServerDatabase())
  const proxy = stack.use(await startFlakyProxy(Number(new URL(url).port)))
  const proxied = new URL(url)
  proxied.port = String(proxy.port)
  const statements = createStatementCounter()
  const database = stack.use(await openServer({ url: proxied.href, poolMax: POOL_MAX, statements }))
  const terminate = () =>
    withConnections(url, 1, (client) =>
      client.unsafe(
        'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
      ),
    )
  const sessions = () =>
    withConnections(url, 1, (client) =>
      client.unsafe(`select 1 from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()`),
    )
  return { database, proxy, terminate, sessions, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

type World = Awaited<ReturnType<typeof openWorld>>

const losses: readonly ((world: World) => unknown)[] = [
  ({ proxy }) => proxy.mode('reset'),
  ({ terminate }) => terminate(),
  ({ proxy }) => {
    proxy.mode('cut')
    setImmediate(() => proxy.mode('pass'))
  },
]

test.skipIf(!hasPostgres)(
  'whatever connections are lost, nobody is given what another asked for, and what was acknowledged is kept',
  async () => {
    await using world = await openWorld()
    const { database } = world
    const kept: { readonly id: UserId; readonly firstName: string }[] = []
    const refused: unknown[] = []
    let ended = 0

    async function insert(firstName: string, telegramId: number) {
      const { result } = await database.unitOfWork.run(async ({ users, stars }) => {
        const user = await users.insert(somebody({ firstName, telegramId: String(telegramId) }), NOW)
        if (user !== null) await stars.add(user.id, telegramId)
        return user
      })
      if (result === null) throw new Error('the Telegram id is taken')
      expect(result.firstName).toBe(firstName)
      kept.push({ id: result.id, firstName })
    }

    async function read(turn: number) {
      const some = [0, 1, 2].flatMap((n) => kept[(turn * 7 + n * 3) % Math.max(1, kept.length)] ?? [])
      const ids = some.map(({ id }) => id)
      const [found, counts] = await Promise.all([database.readers.users(ids), database.readers.stars(ids)])
      for (const { id, firstName } of some) {
        expect(found.get(id)).toMatchObject({ id, firstName })
        expect(counts.get(id)?.total).toBe(Number(firstName.slice(1)))
      }
    }

    async function client(number: number) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const turn = 1 + number * ROUNDS + round
        await (round % 3 === 0 ? insert(`L${turn}`, turn) : read(turn)).catch((error) => refused.push(error))
        ended += 1
        if (ended % Math.floor((CLIENTS * ROUNDS) / LOSSES) === 0) await losses[ended % losses.length]?.(world)
      }
    }
    await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)))

    // Nothing but what a lost connection explains was refused, and something was.
    for (const error of refused) expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.every((error) => error instanceof HonzikError)).toBe(true)

    world.proxy.mode('pass')
    await eventually(async () => expect(await database.readers.users([])).toBeInstanceOf(Map))
    const found = await database.readers.users(kept.map(({ id }) => id))
    for (const { id, firstName } of kept) expect(found.get(id)).toMatchObject({ firstName })
    // All of the pool is there again, for transactions too, and no connection was left behind.
    await Promise.all(Array.from({ length: 3 * POOL_MAX }, (_, n) => insert(`L${10_000 + n}`, 10_000 + n)))
    await eventually(async () => expect(await world.sessions()).toHaveLength(POOL_MAX))
  },
)

test.skipIf(!hasPostgres)('what stands for itself is never undone with somebody else’s transaction', async () => {
  await using created = await createServerDatabase()
  const statements = createStatementCounter()
  await using database = await openServer({ url: created.url, poolMax: 1, statements })
  const { result: learner } = await database.unitOfWork.run(({ users }) => users.insert(somebody(), NOW))
  if (learner === null) throw new Error('the Telegram id is taken')
  const day = { userId: learner.id, date: dateFromRow('2026-11-23') }
  const changesItsMind = () =>
    database.unitOfWork.run(async ({ users }) => {
      await users.find(learner.id)
      throw new Error('changed its mind')
    })
  for (let time = 0; time < SAVINGS; time += 1) {
    const saving = { ...day, recalled: 1, usd: 0, unpriced: 0 }
    // Both while it is idle, and while somebody else has it.
    const asked = [changesItsMind(), database.ledger.save([saving]), changesItsMind(), database.ledger.save([saving])]
    await Promise.allSettled(asked)
  }
  expect((await database.readers.usage([day]))[0]).toMatchObject({ recalled: 2 * SAVINGS })
})
