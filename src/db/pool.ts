export interface PoolOptions<Connection> {
  /** Connections at most. */
  readonly max: number
  /** Makes a connection, which reaches the server when it is used first. `lost` is to be called when it is of no more use. */
  readonly open: (lost: () => void) => Connection
  /** Closes a connection that nobody uses any more; with `atOnce`, one whose users have had their time. */
  readonly close: (connection: Connection, atOnce: boolean) => Promise<void>
  /** Milliseconds after which a connection is replaced, as soon as nobody uses it. */
  readonly lifetimeMs: () => number
  /** Milliseconds from a loss to the next attempt to connect. */
  readonly pauseMs: number
  /** Milliseconds that those who use a connection have when the pool is closed. */
  readonly patienceMs: number
  /** Milliseconds, on a clock that is never set. */
  readonly now: () => number
  /** Waits so many milliseconds, or until the signal is aborted; never fails. */
  readonly sleep: (ms: number, until: AbortSignal) => Promise<void>
}

/** Connections that are lent out. */
export interface Pool<Connection> {
  /** Lends a connection that others may use at the same time: for statements that each stand for themselves. */
  share<T>(use: (connection: Connection) => Promise<T>): Promise<T>
  /** Lends a connection that nobody else is lent before `use` has ended: for a transaction. */
  hold<T>(use: (connection: Connection) => Promise<T>): Promise<T>
  /** Refuses who comes or waits from now on, and closes each connection when nobody uses it any more. */
  close(): Promise<void>
}

interface Place<Connection> {
  readonly connection: Connection
  /** When it may be used, if not yet. */
  readonly ready: Promise<void> | undefined
  /** When it is to be replaced. */
  readonly until: number
  users: number
  held: boolean
  /** Whether something that was asked of it was answered. */
  proven: boolean
  lost: boolean
  /** Tells who holds it that those before are gone, or that it was lost. */
  freed: () => void
}

interface Waiter<Connection> {
  readonly alone: boolean
  readonly resolve: (place: Place<Connection>) => void
  readonly reject: (error: Error) => void
}

export const createPool = <Connection>(options: PoolOptions<Connection>): Pool<Connection> => new LendingPool(options)

class LendingPool<Connection> implements Pool<Connection> {
  readonly #options: PoolOptions<Connection>
  readonly #places = new Set<Place<Connection>>()
  readonly #waiting: Waiter<Connection>[] = []
  readonly #closing = new Set<Promise<void>>()
  readonly #closed = new AbortController()
  readonly #empty = new AbortController()
  /** Whether a connection was lost, and none has answered since. */
  #doubtful = false
  #opensAt = Number.NEGATIVE_INFINITY

  constructor(options: PoolOptions<Connection>) {
    this.#options = options
  }

  share<T>(use: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#lend(false, use)
  }

  hold<T>(use: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#lend(true, use)
  }

  async close(): Promise<void> {
    this.#closed.abort()
    for (const { reject } of this.#waiting.splice(0)) reject(closedPool())
    for (const place of this.#places) if (place.users === 0) this.#retire(place, false)
    if (this.#places.size > 0) await this.#options.sleep(this.#options.patienceMs, this.#empty.signal)
    for (const place of this.#places) this.#retire(place, true)
    await Promise.all(this.#closing)
  }

  async #lend<T>(alone: boolean, use: (connection: Connection) => Promise<T>): Promise<T> {
    if (this.#closed.signal.aborted) throw closedPool()
    // Nobody is overtaken: who waits has been served as far as there was anything to take.
    const place = this.#take(alone) ?? (await this.#wait(alone))
    try {
      if (place.ready !== undefined) await place.ready
      if (alone) await this.#othersGone(place)
      const answer = await use(place.connection)
      this.#prove(place)
      return answer
    } finally {
      this.#giveBack(place, alone)
    }
  }

  #wait(alone: boolean): Promise<Place<Connection>> {
    const { promise, resolve, reject } = Promise.withResolvers<Place<Connection>>()
    this.#waiting.push({ alone, resolve, reject })
    return promise
  }

  #take(alone: boolean): Place<Connection> | undefined {
    const place = this.#choose()
    if (place === undefined) return undefined
    place.users += 1
    // From now on it is lent to nobody else, although those before may still use it.
    place.held = alone
    return place
  }

  /** Statements of those before could reach the server after the holder's first. */
  async #othersGone(place: Place<Connection>): Promise<void> {
    if (place.users === 1 || place.lost) return
    const { promise, resolve } = Promise.withResolvers<void>()
    place.freed = resolve
    await promise
  }

  /** A failure proves nothing: a server that refuses everybody says so before the connection ends. */
  #prove(place: Place<Connection>): void {
    if (place.lost) return
    place.proven = true
    this.#doubtful = false
  }

  /** An idle one, else a new one, else the one with the fewest users: of those that were of use already, if there are any. */
  #choose(): Place<Connection> | undefined {
    let best: Place<Connection> | undefined
    for (const place of this.#places) if (!place.held && (best === undefined || isBetter(place, best))) best = place
    if (best?.users === 0 || !this.#mayOpen()) return best
    return this.#open()
  }

  #mayOpen(): boolean {
    if (this.#places.size >= this.#options.max) return false
    // A server that may be gone is tried by one connection at a time.
    return !this.#doubtful || ![...this.#places].some(({ proven }) => !proven)
  }

  #open(): Place<Connection> {
    const { open, lifetimeMs, now, sleep } = this.#options
    const restMs = this.#opensAt - now()
    const place: Place<Connection> = {
      connection: open(() => this.#lose(place)),
      ready: restMs > 0 ? sleep(restMs, this.#closed.signal) : undefined,
      until: now() + lifetimeMs(),
      users: 0,
      held: false,
      proven: false,
      lost: false,
      freed() {},
    }
    this.#places.add(place)
    return place
  }

  #giveBack(place: Place<Connection>, alone: boolean): void {
    place.users -= 1
    if (alone) place.held = false
    if (place.users === 1 && place.held) place.freed()
    const isOver = this.#closed.signal.aborted || this.#options.now() >= place.until
    if (place.users === 0 && isOver) this.#retire(place, false)
    this.#serve()
  }

  #lose(place: Place<Connection>): void {
    place.lost = true
    place.freed()
    // Otherwise it was closed by us.
    if (!this.#remove(place)) return
    this.#doubtful = true
    this.#opensAt = this.#options.now() + this.#options.pauseMs
    this.#serve()
  }

  #retire(place: Place<Connection>, atOnce: boolean): void {
    this.#remove(place)
    const closing = this.#options.close(place.connection, atOnce).finally(() => this.#closing.delete(closing))
    this.#closing.add(closing)
  }

  #remove(place: Place<Connection>): boolean {
    const wasThere = this.#places.delete(place)
    if (this.#places.size === 0 && this.#closed.signal.aborted) this.#empty.abort()
    return wasThere
  }

  #serve(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const place = this.#take(next.alone)
      if (place === undefined) return
      this.#waiting.shift()
      next.resolve(place)
    }
  }
}

type Chance = Pick<Place<unknown>, 'users' | 'proven'>

/** Whoever shares one that is not connected yet may wait for long, and for nothing. */
function isBetter(one: Chance, other: Chance): boolean {
  const isIdle = one.users === 0 || other.users === 0
  return isIdle || one.proven === other.proven ? one.users < other.users : one.proven
}

/** Its code is the one of the driver's own connections that were closed. */
const closedPool = () => Object.assign(new Error('The database was closed.'), { code: 'CONNECTION_ENDED' })
