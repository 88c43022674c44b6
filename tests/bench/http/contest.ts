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

/** All are up at once and take turns, each round in another order: what else the machine does meets all of them. */
export async function hold(it: Case, world: World, { rounds, seconds }: Rounds): Promise<readonly Result[]> {
  await using opened = new AsyncDisposableStack()
  const entrants = await enterAll(it, world, opened)
  const turns = new Map<Entrant, Turn[]>(entrants.map((entrant) => [entrant, []]))
  for (let round = -1; round < rounds; round += 1) {
    progress(`${it.name}: ${round < 0 ? 'a round that does not count' : `round ${round + 1} of ${rounds}`}`)
    const first = Math.abs(round) % entrants.length
    for (const entrant of [...entrants.slice(first), ...entrants.slice(0, first)]) {
      const turn = await takeTurn(entrant, seconds)
      if (round >= 0) turns.get(entrant)?.push(turn)
    }
  }
  progress(`${it.name}: what callers wait at half of that`)
  const results: Result[] = []
  for (const [entrant, taken] of turns) results.push(await resultOf(entrant, taken, seconds))
  return results
}

async function takeTurn({ server, load, workload }: Entrant, seconds: number): Promise<Turn> {
  await pause(REST_MS)
  const [begun, used] = [performance.now(), server.cpuSeconds()]
  const throughput = await load.closed(workload.next, seconds)
  const serverCpu = (1000 * (server.cpuSeconds() - used)) / (performance.now() - begun)
  return { ...throughput, serverCpu }
}

async function resultOf(
  { contender, load, workload }: Entrant,
  turns: readonly Turn[],
  seconds: number,
): Promise<Result> {
  const medianOf = (what: keyof Turn) => median(turns.map((turn) => turn[what]))
  const perSecond = medianOf('perSecond')
  await pause(REST_MS)
  const waits = await load.open(workload.next, perSecond / 2, seconds)
  const cpu = { serverCpu: medianOf('serverCpu'), generatorCpu: medianOf('generatorCpu') }
  return { contender, perSecond, ...cpu, waits, tally: workload.tally() }
}
