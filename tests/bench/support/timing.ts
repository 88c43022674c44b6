import { setTimeout as pause } from 'node:timers/promises'

/** What was measured of one thing, in nanoseconds for one operation. */
export interface Timing {
  readonly name: string
  readonly medianNs: number
  readonly leastNs: number
  readonly mostNs: number
}

/**
 * Something to measure: does its operation that many times and returns a number that depends on every answer, so that
 * none can be left out; not finite when some answer was wrong.
 */
export interface Subject {
  readonly name: string
  readonly times: number
  run(): number | Promise<number>
  /** Makes ready for the next round, unmeasured. */
  prepare?(): void | Promise<void>
}

export interface Rounds {
  readonly rounds: number
  /** Rounds before them that do not count. */
  readonly warmUp?: number
  /** Milliseconds after which no other round begins: a busy machine gets fewer of them. */
  readonly withinMs?: number
}

const NS_PER_MS = 1_000_000
const REST_MS = 2

/**
 * Measures subjects against each other: in every round each takes its turn, each round in another order, so that
 * what else the machine does meets all of them.
 */
export async function compare(subjects: readonly Subject[], options: Rounds): Promise<readonly Timing[]> {
  const { rounds, warmUp = 5, withinMs = 8_000 } = options
  const end = performance.now() + withinMs
  const taken = new Map<Subject, number[]>(subjects.map((subject) => [subject, []]))
  for (let round = -warmUp; round < rounds && (round < 1 || performance.now() < end); round += 1) {
    const first = Math.abs(round) % subjects.length
    for (const subject of [...subjects.slice(first), ...subjects.slice(0, first)]) {
      await subject.prepare?.()
      // What the one before left to be done in the background is not for this one to pay.
      await pause(REST_MS)
      const ns = await timeOf(subject)
      if (round >= 0) taken.get(subject)?.push(ns)
    }
  }
  return [...taken].map(([{ name }, times]) => ({
    name,
    medianNs: median(times),
    leastNs: Math.min(...times),
    mostNs: Math.max(...times),
  }))
}

async function timeOf({ name, times, run }: Subject): Promise<number> {
  const begun = performance.now()
  const running = run()
  // What is done at once does not wait for a promise.
  const answers = typeof running === 'number' ? running : await running
  const ms = performance.now() - begun
  if (!Number.isFinite(answers)) throw new Error(`"${name}" did not get what was expected.`)
  return (ms * NS_PER_MS) / times
}

/** The time that this part of all times do not exceed, such as 0.99 of them. */
export const quantile = (times: readonly number[], part: number): number =>
  times.toSorted((one, other) => one - other)[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN

export const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((one, other) => one - other)
  const upper = sorted[sorted.length >> 1] ?? Number.NaN
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN
  return (lower + upper) / 2
}

/** The same things in an order that looks random and is always the same. */
export function shuffled<Thing>(things: readonly Thing[], seed = 42): readonly Thing[] {
  let state = seed
  const keyed = things.map((thing) => {
    // A linear congruential generator with the constants of Numerical Recipes.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return { thing, key: state }
  })
  return keyed.sort((one, other) => one.key - other.key).map(({ thing }) => thing)
}

/** In the unit that reads best, with three digits. */
export function inWords(ns: number): string {
  const [amount, unit] = ns < 1_000 ? [ns, 'ns'] : ns < NS_PER_MS ? [ns / 1_000, 'µs'] : [ns / NS_PER_MS, 'ms']
  return `${amount >= 100 ? amount.toFixed(0) : amount.toPrecision(3)} ${unit}`
}
