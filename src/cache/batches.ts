import type { CacheDeps } from './deps.ts'
import type { Policy } from './policy.ts'
import type { Mark, Tag } from './shared-store.ts'
import type { Found, View } from './view.ts'

/** Things of one kind that are loaded together, for whoever waits for them. */
export interface Batch<Id, Value> {
  readonly results: Promise<Found<Id, Value>>
}

/** A batch as it is handed to whoever loads it. */
export interface Order<Id> {
  readonly ids: readonly Id[]
  readonly mode: View['mode']
  /** The latest place of the sequence that any of those who wait has read: all have read theirs before now. */
  readonly mark: Mark | null
}

interface Open<Id, Value> extends Batch<Id, Value> {
  readonly ids: Map<Tag, Id>
  readonly mode: View['mode']
  mark: Mark | null
  /** When its loading began, on the process's count; infinite while it has not. */
  begun: number
}

/**
 * Gathers what is asked for within one turn of the event loop, by whichever request, into one batch. A request joins a
 * batch that is already being loaded only when nothing that was acknowledged before the request began can be missing
 * from it: when the loading began later than the request, or at a place of the sequence not before the request's.
 */
export function createBatches<Id, Value>(
  { tick, turn, report }: CacheDeps,
  policy: Policy<Id, Value>,
  load: (order: Order<Id>) => Promise<Found<Id, Value>>,
) {
  /** At most a few: one for each mode and course of the store. */
  const gathering = new Set<Open<Id, Value>>()
  const loading = new Map<Tag, Open<Id, Value>>()

  function gather(view: View): Open<Id, Value> {
    for (const batch of gathering) if (goTogether(view, batch)) return batch
    const batch = openBatch<Id, Value>(view, turn(), (opened) => {
      gathering.delete(opened)
      opened.begun = tick()
      return load({ ids: [...opened.ids.values()], mode: opened.mode, mark: opened.mark })
    })
    const forget = () => {
      for (const tag of batch.ids.keys()) if (loading.get(tag) === batch) loading.delete(tag)
    }
    batch.results.then(forget, forget)
    gathering.add(batch)
    return batch
  }

  return {
    /** `joined` says that the thing is being loaded for another request already. */
    join(id: Id, view: View): { readonly batch: Batch<Id, Value>; readonly joined: boolean } {
      const tag = policy.tagOf(id)
      const running = loading.get(tag)
      if (running && mayJoin(view, running)) {
        report({ kind: 'joined', policy: policy.name, count: 1 })
        if (!Number.isFinite(running.begun)) running.mark = later(running.mark, view.mark)
        return { batch: running, joined: true }
      }
      const batch = gather(view)
      batch.ids.set(tag, id)
      batch.mark = later(batch.mark, view.mark)
      loading.set(tag, batch)
      return { batch, joined: false }
    },
  }
}

/** A batch that gathers until the turn is over and is then loaded. */
function openBatch<Id, Value>(
  { mode, mark }: View,
  turn: Promise<void>,
  start: (batch: Open<Id, Value>) => Promise<Found<Id, Value>>,
): Open<Id, Value> {
  const batch: Open<Id, Value> = {
    ids: new Map(),
    mode,
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
