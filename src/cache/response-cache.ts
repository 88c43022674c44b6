import type { Reporter } from './cache-event.ts'
import type { Coherence } from './coherence.ts'
import { Footprint } from './footprint.ts'
import type { KeptResponse, ResponseShelf } from './response-shelf.ts'
import type { Mark } from './shared-store.ts'
import { ENTRY_MAX_BYTES } from './size.ts'
import type { View } from './view.ts'

/** How long a response may be kept, besides what it is made from. */
export interface ResponsePolicy {
  /** Milliseconds for which it is as good as new at most. */
  readonly maxAgeMs: number
  /** Milliseconds after that for which it may be shown while it is made anew; 0 for none. Never across a change. */
  readonly staleMs: number
}

/** A response that was just made. */
export interface Made<Value> {
  readonly value: Value
  /** Of the value, in bytes; null when it is for its own request only, such as one with an error. */
  readonly bytes: number | null
  readonly footprint: Footprint
}

/** How somebody came by a response. */
export interface Obtained<Value> {
  readonly value: Value
  /** It was made for another request that asked the same at the same moment. */
  readonly joined: boolean
}

/** One request for a whole response. */
export interface ResponseRequest<Value> {
  /** Names everything that the response depends on: what is asked, and for whom. */
  readonly key: string
  readonly view: View
  readonly policy: ResponsePolicy
  /** The footprint is to be of what the response is made from. */
  readonly make: (footprint: Footprint) => Promise<Made<Value>>
}

export interface ResponseCacheDeps {
  readonly shelf: ResponseShelf<unknown>
  /** Whether anything is ever put on the shelf. */
  readonly keeps: boolean
  /** As much as one response may have to be kept; 1 MiB when left out. */
  readonly entryMaxBytes?: number
  readonly coherence: Pick<Coherence, 'trusts' | 'admits'>
  readonly report: Reporter
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** A response that is being made, for whoever may wait for it. */
interface Flight<Value> {
  readonly mark: Mark
  readonly tick: number
  /** Null when the others have to make their own. */
  readonly result: Promise<Made<Value> | null>
}

/** How often somebody waits for another's response before making their own. */
const WAITS_MAX = 2

const POLICY = 'response'
const HIT = { kind: 'hit', policy: POLICY, tier: 'L1', count: 1 } as const
const MISS = { kind: 'miss', policy: POLICY, count: 1 } as const
const JOINED = { kind: 'joined', policy: POLICY, count: 1 } as const

/**
 * Whole responses, in this process's memory only. One is kept under everything that it was made from, as of the place of
 * the sequence at which its request began, or the earlier one at which something was read that it borrowed: any later
 * change of any of these removes it, or keeps it from being kept. One memory has one of these.
 */
export class ResponseCache<Value> {
  readonly #deps: ResponseCacheDeps
  readonly #shelf: ResponseShelf<Value>
  readonly #flights = new Map<string, Flight<Value>>()

  constructor(deps: ResponseCacheDeps) {
    this.#deps = deps
    // Nothing is put there but by this cache.
    this.#shelf = deps.shelf as ResponseShelf<Value>
  }

  /** Whether it keeps anything at all. */
  get keeps(): boolean {
    return this.#deps.keeps
  }

  /** Whether it is worthwhile to learn where the sequence stands, in order to {@link find} something. */
  has(key: string): boolean {
    return this.#shelf.has(key)
  }

  /** What stands there, if the view may have it. Counted only when it is {@link shown}. */
  peek(key: string, { mode, mark, at }: View): KeptResponse<Value> | undefined {
    if (mode !== 'USE' || mark === null) return undefined
    const found = this.#shelf.get(key, at)
    // Nobody is asked to catch up for the sake of what is not there.
    return found === undefined || this.#deps.coherence.trusts(mark) ? found : undefined
  }

  /** The same for whoever shows it: counted as a hit; that it is not there, as nothing. */
  find(key: string, view: View): KeptResponse<Value> | undefined {
    const found = this.peek(key, view)
    if (found) this.shown()
    return found
  }

  /** Counts a hit. */
  shown(): void {
    this.#deps.report(HIT)
  }

  /** A value has become larger, which counts if it is the one that stands there. */
  grow(key: string, value: Value, bytes: number): void {
    this.#shelf.grow(key, value, bytes)
  }

  /**
   * Makes a response, or takes it from another request that is making it, if that one has seen everything that was
   * acknowledged before this request began. When that one fails, the first of those who waited makes it for the others;
   * a second failure is everyone's own.
   */
  async obtain(request: ResponseRequest<Value>): Promise<Obtained<Value>> {
    for (let wait = 0; wait < WAITS_MAX; wait += 1) {
      const running = this.#flights.get(request.key)
      if (!running || !mayJoin(request.view, running)) {
        this.#missed(request.view)
        return { value: await this.#fly(request), joined: false }
      }
      const made = await running.result
      if (made !== null && isFor(request.view, running, made.footprint)) {
        this.#deps.report(JOINED)
        return { value: made.value, joined: true }
      }
    }
    this.#missed(request.view)
    return { value: (await this.#made(request)).value, joined: false }
  }

  /** Only what might have been there is missed. */
  #missed({ mode, mark }: View): void {
    if (this.#deps.keeps && mode === 'USE' && mark !== null) this.#deps.report(MISS)
  }

  /** The same for nobody in particular: what stands there is to be made anew, unless somebody is doing so. */
  async renew(request: ResponseRequest<Value>): Promise<void> {
    // Nobody waits for it who would want to hear of its failure: what stands there stays until its time is over.
    if (!this.#flights.has(request.key)) await this.#fly(request).catch(() => {})
  }

  async #fly(request: ResponseRequest<Value>): Promise<Value> {
    const { key, view } = request
    const made = this.#made(request)
    if (view.mode !== 'USE' || view.mark === null) return (await made).value
    const shared = made.then(
      (whole) => (whole.bytes === null ? null : whole),
      () => null,
    )
    const flight = { mark: view.mark, tick: view.tick, result: shared }
    this.#flights.set(key, flight)
    try {
      return (await made).value
    } finally {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    }
  }

  async #made({ key, view, policy, make }: ResponseRequest<Value>): Promise<Made<Value>> {
    const begun = performance.now()
    const made = await make(new Footprint({ tagged: this.#deps.keeps && view.mark !== null }))
    this.#deps.report({ kind: 'loaded', policy: POLICY, count: 1, ms: performance.now() - begun })
    this.#keep(key, made, view, policy)
    return made
  }

  #keep(key: string, { value, bytes, footprint }: Made<Value>, view: View, policy: ResponsePolicy): void {
    const { coherence, report, now, keeps } = this.#deps
    if (!keeps || bytes === null || view.mark === null || footprint.tags === null || !coherence.admits(view.mark))
      return
    if (bytes > (this.#deps.entryMaxBytes ?? ENTRY_MAX_BYTES)) {
      report({ kind: 'too-large', policy: POLICY, count: 1 })
      return
    }
    const freshUntil = Math.min(footprint.until, now() + policy.maxAgeMs)
    // What it is made from says when it is wrong; only its own time may be stretched.
    const expiresAt = Math.min(footprint.until, freshUntil + policy.staleMs)
    const asOf = Math.min(view.mark.number, footprint.asOf)
    const options = { asOf, tags: footprint.tags, bytes, freshUntil, expiresAt }
    if (!this.#shelf.put(key, value, options)) report({ kind: 'put-refused', policy: POLICY })
  }
}

/** Whether what was made shows all that a request has to see, which is known only when it is made. */
function isFor({ mark, tick, at }: View, flight: Flight<unknown>, footprint: Footprint): boolean {
  // What says what is today may have been made before a midnight that this request has seen.
  if (at >= footprint.until) return false
  // Made from what was read for somebody who knew of less, it may show less than whoever made it knows of.
  return flight.tick > tick || (mark !== null && footprint.asOf >= mark.number)
}

function mayJoin({ mode, mark, tick }: View, flight: Flight<unknown>): boolean {
  if (mode !== 'USE' || mark === null) return false
  if (mark.life !== flight.mark.life || mark.epoch !== flight.mark.epoch) return false
  return flight.tick > tick || flight.mark.number >= mark.number
}
