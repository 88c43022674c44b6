import postgres from 'postgres'
import { codeOf } from './failures.ts'

/** One connection to a server, which is used until it is lost, and never again. */
export interface Connection {
  readonly client: postgres.Sql
  /** Closes it, after what is being answered or at most so many seconds. */
  close(timeoutS: number): Promise<void>
}

/** SQLSTATE in_failed_sql_transaction: says only that an earlier statement had failed. */
const ALREADY_FAILED = '25P02'

/**
 * Opens one connection, when it is used first. The driver would open it anew when it is lost, with what was left over from
 * the old one, and would send the rest of a transaction into the new one, or to nobody, which ends the process:
 * https://github.com/porsager/postgres/issues/1208. So the client ends with its connection, and transactions are done here.
 * Statements throw once it is lost, and what was not answered is rejected, with a code that begins with `CONNECTION_`.
 */
export function openConnection(
  url: string,
  options: postgres.Options<Record<string, never>>,
  lost: () => void = () => {},
): Connection {
  const client = postgres(url, {
    ...options,
    max: 1,
    // Would close it between two statements of a transaction.
    idle_timeout: 0,
    max_lifetime: null,
    onclose() {
      session.interrupt()
      // The driver connects again at once for statements that have waited, before it knows of the end.
      Object.assign(client.options, { socket: session.refuse })
      // Rejects what was asked after the driver had noticed an error, and before it noticed the end.
      void client.end({ timeout: 0 })
      lost()
    },
  })
  const session = new Session(client.unsafe, () => client.end({ timeout: 0 }))
  const { send: unsafe, begin } = session
  return { client: Object.assign(client, { unsafe, begin }), close: (timeout) => client.end({ timeout }) }
}

type Send = (...asked: Parameters<postgres.Sql['unsafe']>) => ReturnType<postgres.Sql['unsafe']>

class Session {
  readonly #loss = Object.assign(new Error('The connection was lost.'), { code: 'CONNECTION_CLOSED' })
  readonly #send: Send
  readonly #discard: () => Promise<void>
  #isLost = false
  /** Ends the waiting for the work of the transaction that runs. */
  #giveUp = (_: Error) => {}

  constructor(send: Send, discard: () => Promise<void>) {
    this.#send = send
    this.#discard = discard
  }

  /** To be called when the connection is lost. */
  interrupt(): void {
    this.#isLost = true
    this.#giveUp(this.#loss)
  }

  readonly refuse = (): never => {
    throw this.#loss
  }

  readonly send: Send = (...asked) => {
    if (this.#isLost) throw this.#loss
    return this.#send(...asked)
  }

  readonly begin = async <T>(work: (transaction: Transaction) => Promise<T>): Promise<T> => {
    await this.send('begin')
    const transaction = new Transaction(this.send)
    const { promise: interruption, reject } = Promise.withResolvers<never>()
    this.#giveUp = reject
    try {
      const result = await Promise.race([work(transaction), interruption])
      transaction.isOver = true
      const { command } = await this.send('commit')
      if (command !== 'COMMIT') throw transaction.failure
      return result
    } catch (error) {
      transaction.isOver = true
      // A connection that cannot be freed of it must not be anybody else's.
      await this.send('rollback').catch(this.#discard)
      throw codeOf(error) === ALREADY_FAILED ? transaction.failure : error
    }
  }
}

/** What the query builder asks of the driver within a transaction. */
class Transaction {
  readonly unsafe: Send
  /** Whether its end was asked for: what its work would ask after that would be kept for itself. */
  isOver = false
  #failure: unknown

  constructor(send: Send) {
    this.unsafe = (...asked) => {
      if (this.isOver) throw new Error('The transaction is over.')
      const query = send(...asked)
      query.catch((error) => {
        this.#failure ??= error
      })
      return query
    }
  }

  /** What the first of its statements that failed had failed with, whether anybody looked or not. */
  get failure(): unknown {
    return this.#failure ?? new Error('The transaction was rolled back.')
  }
}
