import { type Cache, openSharedCache } from '../../../src/cache/cache.ts'
import type { SharedStore } from '../../../src/cache/shared-store.ts'
import type { Command, Identity } from '../../../src/commands/command.ts'
import type { Committed } from '../../../src/commands/unit-of-work.ts'
import { openServer } from '../../../src/db/server.ts'
import type { StatementCounter } from '../../../src/db/statements.ts'
import { openRedisStore } from '../../../src/redis/redis-store.ts'
import { eventually } from '../../support/eventually.ts'

/** What performs commands below HTTP. */
export interface Stack extends AsyncDisposable {
  perform<Result>(command: Command<Result>): Promise<Committed<Result>>
  confirm: Cache['confirm']
}

export interface StackOptions {
  readonly databaseUrl: string
  /** Null: changes are acknowledged as soon as they are kept. */
  readonly redisUrl: string | null
  readonly statements: StatementCounter
  /** Stands between the cache and its store. */
  readonly watch?: <Store extends SharedStore>(store: Store) => Store
}

const CACHE = {
  namespace: 'honzik',
  longestTtlMs: 3_600_000,
  l1MaxBytes: 64 * 1024 * 1024,
  consistency: 'strict',
  now: Date.now,
} as const

export async function openStack({ databaseUrl, redisUrl, statements, watch }: StackOptions): Promise<Stack> {
  await using opened = new AsyncDisposableStack()
  const database = opened.use(await openServer({ url: databaseUrl, poolMax: 10, statements }))
  const { outbox, id: origin } = database
  let confirm: Cache['confirm'] = async () => ({ confirmed: true, mark: null })
  if (redisUrl !== null) {
    const redis = opened.use(openRedisStore({ url: redisUrl, namespace: CACHE.namespace, trouble }))
    const cache = opened.use(openSharedCache({ ...CACHE, outbox, origin, report, store: watch?.(redis) ?? redis }))
    await eventually(() => cache.ping())
    confirm = cache.confirm
  }
  const stack = opened.move()
  return {
    perform: (command) =>
      database.unitOfWork.run((transaction) => command({ ...transaction, ...CALLER, now: Temporal.Now.instant() })),
    confirm,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

const trouble = (error: Error) => process.stderr.write(`${error.message}\n`)

const report = () => {}

const refuse = (): never => {
  throw new Error('Nobody signs in here.')
}

const CALLER = {
  viewer: { role: 'staff', id: null } as const,
  identity: { issueToken: refuse, verifyTelegram: refuse } satisfies Identity,
}
