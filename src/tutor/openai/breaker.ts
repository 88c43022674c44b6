import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhenResult,
  type IBackoff,
  type IHalfOpenAfterBackoffContext,
  isBrokenCircuitError,
} from 'cockatiel'
import type { Trouble } from '../../replies/tutor.ts'
import { Abandoned, Fault } from './fault.ts'

export interface BreakerOptions {
  /** Faults in a row that open it. @default 5 */
  readonly failures?: number
  /** Milliseconds for which nothing is asked while it is open. @default 10_000 */
  readonly openMs?: number
}

/**
 * Troubles that the next request would meet as well. The others are about one request: they cost a call each, but the
 * model is there, so they count as answers; so does an answer that had begun when its time was up, for it is merely long.
 */
const LASTING: ReadonlySet<Trouble> = new Set([
  'rate-limited',
  'quota',
  'refused-key',
  'server-error',
  'connection',
  'timeout',
])

/** Milliseconds; a server that wants to be left alone for longer is asked again all the same. */
const LONGEST_OPEN_MS = 60_000

/** What became of a request, as a value: cockatiel takes an error that it does not count for no outcome at all. */
class Failed {
  readonly error: unknown

  constructor(error: unknown) {
    this.error = error
  }

  get counts(): boolean {
    return this.error instanceof Abandoned || (this.error instanceof Fault && isLasting(this.error))
  }
}

/** Asks a model only as long as it answers. */
export class ModelBreaker {
  readonly #policy: CircuitBreakerPolicy
  readonly #openMs: number
  #openUntil = 0
  #isTold = false

  /** @param tell hears when it opens and when it closes again */
  constructor({ failures = 5, openMs = 10_000 }: BreakerOptions, tell: (state: 'open' | 'closed') => void) {
    this.#openMs = openMs
    this.#policy = circuitBreaker(
      handleWhenResult((result) => result instanceof Failed && result.counts),
      { breaker: new ConsecutiveBreaker(failures), halfOpenAfter: { next: (context) => this.#pause(context) } },
    )
    this.#policy.onBreak(() => {
      if (!this.#isTold) tell('open')
      this.#isTold = true
    })
    this.#policy.onReset(() => {
      this.#isTold = false
      tell('closed')
    })
  }

  /** Whether the model is asked as usual. */
  get isClosed(): boolean {
    return this.#policy.state === CircuitState.Closed
  }

  /** @throws Fault `not-asked` while it is open; what `ask` throws */
  async run<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    // One request tries whether the model is back. Whoever comes meanwhile is not made to wait for its outcome.
    if (this.#policy.state === CircuitState.HalfOpen) throw this.#notAsked()
    const outcome = await this.#execute(ask)
    if (outcome instanceof Failed) throw outcome.error
    return outcome
  }

  async #execute<Answer>(ask: () => Promise<Answer>): Promise<Answer | Failed> {
    try {
      return await this.#policy.execute(() => this.#outcome(ask))
    } catch (error) {
      throw isBrokenCircuitError(error) ? this.#notAsked() : error
    }
  }

  async #outcome<Answer>(ask: () => Promise<Answer>): Promise<Answer | Failed> {
    const isTrial = this.#policy.state === CircuitState.HalfOpen
    try {
      return await ask()
    } catch (error) {
      // A caller who gave up has learned nothing of the model. Thrown, it counts neither way, but would end a trial well.
      if (error instanceof Abandoned && !isTrial) throw error
      return new Failed(error)
    }
  }

  #pause({ result }: IHalfOpenAfterBackoffContext): IBackoff<IHalfOpenAfterBackoffContext> {
    const error = 'value' in result && result.value instanceof Failed ? result.value.error : undefined
    const duration = error instanceof Abandoned ? 0 : Math.max(this.#openMs, askedFor(error))
    this.#openUntil = Date.now() + duration
    return { duration, next: (context) => this.#pause(context) }
  }

  #notAsked(): Fault {
    const retryAfterSeconds = Math.max(1, Math.ceil((this.#openUntil - Date.now()) / 1_000))
    return new Fault('not-asked', 'The model is not asked at the moment.', { retryAfterSeconds })
  }
}

const isLasting = ({ trouble, hasBegun }: Fault): boolean =>
  LASTING.has(trouble) && !(trouble === 'timeout' && hasBegun)

/** Milliseconds for which a server wants to be left alone. */
const askedFor = (error: unknown): number =>
  error instanceof Fault ? Math.min(LONGEST_OPEN_MS, (error.retryAfterSeconds ?? 0) * 1_000) : 0
