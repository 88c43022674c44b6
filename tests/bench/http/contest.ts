import { setTimeout as pause } from 'node:timers/promises'
import { median } from '../support/timing.ts'
import { progress } from '../world/say.ts'
import type { Case } from './cases.ts'
import type { Contender } from './contenders.ts'
import { type Entrant, enterAll, type World } from './entrants.ts'
import type { Waits } from './load.ts'
import type { Tally } from './workload.ts'

export interface Rounds {
  readonly rounds: number
  readonly seconds: number
}

/** What one contender did in one case. */
export interface Result {
  readonly contender: Contender
  readonly perSecond: number
  /** The part of its core that it had at that rate: well below 1 it waited for others, or others were on its core. */
  readonly serverCpu: number
  /** The part of its core that the load took at that rate: near 1 it would have measured itself. */
  readonly generatorCpu: number
  /** At half of that rate. */
  readonly waits: Waits
  readonly tally: Tally
}

/** What the one before left to be done in the background is not for the next to pay. */
const REST_MS = 200

/** One turn of one contender. */
type Turn = Pick<Result, 'perSecond' | 'serverCpu' | 'generatorCpu'>

/**
 * Everyone takes a turn in each round, each time in a process of its own and in another order. What else the machine does
 * meets all of them, and so does chance: where a process happens to lie in memory can make it a third slower or faster
 * for as long as it lives.
 */
export async function hold(it: Case, world: World, { rounds, seconds }: Rounds): Promise<readonly Result[]> {
  await using opened = new AsyncDisposableStack()
  const entrants = await enterAll(it, world, opened)
  const turns = new Map<Entrant, Turn[]>(entrants.map((entrant) => [entrant, []]))
  for (let round = 0; round < rounds; round += 1) {
    progress(`${it.name}: round ${round + 1} of ${rounds}`)
    const first = round % entrants.length
    for (const entrant of [...entrants.slice(first), ...entrants.slice(0, first)])
      turns.get(entrant)?.push(await takeTurn(entrant, seconds))
  }
  progress(`${it.name}: what callers wait at half of that`)
  const results: Result[] = []
  for (const [entrant, taken] of turns) results.push(await resultOf(entrant, taken, seconds))
  return results
}

async function takeTurn({ start, workload }: Entrant, seconds: number): Promise<Turn> {
  await using started = await start()
  const { server, load } = started
  await pause(REST_MS)
  const [begun, used] = [performance.now(), server.cpuSeconds()]
  const throughput = await load.closed(workload.next, seconds)
  const serverCpu = (1000 * (server.cpuSeconds() - used)) / (performance.now() - begun)
  return { ...throughput, serverCpu }
}

async function resultOf(
  { contender, start, workload }: Entrant,
  turns: readonly Turn[],
  seconds: number,
): Promise<Result> {
  await using started = await start()
  const medianOf = (what: keyof Turn) => median(turns.map((turn) => turn[what]))
  const perSecond = medianOf('perSecond')
  await pause(REST_MS)
  const waits = await started.load.open(workload.next, perSecond / 2, seconds)
  const cpu = { serverCpu: medianOf('serverCpu'), generatorCpu: medianOf('generatorCpu') }
  return { contender, perSecond, ...cpu, waits, tally: workload.tally() }
}
