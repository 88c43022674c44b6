import type { ServerResponse } from 'node:http'
import { type HonzikError, unavailable } from '../domain/error.ts'

/** The time that one query has. */
export interface QueryLimit extends Disposable {
  /** @throws SERVICE_UNAVAILABLE when nobody waits for the answer any more */
  throwIfAborted(): void
  /** The work's result, or a failure as soon as the time is over. */
  race<Result>(work: Promise<Result>): Promise<Result>
}

/**
 * Ends queries that take too long. All have the same time, so they end in the order in which they began, and one timer
 * is enough for all of them.
 */
export class QueryLimits {
  readonly #ms: number
  /** The oldest first. */
  readonly #running = new Set<Limit>()
  #timer: NodeJS.Timeout | undefined

  /** @param lastCall aborted when the server stops and waits no longer */
  constructor(ms: number, lastCall: AbortSignal) {
    this.#ms = ms
    lastCall.addEventListener('abort', () => {
      for (const limit of this.#running) limit.end(unavailable('The server is stopping. Try again in a moment.'))
    })
  }

  /** @param response of whoever waits; null when nobody does */
  begin(response: ServerResponse | null): QueryLimit {
    const limit = new Limit(response, performance.now() + this.#ms, this.#running)
    this.#running.add(limit)
    this.#timer ??= this.#look(this.#ms)
    return limit
  }

  #look(inMs: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = undefined
      const now = performance.now()
      for (const limit of this.#running) {
        if (limit.endsAt > now) {
          this.#timer = this.#look(limit.endsAt - now)
          return
        }
        this.#running.delete(limit)
        limit.end(unavailable(`The request took longer than ${this.#ms / 1000} s.`))
      }
    }, inMs).unref()
  }
}

class Limit implements QueryLimit {
  /** On the process's monotonic clock, in milliseconds. */
  readonly endsAt: number
  readonly #response: ServerResponse | null
  readonly #running: Set<Limit>
  #reason: HonzikError | null = null
  /** Most have one or two. */
  readonly #rejects: ((reason: HonzikError) => void)[] = []

  constructor(response: ServerResponse | null, endsAt: number, running: Set<Limit>) {
    this.#response = response
    this.endsAt = endsAt
    this.#running = running
  }

  throwIfAborted(): void {
    if (this.#reason !== null) throw this.#reason
    if (this.#response?.destroyed) throw unavailable('The client has gone.')
  }

  race<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#rejects.push(reject)
      work.then(resolve, reject)
    })
  }

  end(reason: HonzikError): void {
    this.#reason = reason
    for (const reject of this.#rejects) reject(reason)
  }

  [Symbol.dispose](): void {
    this.#running.delete(this)
  }
}
