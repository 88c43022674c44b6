import type { Reporter } from './cache-event.ts'
import type { MemoStore } from './memo-store.ts'
import { type SequenceHearer, type SharedStore, StoreUnavailable } from './shared-store.ts'

export interface BreakerOptions {
  /** Applies whatever the store may have missed, through the store given. Until it is done nothing else is asked. */
  readonly drain: (store: SharedStore) => Promise<void>
  readonly report: Reporter
  /** Refusals of one kind in a row that open it. Silence, or a refused invalidation, opens it at once. */
  readonly refusals?: number
  /** Milliseconds between two attempts while it is open. */
  readonly probeMs?: number
}

type Method = Exclude<keyof SharedStore, 'subscribe'> | keyof MemoStore

/** What removes old values: where it is refused, reading on would mean to read them. */
const INVALIDATING: readonly Method[] = ['invalidate', 'newEpoch']

/**
 * The store, but asked only as long as it answers. Once it does not, every call is refused at once, so that nobody
 * waits; and from time to time it is asked for what only a store in order can do, which is to take an invalidation. Then
 * what it missed meanwhile is made up for first: until that is done it may still hold what has been overwritten.
 */
export class Breaker implements SharedStore, AsyncDisposable {
  readonly #store: SharedStore
  readonly #options: Required<BreakerOptions>
  readonly #refusals = new Map<Method, number>()
  readonly #closings: (() => void)[] = []
  #open = false
  #disposed = false
  #probe: NodeJS.Timeout | undefined

  constructor(store: SharedStore, options: BreakerOptions) {
    this.#store = store
    this.#options = { refusals: 3, probeMs: 100, ...options }
  }

  /** Whether the store is not asked at the moment. */
  get open(): boolean {
    return this.#open
  }

  /** Calls back each time that the store is asked again after it was not. */
  onClose(listener: () => void): void {
    this.#closings.push(listener)
  }

  read = (...asked: Parameters<SharedStore['read']>) => this.#ask('read', () => this.#store.read(...asked))
  lease = (...asked: Parameters<SharedStore['lease']>) => this.#ask('lease', () => this.#store.lease(...asked))
  fill = (...asked: Parameters<SharedStore['fill']>) => this.#ask('fill', () => this.#store.fill(...asked))
  mark = () => this.#ask('mark', () => this.#store.mark())
  invalidate = (...asked: Parameters<SharedStore['invalidate']>) =>
    this.#ask('invalidate', () => this.#store.invalidate(...asked))
  newEpoch = () => this.#ask('newEpoch', () => this.#store.newEpoch())
  subscribe = (hearer: SequenceHearer) => this.#store.subscribe(hearer)

  /** Another side of the same store: asked only as long as this one is, and its silence and refusals count as well. */
  guarding = (store: MemoStore): MemoStore => ({
    find: (...asked) => this.#ask('find', () => store.find(...asked)),
    claim: (...asked) => this.#ask('claim', () => store.claim(...asked)),
    renew: (...asked) => this.#ask('renew', () => store.renew(...asked)),
    settle: (...asked) => this.#ask('settle', () => store.settle(...asked)),
    release: (...asked) => this.#ask('release', () => store.release(...asked)),
    note: (...asked) => this.#ask('note', () => store.note(...asked)),
  })

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    clearTimeout(this.#probe)
  }

  async #ask<Answer>(method: Method, work: () => Promise<Answer>): Promise<Answer> {
    if (this.#open) throw new StoreUnavailable('the store is not asked at the moment')
    try {
      const answer = await work()
      this.#refusals.delete(method)
      return answer
    } catch (error) {
      this.#refused(method, error)
      throw error
    }
  }

  #refused(method: Method, error: unknown): void {
    const count = (this.#refusals.get(method) ?? 0) + 1
    this.#refusals.set(method, count)
    const silent = error instanceof StoreUnavailable && error.silent
    if (silent || INVALIDATING.includes(method) || count >= this.#options.refusals) this.#trip(error)
  }

  #trip(error: unknown): void {
    if (this.#open || this.#disposed) return
    this.#open = true
    this.#options.report({ kind: 'breaker', state: 'open', error })
    this.#probeLater()
  }

  #probeLater(): void {
    this.#probe = setTimeout(() => void this.#tryAgain(), this.#options.probeMs)
  }

  async #tryAgain(): Promise<void> {
    try {
      await this.#store.invalidate([], [])
      await this.#options.drain(this.#store)
    } catch {
      if (!this.#disposed) this.#probeLater()
      return
    }
    if (this.#disposed) return
    this.#refusals.clear()
    this.#open = false
    this.#options.report({ kind: 'breaker', state: 'closed' })
    for (const listener of this.#closings) listener()
  }
}
