import type { Reporter } from './cache-event.ts'
import { invalidate, tagsOf } from './invalidation.ts'
import type { Noted, Outbox } from './outbox.ts'
import type { SharedStore } from './shared-store.ts'

export interface RelayOptions {
  readonly outbox: Outbox
  readonly namespace: string
  readonly report: Reporter
  /** Milliseconds between two looks. */
  readonly everyMs?: number
  /** Milliseconds after which a change counts as left behind: longer than those who live take to cross it out. */
  readonly ageMs?: number
}

/** As many changes as are applied in one go. */
const BATCH = 10_000

/**
 * Applies the changes that nobody has applied: those of a process that died before it could, of one that could not
 * reach the store, and of programs that know nothing of caches. No lock is held and no claim is made: what two
 * processes apply both was applied twice, which does no harm.
 */
export class Relay implements AsyncDisposable {
  readonly #options: Required<RelayOptions>
  readonly #applied: number[] = []
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()

  constructor(options: RelayOptions) {
    this.#options = { everyMs: 250, ageMs: 500, ...options }
  }

  /** What was applied by others than the relay, to be crossed out with the next batch. */
  applied(changes: readonly Noted[]): void {
    for (const { id } of changes) this.#applied.push(id)
  }

  /** Looks for what was left behind, time and again, while `ready` says so. */
  start(store: SharedStore, ready: () => boolean): void {
    const { everyMs, ageMs, report } = this.#options
    const look = async () => {
      try {
        if (ready()) await this.#round(store, ageMs)
      } catch (error) {
        report({ kind: 'relay-failed', error })
      }
      this.#timer?.refresh()
    }
    this.#timer = setTimeout(() => {
      this.#running = look()
    }, everyMs)
  }

  /** Applies everything that is there, whatever its age, through the store given. */
  async drain(store: SharedStore): Promise<void> {
    await this.#round(store, 0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#running
    // Others would have to find out by themselves that these are done.
    await this.#crossOut().catch((error) => this.#options.report({ kind: 'relay-failed', error }))
  }

  async #round(store: SharedStore, ageMs: number): Promise<void> {
    const { outbox, namespace, report } = this.#options
    await this.#crossOut()
    for (let full = true; full; ) {
      const left = await outbox.pending(ageMs, BATCH)
      full = left.length === BATCH
      if (left.length === 0) return
      const tags = tagsOf(left)
      await invalidate(store, namespace, tags)
      const own = new Set(await outbox.forget(left.map(({ id }) => id)))
      // What others have crossed out meanwhile they have counted.
      const relayed = left.filter(({ id }) => own.has(id))
      if (relayed.length > 0) report({ kind: 'relayed', count: relayed.length, tags: tagsOf(relayed) })
    }
  }

  async #crossOut(): Promise<void> {
    const done = this.#applied.splice(0)
    try {
      await this.#options.outbox.forget(done)
    } catch (error) {
      this.#applied.push(...done)
      throw error
    }
  }
}
