import fc from 'fast-check'
import { describe, test } from 'vitest'
import type { MemoStore } from '../../src/cache/memo-store.ts'
import { HandClock } from './hand-clock.ts'
import { type Answer, fingerprintOf, type MemoNode, Outage, Refusal, startMemo } from './memo-node.ts'
import { MemoryStore, type Pause } from './memory-store.ts'

/*
 * Several processes ask the same few things while a scheduler decides which step of which of them happens next. Time
 * passes only when there is nothing else to do, so that whoever lives renews their leases in time. Whatever the order:
 * - nobody computes what somebody else computes whose lease holds, even where nobody waits for that any more, and nobody
 *   waits for ever
 * - nobody is given the answer to something else, or one from before an invalidation that came before they asked
 * - a failure is told to nobody who asked after it had been told, and somebody's own affair to nobody else
 */

/** `p` and `q` share a place, so they are computed beside each other; only `a` has its own. */
const NAMES = ['a', 'a', 'a', 'p', 'q'] as const
const placeOf = (name: string) => (name === 'a' ? 'reply:a' : 'replies:1')

type Operation =
  | {
      readonly kind: 'ask'
      readonly node: number
      readonly name: (typeof NAMES)[number]
      readonly mode: 'USE' | 'REFRESH'
      /** How the computing ends, and after how long. */
      readonly end: 'answer' | 'outage' | 'refusal'
      readonly ms: number
      /** Whether the computing ends when nobody waits for it any more; else it goes on. */
      readonly heeds: boolean
      /** Milliseconds after which the caller leaves; null: never. */
      readonly leaves: number | null
    }
  | { readonly kind: 'invalidate'; readonly name: (typeof NAMES)[number] }
  | { readonly kind: 'die'; readonly node: number }
  | { readonly kind: 'wait'; readonly ms: number }

interface World {
  /** Whether the place is now and then taken over, by which others compute at the same time. */
  readonly refreshing: boolean
  /** Whether the store is now and then not there, by which everyone is on their own. */
  readonly faults: boolean
}

const spans = fc.constantFrom(0, 10, 30, 150, 400, 1_200, 2_600)
const node = fc.constantFrom(0, 1, 2)

const asks = ({ refreshing }: World) =>
  fc.record({
    kind: fc.constant('ask' as const),
    node,
    name: fc.constantFrom(...NAMES),
    mode: refreshing ? fc.constantFrom('USE' as const, 'REFRESH' as const) : fc.constant('USE' as const),
    end: fc.constantFrom('answer' as const, 'outage' as const, 'outage' as const, 'refusal' as const),
    ms: spans,
    heeds: fc.boolean(),
    leaves: fc.option(spans, { freq: 3 }),
  })

const operations = (world: World): fc.Arbitrary<Operation> =>
  fc.oneof(
    { weight: 8, arbitrary: asks(world) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('invalidate' as const), name: fc.constantFrom(...NAMES) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('die' as const), node }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: spans }) },
  )

const clients = (world: World) =>
  fc.array(fc.array(operations(world), { minLength: 1, maxLength: 5 }), { minLength: 2, maxLength: 6 })

/** One computation, from its beginning until it ends. */
interface Computation {
  readonly name: string
  readonly node: number
  /** When the one asked in whose name it is computed. */
  readonly asked: number
  readonly began: number
}

/** A process that may die: from then on nothing reaches it, and it does nothing. */
interface Process extends Pick<MemoNode, 'memo' | 'hear'> {
  readonly death: Promise<'dead'>
  dead: boolean
  die(): void
}

class Stage {
  readonly shared = new MemoryStore()
  readonly clock = new HandClock(this.shared)
  readonly broken: string[] = []
  readonly processes: readonly Process[]
  readonly #pause: Pause
  readonly #world: World
  readonly #running = new Set<Computation>()
  /** Every computation, by the text that it answers or fails with. */
  readonly #computations = new Map<string, Computation>()
  /** When a failure was told first. */
  readonly #told = new Map<string, number>()
  /** How many invalidations of a place are going on, and when the last one that is done began and was done. */
  readonly #invalidating = new Map<string, number>()
  readonly #invalidated = new Map<string, { readonly began: number; readonly done: number }>()
  #moment = 0

  constructor(world: World, pause: Pause) {
    this.#world = world
    this.#pause = pause
    this.processes = [0, 1, 2].map(() => this.#start())
  }

  async perform(operation: Operation): Promise<void> {
    switch (operation.kind) {
      case 'wait':
        return this.clock.sleep(operation.ms, new AbortController().signal)
      case 'die':
        return this.processes[operation.node]?.die()
      case 'invalidate':
        return this.#invalidate(placeOf(operation.name))
      case 'ask':
        return this.#ask(operation)
    }
  }

  #start(): Process {
    const { promise: death, resolve } = Promise.withResolvers<'dead'>()
    const pause: Pause = (step) => (started.dead ? Promise.withResolvers<void>().promise : this.#pause(step))
    const store: MemoStore = this.shared.connect(pause)
    const { memo, hear } = startMemo({ store, ...this.clock })
    const started: Process = {
      memo,
      hear,
      death,
      dead: false,
      die() {
        started.dead = true
        resolve('dead')
      },
    }
    return started
  }

  async #invalidate(tag: string): Promise<void> {
    const began = ++this.#moment
    const goingOn = (change: number) => this.#invalidating.set(tag, (this.#invalidating.get(tag) ?? 0) + change)
    goingOn(1)
    await this.shared
      .connect(this.#pause)
      .invalidate([`test:v1:{${tag}}`], [tag])
      .catch(() => {})
    for (const each of this.processes) each.hear(tag)
    goingOn(-1)
    this.#invalidated.set(tag, { began, done: ++this.#moment })
  }

  async #ask(operation: Operation & { readonly kind: 'ask' }): Promise<void> {
    const { name, mode, leaves } = operation
    const asked = this.processes[operation.node]
    if (asked === undefined || asked.dead) return
    const began = ++this.#moment
    const controller = new AbortController()
    const own: string[] = []
    const question = {
      tag: placeOf(name),
      fingerprint: fingerprintOf(name),
      mode,
      personal: false,
      asker: null,
      signal: controller.signal,
      compute: ({ signal }: { readonly signal: AbortSignal }) =>
        this.#compute(operation, { signal, own, asked: began }),
    }
    const reason = new Error('left')
    if (leaves !== null) this.clock.sleep(leaves, new AbortController().signal).then(() => controller.abort(reason))
    await Promise.race([asked.memo.ask(question), asked.death]).then(
      (found) => found !== 'dead' && this.#expectOwn(name, began, found.value, found.from),
      (error) => this.#expectFailure(error, { began, own, left: controller.signal.aborted && error === reason }),
    )
  }

  async #compute(
    { name, node, end, ms, heeds }: Operation & { readonly kind: 'ask' },
    { signal, own, asked }: { readonly signal: AbortSignal; readonly own: string[]; readonly asked: number },
  ): Promise<Answer> {
    const computation: Computation = { name, node, asked, began: ++this.#moment }
    const text = `${name} ${computation.began}`
    own.push(text)
    this.#computations.set(text, computation)
    this.#expectAlone(computation)
    this.#running.add(computation)
    await this.clock.sleep(ms, heeds ? signal : new AbortController().signal)
    this.#running.delete(computation)
    if (heeds) signal.throwIfAborted()
    if (end === 'outage') throw new Outage(text)
    if (end === 'refusal') throw new Refusal(text)
    return { text }
  }

  #expectAlone(computation: Computation): void {
    const { name } = computation
    if (this.#world.faults || this.#world.refreshing || name !== 'a') return
    const tag = placeOf(name)
    const invalidated = this.#invalidating.get(tag) ? this.#moment : (this.#invalidated.get(tag)?.done ?? 0)
    // An invalidation takes the lease away, be it before the one who has it hears that they do.
    const counts = ({ node, asked }: Computation) => asked > invalidated && !this.processes[node]?.dead
    const others = [...this.#running].filter((other) => other.name === name && counts(other))
    if (counts(computation) && others.length > 0) this.broken.push(`${name} is computed twice at a time`)
  }

  #expectOwn(name: string, began: number, { text }: Answer, from: string): void {
    const computation = this.#computations.get(text)
    if (computation?.name !== name) this.broken.push(`who asked for ${name} was given ${text}`)
    const invalidated = this.#invalidated.get(placeOf(name))
    if (this.#world.faults || !computation || !invalidated || invalidated.done > began) return
    if (computation.began < invalidated.began)
      this.broken.push(`${text} (${from}) was invalidated before it was asked for`)
  }

  #expectFailure(error: unknown, { began, own, left }: { began: number; own: readonly string[]; left: boolean }): void {
    if (left) return
    if (error instanceof Outage) {
      const told = this.#told.get(error.message) ?? ++this.#moment
      this.#told.set(error.message, told)
      if (told < began) this.broken.push(`${error.message} failed before it was asked for`)
    } else if (!(error instanceof Refusal && own.includes(error.message))) this.broken.push(`was told ${error}`)
  }
}

class BrokenPromise extends Error {}

const promise = (world: World) =>
  fc.asyncProperty(
    fc.scheduler(),
    clients(world),
    fc.array(spans, { maxLength: 4 }),
    async (scheduler, plans, gone) => {
      const stage = new Stage(world, (step) => scheduler.schedule(Promise.resolve(), step))
      let over = false
      const follow = async (plan: readonly Operation[]) => {
        for (const operation of plan) await stage.perform(operation)
      }
      const fail = async () => {
        for (const ms of world.faults ? gone : []) {
          await stage.perform({ kind: 'wait', ms })
          stage.shared.gone = !stage.shared.gone
        }
      }
      const all = Promise.all([...plans.map(follow), fail()]).finally(() => {
        over = true
      })
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve))
        if (over) break
        if (scheduler.count() > 0) await scheduler.waitOne()
        else if (!stage.clock.wakeNext()) throw new BrokenPromise('somebody waits for ever')
      }
      await all
      if (stage.broken.length > 0) throw new BrokenPromise(stage.broken.join('\n'))
    },
  )

describe('whatever the order of the steps', () => {
  test.each<World>([
    { refreshing: false, faults: false },
    { refreshing: true, faults: false },
    { refreshing: true, faults: true },
  ])('everyone gets what is theirs: %o', async (world) => {
    await fc.assert(promise(world), { numRuns: 3_000 })
  })
})
