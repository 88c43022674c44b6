import { request } from 'node:http'
import type { Config } from '../../src/config.ts'
import type { StatementCounter } from '../../src/db/statements.ts'
import type { World } from '../../src/open.ts'
import { type MemoryDatabase, openMemoryDatabase } from '../support/memory-database.ts'
import { NOW, startTestApp, type TestApp } from '../support/test-app.ts'

/** A request as it is on the wire. */
export interface Sent {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer | object
}

/** An answer as it is on the wire: nothing is decoded. */
export interface Received {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly bytes: Buffer
  readonly text: string
  readonly cache: string | undefined
}

/** Whatever is read of the database, which tests can watch, hold and spoil. */
export class Reading {
  /** Statements so far. */
  count = 0
  failure: Error | null = null
  /** What everybody is called in the database, though nobody was told; null: what they are called. */
  firstName: string | null = null
  /** Everything that is read waits for it. */
  held: Promise<void> | null = null

  async begin(): Promise<void> {
    this.count += 1
    await this.held
    if (this.failure) throw this.failure
  }
}

export interface WholeApp extends TestApp {
  readonly database: MemoryDatabase
  readonly reading: Reading
  /** Lets time pass on the server's clock. */
  pass(milliseconds: number): void
  exchange(sent: Sent): Promise<Received>
  /** The lines of requests in the log. */
  requests(): readonly Record<string, unknown>[]
}

/** A server over a database in memory, whose reads count as statements do. */
export async function startWholeApp(config: Partial<Config> = {}, world: Partial<World> = {}): Promise<WholeApp> {
  let now = NOW
  const database = openMemoryDatabase()
  const reading = new Reading()
  const app = await startTestApp(
    {
      clock: () => now,
      openDatabase: async (_, statements) => ({ ...database, readers: watched(database.readers, reading, statements) }),
      ...world,
    },
    config,
  )
  return {
    ...app,
    database,
    reading,
    pass(milliseconds) {
      now = now.add({ milliseconds })
    },
    exchange: (sent) => exchange(app, sent),
    requests: () => app.lines.filter(({ msg }) => msg === 'request'),
  }
}

/** Each call is one statement. */
function watched<Readers extends object>(readers: Readers, reading: Reading, statements: StatementCounter): Readers {
  return new Proxy(readers, {
    get(target, name, receiver) {
      const read: unknown = Reflect.get(target, name, receiver)
      if (typeof read !== 'function') return read
      return async (...asked: unknown[]) => {
        statements.note()
        await reading.begin()
        const found: unknown = await read(...asked)
        return name === 'users' ? renamed(found, reading.firstName) : found
      }
    },
  })
}

const renamed = (found: unknown, firstName: string | null): unknown =>
  firstName === null || !(found instanceof Map)
    ? found
    : new Map([...found].map(([id, user]) => [id, { ...user, firstName }]))

/** Sends one request and waits for the whole answer. */
export function exchange({ url }: Pick<TestApp, 'url'>, sent: Sent): Promise<Received> {
  const { method = 'POST', path = '/graphql', headers = {}, body } = sent
  const payload = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  const length =
    payload === undefined || 'transfer-encoding' in headers
      ? {}
      : { 'content-length': String(Buffer.byteLength(payload)) }
  const type = method === 'POST' ? { 'content-type': 'application/json' } : { 'apollo-require-preflight': '1' }
  const { promise, resolve, reject } = Promise.withResolvers<Received>()
  const outgoing = request(`${url}${path}`, { method, headers: { ...type, ...length, ...headers } }, (response) => {
    const chunks: Buffer[] = []
    response.on('error', reject)
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('end', () => {
      const bytes = Buffer.concat(chunks)
      const named = Object.entries(response.headers).map(([name, value]) => [name, value?.toString()])
      const read: Received['headers'] = Object.fromEntries(named)
      resolve({
        status: response.statusCode ?? 0,
        headers: read,
        bytes,
        text: bytes.toString(),
        cache: read['x-cache'],
      })
    })
  })
  outgoing.on('error', reject)
  outgoing.end(payload)
  return promise
}

/** The address of a GET that asks the same as a body would. */
export const inUrl = (parameters: Readonly<Record<string, unknown>>): string => {
  const texts = Object.entries(parameters).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  return `/graphql?${new URLSearchParams(texts)}`
}

export const bearer = (token: string): { readonly authorization: string } => ({ authorization: `Bearer ${token}` })
