import { Redis } from 'ioredis'
import { StoreUnavailable } from '../cache/shared-store.ts'
import { type Access, type Endpoint, nameOf, optionsFor } from './address.ts'
import { Pulse } from './pulse.ts'
import { SCRIPTS } from './scripts.ts'
import type { Sockets } from './sockets.ts'
import { saying, type Troubles } from './troubles.ts'

/** How servers are reached, the same for all connections of a store. */
export interface Reach {
  readonly access: Access
  readonly sockets: Sockets
  readonly troubles: Troubles
}

export interface LinkOptions {
  readonly reach: Reach
  /** What the server calls the connection in its list of clients. */
  readonly name: string
  /** Where to connect to; asked before each attempt, and now and then whether it is still so. Null: not known now. */
  readonly where: () => Endpoint | null
  /** Asks the server something, from when the connection is ready on, again and again; sooner when it fails. */
  readonly beat: (client: Redis) => Promise<void>
  readonly lost: () => void
}

const CONNECT_MS = 500
const RETRY_MS = 100
const REST_MS = 1_000
/** Beats in vain after which a connection is given up. */
const FAILURES = 10

/**
 * Keeps one connection: opens it, notices when it is dead, and opens another one a moment later, until it is disposed.
 * Each attempt is a client of its own: the driver's way of connecting again leaves timers behind when it is ended.
 */
export class Link implements AsyncDisposable {
  readonly #options: LinkOptions
  #client: Redis | null = null
  #pulse: Pulse | null = null
  #retry: NodeJS.Timeout | undefined
  #failures = 0
  #disposed = false

  constructor(options: LinkOptions) {
    this.#options = options
    this.#open()
  }

  /** The connection, while there is one that can be used. */
  get client(): Redis | null {
    return this.#client?.status === 'ready' ? this.#client : null
  }

  /** Asks now, as an answer has not come in time. */
  doubt(): void {
    this.#pulse?.beat()
  }

  #open(): void {
    const { reach, name, where, lost } = this.#options
    const endpoint = where()
    if (endpoint === null || !this.#mayOpen(endpoint)) {
      this.#openLater()
      return
    }
    const client = new Redis({ ...FIXED_OPTIONS, ...optionsFor(endpoint, reach.access), connectionName: name })
    client.on('error', (error) => this.#tell(endpoint, error))
    client.once('end', () => {
      reach.sockets.release()
      this.#client = null
      lost()
      this.#openLater()
    })
    this.#failures = 0
    this.#client = client
    this.#pulse = new Pulse(client, () => this.#beat(client, endpoint))
  }

  #mayOpen(endpoint: Endpoint): boolean {
    const { sockets } = this.#options.reach
    if (sockets.take()) return true
    this.#tell(endpoint, `no connection, as there would be more than ${sockets.max} to Redis`)
    return false
  }

  #openLater(): void {
    if (!this.#disposed) this.#retry = setTimeout(() => this.#open(), RETRY_MS)
  }

  async #beat(client: Redis, endpoint: Endpoint): Promise<number> {
    const failed = await this.#options.beat(client).then(
      () => false,
      (error) => {
        // Of a connection that has ended, its end has told; who only waits for another one has nothing to tell.
        if (client.status === 'ready' && !(error instanceof StoreUnavailable)) this.#tell(endpoint, error)
        return true
      },
    )
    this.#failures = failed ? this.#failures + 1 : 0
    const home = this.#options.where()
    // After a failover another endpoint may be the right one, and even the same name may lead to another server.
    if ((home && nameOf(home) !== nameOf(endpoint)) || this.#failures >= FAILURES) client.disconnect()
    return failed ? RETRY_MS : REST_MS
  }

  #tell(endpoint: Endpoint, error: unknown): void {
    if (!this.#disposed) this.#options.reach.troubles.tell(`Redis at ${nameOf(endpoint)}: ${saying(error)}`)
  }

  /** Resolves when there is neither a socket nor a timer left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    clearTimeout(this.#retry)
    const client = this.#client
    if (client === null) return
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    client.once('end', resolve)
    client.disconnect()
    await ended
  }
}

const FIXED_OPTIONS = {
  scripts: SCRIPTS,
  connectTimeout: CONNECT_MS,
  // A dead server would never agree to being left.
  disconnectTimeout: RETRY_MS,
  keepAlive: 5_000,
  // A command that cannot be sent now is of no use to anyone later.
  enableOfflineQueue: false,
  // The beats check that too.
  enableReadyCheck: false,
  retryStrategy: () => null,
  disableClientInfo: true,
}
