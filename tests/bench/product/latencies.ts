import type { UserId } from '../../../src/domain/ids.ts'
import { createChance } from '../world/chance.ts'
import { type Client, openClient } from '../world/client.ts'
import { type Latency, latencyOf } from '../world/turns.ts'
import type { Question } from './questions.ts'

/** A server to ask, beside others. */
export interface Place {
  readonly name: string
  readonly url: string
}

export interface Measured extends Latency {
  readonly perSecond: number
}

export interface Load {
  readonly learners: readonly UserId[]
  readonly token: string
  /** Clients that ask at the same time, each one question after the other. */
  readonly clients: number
  readonly rounds: number
}

/** Questions of each client in a round. */
const BURST = 25
const WARM_UP_ROUNDS = 4

/** Asks about learners at random; the servers take turns, each round in another order. */
export async function measure(question: Question, places: readonly Place[], load: Load): Promise<readonly Measured[]> {
  using opened = new DisposableStack()
  const chance = createChance(load.clients)
  const anyone = () => String(load.learners[Math.floor(chance() * load.learners.length)])
  const contenders = places.map(({ name, url }) => ({
    name,
    clients: Array.from({ length: load.clients }, () => opened.use(openClient(url, load.token))),
    times: [] as number[],
    seconds: 0,
  }))
  for (let round = -WARM_UP_ROUNDS; round < load.rounds; round += 1) {
    const first = Math.abs(round) % contenders.length
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      const begun = performance.now()
      const bursts = contender.clients.map((client) => burst(client, question.query, anyone))
      const times = (await Promise.all(bursts)).flat()
      if (round < 0) continue
      contender.times.push(...times)
      contender.seconds += (performance.now() - begun) / 1000
    }
  }
  return contenders.map(({ name, times, seconds }) => ({
    ...latencyOf(name, times),
    perSecond: times.length / seconds,
  }))
}

async function burst(client: Client, query: string, anyone: () => string): Promise<readonly number[]> {
  const times: number[] = []
  for (let asked = 0; asked < BURST; asked += 1) {
    const begun = performance.now()
    await client.ask(query, { id: anyone() })
    times.push(performance.now() - begun)
  }
  return times
}
