import type { Client } from './client.ts'
import type { History } from './history.ts'
import type { Latencies } from './latency.ts'
import type { Cast } from './learners.ts'
import type { LiveNode } from './live-node.ts'
import type { Random } from './random.ts'
import type { Reading } from './shapes.ts'
import type { Stage } from './stage.ts'

/** Everything that the parts of one run share. */
export interface Trial {
  readonly stage: Stage
  readonly client: Client
  readonly cast: Cast
  readonly history: History
  readonly random: Random
  /** Where reads are timed at the moment. */
  latencies: Latencies
  /** Whether servers may say that the database does not answer. */
  databaseFails: boolean
}

/**
 * Reads and checks. Floors are noted in the same turn as the read is sent, and raised in the turn in which an
 * acknowledgement arrives: one thread's order of events decides what came first, and no clock.
 */
export async function read(trial: Trial, node: LiveNode, reading: Reading, noCache = false): Promise<void> {
  const { client, history } = trial
  const { question, registers } = reading
  const floors = new Map(registers.map((register) => [register, register.floor]))
  const operation = history.begin(node.name, `${noCache ? 'no-cache ' : ''}${reading.what}`)
  history.counts.reads += 1
  const headers: Record<string, string> = noCache ? { 'cache-control': 'no-cache' } : {}
  try {
    const { data, errors = [], cached, notModified } = await client.ask(node.url, { ...question, headers })
    const [error] = errors.filter(({ extensions }) => extensions?.code !== 'NOT_FOUND')
    if (error !== undefined || data == null) throw new Error(`${JSON.stringify(error ?? data)}`)
    const observations = reading.observe(data)
    history.answered(operation, cached)
    if (notModified) history.counts.notModified += 1
    history.end(operation, observations.map(({ value }) => JSON.stringify(value)).join(' '))
    trial.latencies.add(operation.ended - operation.begun)
    history.check(operation, observations, floors)
  } catch (error) {
    fail(trial, node, `read ${reading.what}`, error)
    history.end(operation, `failed: ${error}`)
  }
}

/** A caller's trouble is a violation, unless the server was killed, or has lost the database and says so. */
export function fail({ history, databaseFails }: Trial, node: LiveNode, what: string, error: unknown): void {
  if (node.excused || (databaseFails && String(error).includes('SERVICE_UNAVAILABLE'))) history.counts.excused += 1
  else history.violate('error', `${what} on ${node.name}: ${error}`)
}
