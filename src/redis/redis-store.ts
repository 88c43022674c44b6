import type { Mark, SharedStore } from '../cache/shared-store.ts'
import { StoreUnavailable } from '../cache/shared-store.ts'
import { type Connection, openConnection } from './connection.ts'
import { subscribeTo } from './subscription.ts'

export interface RedisStoreOptions {
  readonly url: string
  /** Stands before every key and in the channel's name. */
  readonly namespace: string
  /** Milliseconds that a caller waits at most; 100 when left out. */
  readonly budgetMs?: number
  readonly trouble: (error: Error) => void
}

/** The shared store on one Redis server: a connection for commands and one for messages. */
export function openRedisStore(options: RedisStoreOptions): SharedStore & AsyncDisposable {
  const { namespace, budgetMs = 100 } = options
  const connection = openConnection({ ...options, budgetMs })
  const sequence = `${namespace}:v1:seq`
  const channel = `${namespace}:v1:bus`
  const run = <Answer>(work: Parameters<typeof connection.ask<Answer>>[0], life?: string) =>
    connection.ask(work, life).then(({ answer }) => answer)

  return {
    ...createEntries(run),
    mark: () => marked(connection, (client) => client.honzikMark(sequence)),
    announce: (tags) => marked(connection, (client) => client.honzikAnnounce(sequence, channel, JSON.stringify(tags))),
    newEpoch: () => marked(connection, (client) => client.honzikNewEpoch(sequence, channel)),
    subscribe: (hearer) => subscribeTo(options, channel, hearer),
    [Symbol.asyncDispose]: () => Promise.resolve(connection[Symbol.asyncDispose]()),
  }
}

type Client = Connection['client']
type Run = <Answer>(work: (client: Client) => Promise<Answer>, life?: string) => Promise<Answer>

function createEntries(run: Run): Pick<SharedStore, 'read' | 'lease' | 'fill' | 'remove'> {
  return {
    read: (keys, life) => run((client) => client.mget([...keys]), life),

    lease: (requests, { token, ms }, life) =>
      run(async (client) => {
        const pipeline = client.pipeline()
        for (const { key, discard } of requests) {
          if (discard) pipeline.unlink(key)
          pipeline.set(key, token, 'PX', ms, 'NX', 'GET')
        }
        const answers = results(await pipeline.exec())
        // The discards' answers stand between the leases'.
        let position = 0
        return requests.map(({ discard }) => {
          position += discard ? 2 : 1
          return textOrNull(answers[position - 1])
        })
      }, life),

    fill: (fills, token) =>
      run(async (client) => {
        const pipeline = client.pipeline()
        for (const { key, value, ttlMs } of fills) pipeline.honzikFill(key, token, value, ttlMs)
        return results(await pipeline.exec()).filter((put) => put === 1).length
      }),

    remove: async (keys) => {
      if (keys.length > 0) await run((client) => client.unlink([...keys]))
    },
  }
}

/** A mark in the life of the connection that answered. */
async function marked(connection: Connection, ask: (client: Client) => Promise<unknown>): Promise<Mark> {
  const { answer, life } = await connection.ask(ask)
  const [number, epoch] = Array.isArray(answer) ? answer.map(Number) : []
  if (!Number.isSafeInteger(number) || !Number.isSafeInteger(epoch)) throw new StoreUnavailable('no sequence')
  return { life, number: Number(number), epoch: Number(epoch) }
}

/** The answers of a pipeline; one refusal refuses all. */
function results(answers: [error: Error | null, result: unknown][] | null): unknown[] {
  if (answers === null) throw new StoreUnavailable('the pipeline was discarded')
  return answers.map(([error, result]) => {
    if (error) throw error
    return result
  })
}

const textOrNull = (answer: unknown): string | null => (typeof answer === 'string' ? answer : null)
