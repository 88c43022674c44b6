import { median } from '../support/timing.ts'

/** One of several things that are measured against each other. */
export interface Contender {
  readonly name: string
  run(turn: number): Promise<void>
}

export interface Latency {
  readonly name: string
  readonly medianMs: number
  readonly p95Ms: number
}

export interface Turns {
  readonly turns: number
  /** Turns before them that do not count. */
  readonly warmUp: number
}

/** Lets each run once in every turn, each turn in another order: what else the machine does meets all of them. */
export async function takeTurns(
  contenders: readonly Contender[],
  { turns, warmUp }: Turns,
): Promise<readonly Latency[]> {
  const taken = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]))
  for (let turn = 0; turn < warmUp + turns; turn += 1) {
    const first = turn % contenders.length
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      const begun = performance.now()
      await contender.run(turn)
      if (turn >= warmUp) taken.get(contender)?.push(performance.now() - begun)
    }
  }
  return [...taken].map(([{ name }, times]) => latencyOf(name, times))
}

export const latencyOf = (name: string, times: readonly number[]): Latency => ({
  name,
  medianMs: median(times),
  p95Ms: times.toSorted((one, other) => one - other)[Math.floor(times.length * 0.95)] ?? Number.NaN,
})
