/** Upper bounds of the classes that durations are counted in, in seconds: from what memory answers to what a model takes. */
export const DURATION_BOUNDS_S: readonly number[] = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
]

/**
 * Counts durations by classes. A library's histogram finds its place by hashing labels each time, which takes longer than a
 * kept answer leaves for all watching together; so this only adds, and is read when somebody asks.
 */
export class Durations {
  /** How many in each class, the last of which has no upper bound. */
  readonly counts: number[] = new Array(DURATION_BOUNDS_S.length + 1).fill(0)
  sumSeconds = 0

  add(seconds: number): void {
    let at = 0
    while (at < DURATION_BOUNDS_S.length && seconds > (DURATION_BOUNDS_S[at] ?? 0)) at += 1
    this.counts[at] = (this.counts[at] ?? 0) + 1
    this.sumSeconds += seconds
  }

  get count(): number {
    return this.counts.reduce((sum, each) => sum + each, 0)
  }
}

/**
 * Milliseconds within which this part of all durations lies, taken to be spread evenly within a class, as Prometheus'
 * `histogram_quantile` does; null where there are none.
 * @param part from 0 to 1
 */
export function quantileMs(counts: readonly number[], part: number): number | null {
  const total = counts.reduce((sum, each) => sum + each, 0)
  if (total === 0) return null
  const rank = part * total
  let below = 0
  for (const [at, count] of counts.entries()) {
    const upper = DURATION_BOUNDS_S[at]
    // Of what is longer than every bound it is only known that it is.
    if (upper === undefined) break
    const lower = at === 0 ? 0 : (DURATION_BOUNDS_S[at - 1] ?? 0)
    if (below + count >= rank && count > 0) return 1000 * (lower + ((upper - lower) * (rank - below)) / count)
    below += count
  }
  return 1000 * (DURATION_BOUNDS_S.at(-1) ?? 0)
}
