/** Rings for whoever waits: once for however many rings meanwhile, and when the signal is aborted. */
export class Bell {
  readonly #signal: AbortSignal
  #waiting = Promise.withResolvers<void>()

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', () => this.ring(), { once: true })
  }

  ring(): void {
    this.#waiting.resolve()
  }

  /** Resolves with the first ring from now on. */
  next(): Promise<void> {
    this.#waiting = Promise.withResolvers()
    if (this.#signal.aborted) this.ring()
    return this.#waiting.promise
  }
}
