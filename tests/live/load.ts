import { setTimeout as pause } from 'node:timers/promises'
import type { Ghost, Learner } from './learners.ts'
import type { LiveNode } from './live-node.ts'
import { askAbout, askForGhost, type Reading } from './shapes.ts'
import { read, type Trial } from './trial.ts'
import { changeSettings, haunt, type Outcome, practise, rename } from './writes.ts'

export interface LoadOptions {
  /** Readers at random times, besides those that read right after each acknowledgement. */
  readonly readers: number
  /** Milliseconds that each reader and writer rests at most. */
  readonly restMs: number
}

/** Concurrent readers and writers, as many as were asked for and no more. */
export class Load implements AsyncDisposable {
  readonly #trial: Trial
  readonly #options: LoadOptions
  readonly #loops: Promise<void>[] = []
  readonly #chasing = new Set<Promise<void>>()
  readonly #writing = new Set<Promise<unknown>>()
  #gate = Promise.withResolvers<void>()
  #stopped = false

  constructor(trial: Trial, options: LoadOptions) {
    this.#trial = trial
    this.#options = options
    const { learners, ghosts } = trial.cast
    this.#loops.push(
      ...learners.map((learner) => this.#write(() => this.#change(learner))),
      ...ghosts.map((ghost) => this.#write(() => this.#toggle(ghost))),
      ...Array.from({ length: options.readers }, () => this.#read()),
    )
  }

  /** Lets the writers write. */
  resume(): void {
    this.#gate.resolve()
  }

  /** Resolves when no write is in flight, nor begins until the next `resume`; the readers go on. */
  async rest(): Promise<void> {
    this.#gate = Promise.withResolvers()
    while (this.#writing.size > 0) await Promise.all(this.#writing)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.resume()
    await Promise.all(this.#loops)
    await Promise.all(this.#chasing)
  }

  async #write(once: () => Promise<void>): Promise<void> {
    const { random } = this.#trial
    for (;;) {
      await this.#gate.promise
      if (this.#stopped) return
      const writing = once()
      this.#writing.add(writing)
      await writing.finally(() => this.#writing.delete(writing))
      await pause(random.between(0, this.#options.restMs))
    }
  }

  async #change(learner: Learner): Promise<void> {
    const { stage, random, cast } = this.#trial
    using _ = await learner.lock.take()
    const node = random.of(stage.nodes)
    const chance = random.next()
    const write = chance < 0.7 ? rename : chance < 0.85 ? changeSettings : practise
    const outcome = await write(this.#trial, node, learner)
    await this.#chase(outcome, node, () => askAbout([learner], cast, random))
  }

  async #toggle(ghost: Ghost): Promise<void> {
    const { stage, random, cast } = this.#trial
    const node = random.of(stage.nodes)
    const outcome = await haunt(this.#trial, node, ghost)
    if (outcome === 'failed') await this.#findOut(ghost)
    else await this.#chase(outcome, node, () => askForGhost(ghost, cast))
  }

  /** Reads on the other nodes, at once; the writer does not always wait for what they bring. */
  async #chase(outcome: Outcome, writer: LiveNode, ask: () => Reading): Promise<void> {
    const { stage, random } = this.#trial
    // A server that is gone would only be asked again and again.
    if (outcome === 'failed') return void (await pause(20))
    const others = stage.nodes.filter((node) => node !== writer)
    const chasing = [...others, ...(random.next() < 0.2 ? [writer] : [])].map((node) => this.#chaser(node, ask()))
    if (random.next() < 0.5) await Promise.all(chasing)
  }

  #chaser(node: LiveNode, reading: Reading): Promise<void> {
    const chasing = read(this.#trial, node, reading)
    this.#chasing.add(chasing)
    return chasing.finally(() => this.#chasing.delete(chasing))
  }

  async #read(): Promise<void> {
    const { stage, random, cast } = this.#trial
    while (!this.#stopped) {
      const reading =
        cast.ghosts.length > 0 && random.next() < 0.15
          ? askForGhost(random.of(cast.ghosts), cast)
          : askAbout(random.shuffled(cast.learners).slice(0, 1 + random.below(3)), cast, random)
      await this.#readAgainAndAgain(random.of(stage.nodes), reading)
      await pause(random.between(0, this.#options.restMs))
    }
  }

  /** The same bytes each time, so that what was kept whole answers; by GET with the validator of the time before. */
  async #readAgainAndAgain(node: LiveNode, { question, ...reading }: Reading): Promise<void> {
    const { random } = this.#trial
    const method = random.next() < 0.4 ? 'GET' : 'POST'
    for (let left = 1 + random.below(5); left > 0 && !this.#stopped; left -= 1)
      await read(this.#trial, node, { ...reading, question: { ...question, method } }, random.next() < 0.02)
  }

  /** Whether the ghost is there after a write that was never answered; the next number's parity says what comes next. */
  async #findOut(ghost: Ghost): Promise<void> {
    const { telegramId, existence } = ghost
    await pause(500)
    const found = await this.#trial.stage.truth.ghost(telegramId)
    const next = existence.begun + 1
    if ((found === null) !== (next % 2 === 1)) existence.begin()
    ghost.id = found?.id ?? null
  }
}
