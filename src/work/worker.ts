import { type Notices, noticeOfQueue } from './notices.ts'
import type { Entry, Queue, QueueName } from './queue.ts'

export interface WorkerOptions<Task> {
  readonly name: QueueName
  readonly queue: Queue<Task>
  readonly notices: Notices
  /** Tasks that are worked on at once. */
  readonly slots: number
  /**
   * Does one task to its end, and settles it. What it throws is no more than told: the task then goes to somebody else,
   * as if this process had died.
   * @param signal aborted when the task is somebody else's by now, and when the process cannot wait for it any longer
   */
  readonly work: (entry: Entry<Task>, signal: AbortSignal) => Promise<void>
  /** Hears what went wrong; must not throw. */
  readonly trouble: (error: unknown) => void
  /** @see WORKER_TIMES */
  readonly times?: Partial<WorkerTimes>
}

/** All in milliseconds. */
export interface WorkerTimes {
  /** Between two looks into the queue when nobody gives notice. */
  readonly look: number
  /** Between two signs of life; several fit into the time after which a task is taken away. */
  readonly hold: number
  /** That tasks have to end by themselves when the worker is closed, before they are aborted. */
  readonly patience: number
}

export const WORKER_TIMES: WorkerTimes = { look: 2_000, hold: 3_000, patience: 4_000 }

/** Why a task was aborted: somebody else has it by now. */
export class Lost extends Error {
  override readonly name = 'Lost'
}

/** Why a task was aborted: the process ends. */
export class Closing extends Error {
  override readonly name = 'Closing'
}

/** Takes tasks from a queue as there is room for them, and says that it lives while it works on them. */
export class Worker<Task> implements AsyncDisposable {
  readonly #options: WorkerOptions<Task>
  readonly #times: WorkerTimes
  readonly #held = new Map<string, Held>()
  readonly #stack = new AsyncDisposableStack()
  #isClosing = false
  #patience: NodeJS.Timeout | undefined
  /** The look that is under way, and whether another one was asked for meanwhile. */
  #looking: Promise<void> | null = null
  #again = false
  #failing = false

  constructor(options: WorkerOptions<Task>) {
    this.#options = options
    this.#times = { ...WORKER_TIMES, ...options.times }
  }

  /** Begins to work. */
  async start(): Promise<void> {
    const { notices, name } = this.#options
    const looks = setInterval(() => void this.look(), this.#times.look)
    const holds = setInterval(() => void this.hold(), this.#times.hold)
    this.#stack.defer(() => clearInterval(looks))
    const here = noticeOfQueue(name)
    const look = () => void this.look()
    this.#stack.use(await notices.listen((notice) => notice === here && look(), look))
    // To the end: what is worked on while closing must not be taken away.
    this.#stack.defer(() => clearInterval(holds))
  }

  /** Takes what there is, as far as there is room. Resolves when it has been taken. */
  async look(): Promise<void> {
    this.#again = true
    do {
      this.#looking ??= this.#takeAll().finally(() => {
        this.#looking = null
      })
      await this.#looking
      // It may have been over already, except for saying so, when this one was asked for.
    } while (this.#again && !this.#isClosing)
  }

  /** Says that it lives, and drops what is somebody else's by now. */
  async hold(): Promise<void> {
    if (this.#held.size === 0) return
    const asked = [...this.#held.values()]
    const own = await this.#attempt(() => this.#options.queue.hold(asked.map(({ entry }) => entry)))
    // Not to be told says nothing.
    if (own === undefined) return
    for (const { entry, controller } of asked) if (!own.has(entry.id)) controller.abort(new Lost())
  }

  /** Takes nothing more from now on; what is worked on is aborted when the patience is over. */
  drain(): void {
    this.#isClosing = true
    this.#patience ??= setTimeout(() => {
      for (const { controller } of this.#held.values()) controller.abort(new Closing())
    }, this.#times.patience)
  }

  /** The same, and waits for what is worked on. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.drain()
    await this.#looking
    await Promise.all([...this.#held.values()].map(({ done }) => done))
    clearTimeout(this.#patience)
    await this.#stack.disposeAsync()
  }

  async #takeAll(): Promise<void> {
    while (this.#again && !this.#isClosing) {
      this.#again = false
      const room = this.#options.slots - this.#held.size
      if (room === 0) return
      const taken = await this.#attempt(() => this.#options.queue.take(room))
      for (const entry of taken ?? []) this.#begin(entry)
    }
  }

  #begin(entry: Entry<Task>): void {
    const controller = new AbortController()
    const done = this.#options
      .work(entry, controller.signal)
      .catch((error) => this.#options.trouble(error))
      .finally(() => {
        this.#held.delete(entry.id)
        void this.look()
      })
    this.#held.set(entry.id, { entry, controller, done })
  }

  /** Undefined when it failed, which is told once until it succeeds again: it will be tried every few seconds. */
  async #attempt<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      const answer = await ask()
      this.#failing = false
      return answer
    } catch (error) {
      if (!this.#failing) this.#options.trouble(error)
      this.#failing = true
      return undefined
    }
  }
}

interface Held {
  readonly entry: Entry<unknown>
  readonly controller: AbortController
  readonly done: Promise<void>
}
