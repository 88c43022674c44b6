/** Milliseconds of a monotonic clock. */
export type Monotonic = () => number

/** One point in time after which nothing is worth waiting for, and the caller, who may give up before. */
export class Deadline implements Disposable {
  /** Aborted when the time is up, when the caller gives up, and when {@link cut} is called. */
  readonly signal: AbortSignal
  readonly #caller: AbortSignal
  readonly #own = new AbortController()
  readonly #timer: NodeJS.Timeout
  readonly #clock: Monotonic
  readonly #end: number
  #isOver = false

  /** @param milliseconds from now */
  constructor(milliseconds: number, caller: AbortSignal, clock: Monotonic) {
    this.#caller = caller
    this.#clock = clock
    this.#end = clock() + milliseconds
    this.#timer = setTimeout(() => this.#pass(), milliseconds)
    this.signal = AbortSignal.any([caller, this.#own.signal])
  }

  /** Whether the time is up. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Whether the caller has given up. */
  get isAbandoned(): boolean {
    return this.#caller.aborted
  }

  /** Milliseconds; never negative. */
  get left(): number {
    return Math.max(0, this.#end - this.#clock())
  }

  /** Ends it before its time. */
  cut(reason: unknown): void {
    this.#own.abort(reason)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }

  #pass(): void {
    this.#isOver = true
    this.#own.abort(new DOMException('The time for the answer is up.', 'TimeoutError'))
  }
}
