/** Counts the sockets of one store, so that they are never more than they may be. */
export class Sockets {
  readonly max: number
  #open = 0

  constructor(max: number) {
    this.max = max
  }

  get open(): number {
    return this.#open
  }

  /** False when there are as many as there may be. */
  take(): boolean {
    if (this.#open >= this.max) return false
    this.#open += 1
    return true
  }

  release(): void {
    this.#open -= 1
  }
}
