import type { Sleep } from '../../src/cache/sleep.ts'
import type { MemoryStore } from './memory-store.ts'
import { settled } from './node.ts'

interface Sleeper {
  readonly due: number
  readonly wake: () => void
}

/** The time of a store and of those who sleep by it. It stands still until it is told to pass. */
export class HandClock {
  readonly #shared: MemoryStore
  readonly #sleepers = new Set<Sleeper>()

  constructor(shared: MemoryStore) {
    this.#shared = shared
  }

  readonly now = (): number => this.#shared.now

  readonly sleep: Sleep = (ms, signal) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    if (signal.aborted) return Promise.resolve()
    const sleeper: Sleeper = {
      due: this.#shared.now + ms,
      wake: () => {
        this.#sleepers.delete(sleeper)
        signal.removeEventListener('abort', sleeper.wake)
        resolve()
      },
    }
    this.#sleepers.add(sleeper)
    signal.addEventListener('abort', sleeper.wake)
    return promise
  }

  get sleeping(): number {
    return this.#sleepers.size
  }

  /** Goes on to whoever sleeps least long, and wakes them; false when nobody sleeps. */
  wakeNext(until = Number.POSITIVE_INFINITY): boolean {
    const [next] = [...this.#sleepers].sort((a, b) => a.due - b.due)
    if (next === undefined || next.due > until) return false
    this.#shared.now = next.due
    next.wake()
    return true
  }

  /** Lets time pass, and everyone do what they do meanwhile. */
  async pass(ms: number): Promise<void> {
    const until = this.#shared.now + ms
    await settled()
    while (this.wakeNext(until)) await settled()
    this.#shared.now = until
  }
}
