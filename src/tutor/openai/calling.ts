import { HonzikError } from '../../domain/error.ts'
import { costOf, type Price, type Tokens } from '../../domain/usage.ts'
import type { Call, TutorReporter } from '../../replies/tutor.ts'
import { Attempts, type Content } from './attempts.ts'
import { type BreakerOptions, ModelBreaker } from './breaker.ts'
import { Deadline, type Monotonic } from './deadline.ts'
import { Abandoned, Fault, faultOf } from './fault.ts'

export interface CallingOptions {
  /** The model's, as the server knows it. */
  readonly name: string
  readonly apiKey: string
  /** Milliseconds for an answer, repeated attempts included. */
  readonly timeoutMs: number
  /** Null when it is not known. */
  readonly price: Price | null
  readonly report: TutorReporter
  readonly breaker: BreakerOptions
  readonly clock: Monotonic
  /** JSON both ways when left out. */
  readonly content?: Content
}

/** What is going on while a model is asked. */
export interface Asking {
  readonly deadline: Deadline
  readonly attempts: Attempts
  /** To be told what the answer takes as soon as that is known, whether or not the answer is of any use. */
  readonly counted: (tokens: Tokens) => void
}

/** An answer and what it cost. */
export interface Paid<Value> {
  readonly value: Value
  readonly tokens: Tokens | null
  readonly usd: number | null
}

/** Asks one model, whatever it is asked: in time, not while it does not answer, and with every call paid for and told. */
export class Calling implements Disposable {
  readonly #options: CallingOptions
  readonly #breaker: ModelBreaker
  readonly #underWay = new Set<Deadline>()

  constructor(options: CallingOptions) {
    this.#options = options
    this.#breaker = new ModelBreaker(options.breaker, (state) =>
      options.report({ kind: 'breaker', model: options.name, state }),
    )
  }

  /** Whether the model is asked as usual. */
  get isAsked(): boolean {
    return this.#breaker.isClosed
  }

  /** Ends what is under way. */
  [Symbol.dispose](): void {
    for (const deadline of this.#underWay) deadline.cut(new Error('The tutor was closed.'))
  }

  /**
   * @param priced what it costs where that is not a matter of tokens
   * @throws HonzikError UPSTREAM_UNAVAILABLE; the signal's reason when it is aborted
   */
  async run<Value>(
    call: Pick<Call, 'signal' | 'onSpent'>,
    ask: (asking: Asking) => Promise<Value>,
    priced?: number | null,
  ): Promise<Paid<Value>> {
    call.signal.throwIfAborted()
    const { name: model, timeoutMs, clock, report } = this.#options
    const began = clock()
    using deadline = new Deadline(timeoutMs, call.signal, clock)
    this.#underWay.add(deadline)
    try {
      const answer = await this.#breaker.run(() => this.#answer(call, ask, deadline, priced))
      const { tokens, usd } = answer
      report({ kind: 'answered', model, tokens, usd, milliseconds: clock() - began })
      return answer
    } catch (error) {
      if (error instanceof Abandoned) throw call.signal.reason
      const { trouble, retryAfterSeconds, cause = error } = faultOf(error)
      report({ kind: 'failed', model, trouble, error: cause, milliseconds: clock() - began })
      throw unavailable(retryAfterSeconds, error)
    } finally {
      this.#underWay.delete(deadline)
    }
  }

  /** @throws Fault; Abandoned when the caller gave up */
  async #answer<Value>(
    call: Pick<Call, 'onSpent'>,
    ask: (asking: Asking) => Promise<Value>,
    deadline: Deadline,
    priced: number | null | undefined,
  ): Promise<Paid<Value>> {
    const { name: model, price, apiKey, content } = this.#options
    const attempts = new Attempts(apiKey, deadline, content)
    let tokens: Tokens | null = null
    const counted = (took: Tokens) => {
      tokens = took
    }
    const usd = () => (priced === undefined ? costOf(tokens, price) : priced)
    try {
      const value = await ask({ deadline, attempts, counted })
      return { value, tokens, usd: usd() }
    } catch (error) {
      if (deadline.isAbandoned) throw new Abandoned()
      throw deadline.isOver ? late(attempts, error) : faultOf(error)
    } finally {
      if (attempts.mayCost) call.onSpent?.({ model, tokens, usd: usd() })
    }
  }
}

/** The time ran out: while an attempt was under way, or while waiting to repeat one, which is then what was wrong. */
function late({ failure, hasBegun }: Attempts, error: unknown): Fault {
  if (failure !== undefined) return faultOf(failure)
  return new Fault('timeout', 'The model did not answer in time.', { cause: error, hasBegun })
}

const unavailable = (retryAfterSeconds: number | undefined, cause: unknown): HonzikError =>
  new HonzikError('UPSTREAM_UNAVAILABLE', 'The tutor cannot answer at the moment; please try again later.', {
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    cause,
  })
