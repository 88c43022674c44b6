import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from './client.ts'
import type { Fault } from './fault.ts'
import { History, type Violation } from './history.ts'
import { Latencies } from './latency.ts'
import { createCast } from './learners.ts'
import { Load, type LoadOptions } from './load.ts'
import { checkQuiet } from './quiet.ts'
import { Random } from './random.ts'
import { type StageOptions, startStage } from './stage.ts'
import type { Trial } from './trial.ts'

/*
 * Checks the cache's promise from outside, over HTTP: a read that begins after a change was acknowledged never brings
 * anything older, on any node, and no fault leaves anything older behind.
 */

export interface CheckerOptions extends Omit<StageOptions, 'nodes'> {
  readonly seed: number
  readonly nodes?: number
  readonly learners?: number
  readonly ghosts?: number
  readonly load?: LoadOptions
}

/** How one fault went. */
export interface Phase {
  readonly name: string
  /** Milliseconds that the fault lasted. */
  readonly lasted: number
  readonly before: Latencies
  readonly during: Latencies
  /** Milliseconds after the fault's end until every server had answered with its caches. */
  readonly recovered: number
  /** Changes meanwhile that were kept but not yet confirmed to be seen. */
  readonly pending: number
  readonly violations: number
  /** The part of the reads, from 0 to 1, that servers answered with what they had kept whole. */
  readonly whole: number
}

export interface Report {
  readonly seed: number
  readonly phases: readonly Phase[]
  readonly history: History
}

/** Milliseconds of load before each fault. */
const BEFORE_MS = 700
/** Milliseconds of load after each fault, which are still counted as its own: some have no length. */
const AFTER_MS = 500

/** Lets one fault after the other happen under load, each followed by a quiet check. */
export async function checkFaults(
  faults: Iterable<Fault>,
  options: CheckerOptions,
  tell: (phase: Phase) => void = () => {},
): Promise<Report> {
  await using running = await start(options)
  const { trial, load } = running
  const phases: Phase[] = []
  for (const fault of faults) {
    const phase = await endure(trial, load, fault)
    phases.push(phase)
    tell(phase)
  }
  return { seed: options.seed, phases, history: trial.history }
}

/**
 * Runs the load with nothing wrong but what `provoke` does, until the first violation.
 * @returns null when there was none within the time
 */
export async function huntViolation(
  options: CheckerOptions & { readonly withinMs: number },
  provoke: (trial: Trial, signal: AbortSignal) => Promise<void>,
): Promise<Violation | null> {
  await using running = await start(options)
  const { trial, load } = running
  const ending = new AbortController()
  const provoking = provoke(trial, ending.signal)
  load.resume()
  const tooLate = pause(options.withinMs, null, { signal: ending.signal }).catch(() => null)
  const found = await Promise.race([trial.history.violated.promise, tooLate])
  ending.abort()
  await provoking
  return found
}

async function endure(trial: Trial, load: Load, fault: Fault): Promise<Phase> {
  const { history } = trial
  const { pending, violations, whole, reads } = history.counts
  const before = new Latencies()
  const during = new Latencies()
  history.phase = fault.name
  trial.latencies = before
  load.resume()
  await pause(BEFORE_MS)
  trial.latencies = during
  const begun = performance.now()
  await fault.inject(trial)
  const ended = performance.now()
  history.faultEnds()
  await pause(AFTER_MS)
  await load.rest()
  trial.latencies = new Latencies()
  history.phase = `quiet after: ${fault.name}`
  await checkQuiet(trial)
  history.counts.whole = trial.stage.whole()
  return {
    name: fault.name,
    lasted: ended - begun,
    before,
    during,
    recovered: Math.max(
      ...trial.stage.nodes.map(({ name }) => history.recovered.get(name) ?? Number.POSITIVE_INFINITY),
    ),
    pending: history.counts.pending - pending,
    violations: history.counts.violations - violations,
    whole: (history.counts.whole - whole) / (history.counts.reads - reads),
  }
}

/** Servers, learners and readers; the writers wait. */
async function start({ seed, nodes = 3, learners = 6, ghosts = 2, load: pace = PACE, ...staged }: CheckerOptions) {
  await using started = new AsyncDisposableStack()
  const stage = started.use(await startStage({ ...staged, nodes }))
  const client = started.use(createClient())
  const [first] = stage.nodes
  if (first === undefined) throw new RangeError('there must be a node')
  const cast = await createCast(client, first.url, { learners, ghosts })
  const trial: Trial = {
    stage,
    client,
    cast,
    history: new History(),
    random: new Random(seed),
    latencies: new Latencies(),
    databaseFails: false,
  }
  const load = started.use(new Load(trial, pace))
  const stack = started.move()
  return { trial, load, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** What two cores bear beside three servers, PostgreSQL and Redis without being late themselves. */
const PACE: LoadOptions = { readers: 6, restMs: 25 }
