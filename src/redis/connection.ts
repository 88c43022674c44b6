import { Redis } from 'ioredis'
import { StoreUnavailable } from '../cache/shared-store.ts'
import { SCRIPTS } from './scripts.ts'

/** A connection that knows which life of the server it talks to, and that never keeps anyone waiting. */
export interface Connection extends AsyncDisposable {
  readonly client: Redis
  /** The server's `run_id`; null while there is no usable connection. */
  life(): string | null
  /**
   * Does something with the server as long as it lives the given life, or any when that is undefined.
   * @throws StoreUnavailable after `budgetMs`, on any refusal, and when the connection changed meanwhile
   */
  ask<Answer>(work: (client: Redis) => Promise<Answer>, life?: string): Promise<Answered<Answer>>
}

export interface Answered<Answer> {
  readonly answer: Answer
  readonly life: string
}

export interface ConnectionOptions {
  /** `redis://…` or `rediss://…`, credentials and database included. */
  readonly url: string
  /** Milliseconds that a caller waits at most. */
  readonly budgetMs: number
  /** Told about every trouble with the connection. */
  readonly trouble: (error: Error) => void
}

const OLDEST_MAJOR = 7
const RECONNECT_MS = 100

export function openConnection({ url, budgetMs, trouble }: ConnectionOptions): Connection {
  const client = new Redis(url, {
    scripts: SCRIPTS,
    connectionName: 'honzik',
    connectTimeout: 1_000,
    keepAlive: 5_000,
    // A command that cannot be sent now is of no use to anyone later.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => RECONNECT_MS,
  })
  let life: string | null = null
  client.on('error', trouble)
  client.on('close', () => {
    life = null
  })
  client.on('ready', () => {
    client.info('server').then((info) => {
      life = livingServer(info, trouble)
    }, trouble)
  })

  return {
    client,
    life: () => life,
    async ask(work, expected = life ?? undefined) {
      const before = life
      if (before === null || before !== expected) throw new StoreUnavailable('no connection to this life of the store')
      const answer = await within(budgetMs, work(client))
      if (life !== before) throw new StoreUnavailable('the connection changed')
      return { answer, life: before }
    },
    async [Symbol.asyncDispose]() {
      client.disconnect()
    },
  }
}

/** The server's identity of this life; null when it is too old to be of use. */
function livingServer(info: string, trouble: (error: Error) => void): string | null {
  const version = /^redis_version:(\d+)/m.exec(info)?.[1]
  if (Number(version) >= OLDEST_MAJOR) return /^run_id:(\w+)/m.exec(info)?.[1] ?? null
  trouble(new Error(`Redis ${OLDEST_MAJOR}.0 or newer is needed; this one says ${version ?? 'nothing'}.`))
  return null
}

/** The driver's own time limit leaves the command to run; so does ours, but ours also covers what it does not send. */
async function within<Answer>(budgetMs: number, work: Promise<Answer>): Promise<Answer> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new StoreUnavailable(`no answer within ${budgetMs} ms`)), budgetMs)
  try {
    return await Promise.race([work, late])
  } catch (error) {
    throw error instanceof StoreUnavailable ? error : new StoreUnavailable(String(error), { cause: error })
  } finally {
    clearTimeout(timer)
  }
}
