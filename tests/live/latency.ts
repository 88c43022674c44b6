/** Milliseconds that reads took, as far as they are kept. */
export class Latencies {
  readonly #taken: number[] = []

  add(ms: number): void {
    this.#taken.push(ms)
  }

  get count(): number {
    return this.#taken.length
  }

  /** The latency that this part of the reads, from 0 to 1, did not exceed. */
  quantile(part: number): number {
    const sorted = this.#taken.toSorted((a, b) => a - b)
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
  }
}
