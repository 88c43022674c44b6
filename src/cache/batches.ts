import type { CacheDeps } from './deps.ts'
import type { Mark } from './shared-store.ts'
import type { Found, View } from './view.ts'

/** Things of one kind that are loaded together, for whoever waits for them. */
export interface Batch<Id, Value> {
  readonly results: Promise<Found<Id, Value>>
}

/** A batch as it is handed to whoever loads it. */
export interface Order<Id> {
  readonly ids: readonly Id[]
  readonly mode: View['mode']
  /** Nobody who waits has asked for it. */
  readonly quiet: boolean
  /** The latest place of the sequence that any of those who wait has read: all have read theirs before now. */
  readonly mark: Mark | null
}

interface Open<Id, Value> extends Batch<Id, Value> {
  readonly ids: Set<Id>
  readonly mode: View['mode']
  quiet: boolean
  mark: Mark | null
  /** When its loading began, on the process's count; infinite while it has not. */
  begun: number
}

/** The part of a request's ids that one batch brings. */
export interface Share<Id, Value> {
  readonly batch: Batch<Id, Value>
  readonly ids: Id[]
  /** The batch was made for another request. */
  readonly joined: boolean
}

/**
 * Gathers what is asked for within one turn of the event loop, by whichever request, into one batch. A request joins a
 * batch that is already being loaded only when nothing that was acknowledged before the request began can be missing
 * from it: when the loading began later than the request, or at a place of the sequence not before the request's.
 */
export class Batches<Id, Value> {
  readonly #deps: Pick<CacheDeps, 'tick' | 'turn' | 'report'>
  readonly #policy: string
  readonly #load: (order: Order<Id>) => Promise<Found<Id, Value>>
  /** At most a few: one for each mode and course of the store. */
  readonly #gathering = new Set<Open<Id, Value>>()
  readonly #loading = new Map<Id, Open<Id, Value>>()

  constructor(
    deps: Pick<CacheDeps, 'tick' | 'turn' | 'report'>,
    policy: string,
    load: (order: Order<Id>) => Promise<Found<Id, Value>>,
  ) {
    this.#deps = deps
    this.#policy = policy
    this.#load = load
  }

  /** Finds or makes the batches that bring the ids: as a rule one. */
  join(ids: readonly Id[], view: View): readonly Share<Id, Value>[] {
    const shares: Share<Id, Value>[] = []
    const addTo = (batch: Open<Id, Value>, joined: boolean, id: Id) => {
      const share = shares.find((each) => each.batch === batch && each.joined === joined)
      if (share) share.ids.push(id)
      else shares.push({ batch, ids: [id], joined })
    }
    let own: Open<Id, Value> | null = null
    for (const id of ids) {
      const running = this.#loading.get(id)
      if (running && mayJoin(view, running)) {
        if (!Number.isFinite(running.begun)) running.mark = later(running.mark, view.mark)
        addTo(running, running !== own, id)
      } else {
        own ??= this.#gather(view)
        own.ids.add(id)
        this.#loading.set(id, own)
        addTo(own, false, id)
      }
    }
    const joined = shares.reduce((sum, share) => sum + (share.joined ? share.ids.length : 0), 0)
    if (joined > 0 && !view.quiet) this.#deps.report({ kind: 'joined', policy: this.#policy, count: joined })
    return shares
  }

  #gather(view: View): Open<Id, Value> {
    for (const batch of this.#gathering) {
      if (!goTogether(view, batch)) continue
      batch.mark = later(batch.mark, view.mark)
      if (!view.quiet) batch.quiet = false
      return batch
    }
    const batch = openBatch<Id, Value>(view, this.#deps.turn(), (opened) => this.#begin(opened))
    batch.results.then(
      () => this.#forget(batch),
      () => this.#forget(batch),
    )
    this.#gathering.add(batch)
    return batch
  }

  #begin(batch: Open<Id, Value>): Promise<Found<Id, Value>> {
    this.#gathering.delete(batch)
    batch.begun = this.#deps.tick()
    return this.#load({ ids: [...batch.ids], mode: batch.mode, quiet: batch.quiet, mark: batch.mark })
  }

  #forget(batch: Open<Id, Value>): void {
    for (const id of batch.ids) if (this.#loading.get(id) === batch) this.#loading.delete(id)
  }
}

/** A batch that gathers until the turn is over and is then loaded. */
function openBatch<Id, Value>(
  { mode, mark, quiet = false }: View,
  turn: Promise<void>,
  start: (batch: Open<Id, Value>) => Promise<Found<Id, Value>>,
): Open<Id, Value> {
  const batch: Open<Id, Value> = {
    ids: new Set(),
    mode,
    quiet,
    mark,
    begun: Number.POSITIVE_INFINITY,
    results: turn.then(() => start(batch)),
  }
  return batch
}

function mayJoin<Id, Value>(view: View, batch: Open<Id, Value>): boolean {
  if (!goTogether(view, batch)) return false
  if (batch.begun > view.tick) return true
  // Who wants everything loaded anew does not take what was begun before.
  if (view.mode !== 'USE' || view.mark === null || batch.mark === null) return false
  return batch.mark.number >= view.mark.number
}

/**
 * Whether a request can be served by a batch at all. A batch reads the store in the life and epoch of its own mark: what
 * counts there may have been declared void for a request that knows of a later one, or that knows none.
 */
function goTogether<Id, Value>({ mode, mark }: View, batch: Open<Id, Value>): boolean {
  if (batch.mode !== mode) return false
  if (mark === null || batch.mark === null) return mark === batch.mark
  return mark.life === batch.mark.life && mark.epoch === batch.mark.epoch
}

/** Of two marks of the same course. */
function later(one: Mark | null, other: Mark | null): Mark | null {
  return one !== null && other !== null && other.number > one.number ? other : one
}
