import type { Board } from '../cache/board.ts'
import { createMemoryBoard } from '../cache/board.ts'
import type { Heat } from '../cache/heat.ts'
import type { Snapshot, WindowStats } from '../domain/cache-report.ts'
import { Chronicle, type Told } from './chronicle.ts'
import { Diary } from './diary.ts'
import { type NodeNotice, writtenNotice } from './node-notice.ts'
import type { NodeWatch } from './node-watch.ts'
import { PRESENCE, pageAt } from './pages.ts'
import { type Counts, tallyOf } from './tally.ts'

export interface WatchOptions {
  readonly node: NodeWatch
  readonly id: string
  readonly counts: Counts
  /** What processes share; null: this one is alone. */
  readonly board: Board | null
  readonly heat: Pick<Heat, 'top'>
  readonly policies: readonly string[]
  /** Whether it is to be told now; always, when left out. */
  readonly watched?: (() => boolean) | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Milliseconds between two notices to the others. */
const EVERY_MS = 2_000
const TOP_KEYS = 20
/** What a process that ends says in the place of how it is. */
const GOODBYE = ''

/** Tells how the cache does, here and everywhere, now and lately. */
export class Watch implements AsyncDisposable {
  readonly #options: WatchOptions
  readonly #own: Board
  readonly #diaries: readonly Diary[]
  readonly #chronicles: readonly Chronicle[]
  #timer: NodeJS.Timeout | undefined
  #disposed = false
  #running: Promise<void> = Promise.resolve()

  constructor(options: WatchOptions) {
    this.#options = options
    const { board, counts, id: author, now, policies } = options
    this.#own = createMemoryBoard(now)
    const boards = board ? [board, this.#own] : [this.#own]
    const tally = () => tallyOf(counts)
    this.#diaries = boards.map((each) => new Diary({ author, board: each, tally, now }))
    this.#chronicles = boards.map((each, index) => {
      const current = () => this.#diaries[index]?.current() ?? new Map()
      return new Chronicle({ board: each, author, current, policies, now })
    })
  }

  /** Tells others from now on, and keeps up what it knows of this process. */
  start(): void {
    this.#running = this.#beat()
  }

  async stats(): Promise<readonly WindowStats[]> {
    return (await this.#told()).windows
  }

  async snapshot(): Promise<Snapshot> {
    const { id, counts, heat, now } = this.#options
    const { windows, minutes, nodes } = await this.#told()
    return {
      ...{ at: now(), node: id, windows, minutes },
      nodes: nodes.map(({ state }) => state),
      topKeys: heat.top(TOP_KEYS),
      invalidations: counts.cache.recent,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    clearTimeout(this.#timer)
    await this.#running
    await this.#write(GOODBYE)
    this.#options.node[Symbol.dispose]()
  }

  /** What everybody says; while the board is away, what this process knows of itself. */
  async #told(): Promise<Told> {
    const own: NodeNotice = this.#options.node.notice()
    let failure: unknown
    for (const chronicle of this.#chronicles) {
      try {
        return await chronicle.read(own)
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }

  async #beat(): Promise<void> {
    const { node, watched } = this.#options
    if (watched?.() ?? true) {
      await node.look()
      await this.#write()
    }
    if (this.#disposed) return
    this.#timer = setTimeout(() => {
      this.#running = this.#beat()
    }, EVERY_MS)
  }

  /** A board that is away misses nothing: what it was not told it is told with the next. */
  async #write(text = writtenNotice(this.#options.node.notice())): Promise<void> {
    const { now } = this.#options
    const presence = { page: pageAt(PRESENCE, now()), text, ttlMs: PRESENCE.keptMs }
    await Promise.all(this.#diaries.map((diary) => diary.write([presence]).catch(() => {})))
  }
}
