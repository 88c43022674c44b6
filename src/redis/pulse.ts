import type { Redis } from 'ioredis'

/** Milliseconds without a word after which a connection on which something is awaited counts as dead. */
const SILENCE_MS = 500

/**
 * Asks again and again, from when a connection is ready until it ends, and destroys one that has gone silent: a paused
 * server and a network that drops everything send no error. It watches from the first byte on, so that a connection that
 * never becomes ready is noticed too.
 */
export class Pulse {
  readonly #client: Redis
  readonly #ask: () => Promise<number>
  #heard = 0
  #busy = true
  #watch: NodeJS.Timeout | undefined
  #rest: NodeJS.Timeout | undefined

  /** `ask` never rejects; it resolves with the milliseconds to rest until the next time. */
  constructor(client: Redis, ask: () => Promise<number>) {
    this.#client = client
    this.#ask = ask
    client.once('connect', () => {
      client.stream.on('data', () => {
        this.#heard += 1
      })
      this.#listen()
    })
    client.once('ready', () => this.#beat())
    client.once('end', () => {
      this.#busy = true
      clearTimeout(this.#watch)
      clearTimeout(this.#rest)
    })
  }

  /** Asks now, where nothing is being asked already. */
  beat(): void {
    if (!this.#busy) void this.#beat()
  }

  async #beat(): Promise<void> {
    this.#busy = true
    clearTimeout(this.#rest)
    this.#listen()
    const rest = await this.#ask()
    if (this.#client.status !== 'ready') return
    clearTimeout(this.#watch)
    this.#busy = false
    this.#rest = setTimeout(() => this.beat(), rest)
  }

  /** Destroys the connection unless something is heard in time, and in that time again, as long as an answer is awaited. */
  #listen(): void {
    clearTimeout(this.#watch)
    const { stream } = this.#client
    const before = this.#heard
    const decide = () => {
      if (this.#heard === before) stream.destroy(new Error(`not a word in ${SILENCE_MS} ms`))
      else if (this.#busy) this.#listen()
    }
    // This process may have been held up itself: what has arrived meanwhile is read before it is judged.
    this.#watch = setTimeout(() => setImmediate(decide), SILENCE_MS)
  }
}
