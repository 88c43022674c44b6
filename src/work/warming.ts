import { type Warmed, type WarmerOptions, warm } from './warmer.ts'

export interface WarmingOptions extends WarmerOptions {
  /** Told once, when it is over, and how many milliseconds it took; must not throw. */
  readonly over: (warmed: Warmed, ms: number) => void
  /** Told instead when the database failed; must not throw. */
  readonly failed: (error: unknown) => void
}

/** Warms the caches in the background of a server. Disposing of it waits for what it is reading at the moment. */
export class Warming implements AsyncDisposable {
  readonly #options: WarmingOptions
  readonly #stop = new AbortController()
  #running: Promise<void> = Promise.resolve()

  constructor(options: WarmingOptions) {
    this.#options = options
  }

  start(): void {
    const { now, over, failed } = this.#options
    const begun = now()
    this.#running = warm(this.#options, this.#stop.signal).then((warmed) => over(warmed, now() - begun), failed)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#running
  }
}
