import type { Load } from './view.ts'

export interface CrowdedOptions {
  /** Loads that are under way at once; whoever asks meanwhile waits for the next. */
  readonly atOnce?: number
  /** Milliseconds after which nobody waits any longer for loads that do not end. */
  readonly patienceMs?: number
}

/** Ids that wait to be loaded together. */
interface Crowd<Id, Value> {
  readonly ids: Set<Id>
  readonly loaded: Promise<ReadonlyMap<Id, Value>>
  readonly begin: () => void
}

/**
 * The same load, for a source that does many things at once hardly slower than one: while it is busy, those who come wait
 * for each other and are loaded together. Nobody waits where nobody else is, and nobody gets what was begun before they
 * asked.
 */
export function crowded<Id, Value>(load: Load<Id, Value>, options: CrowdedOptions = {}): Load<Id, Value> {
  const { atOnce = 2, patienceMs = 20 } = options
  let busy = 0
  let crowd: Crowd<Id, Value> | null = null

  async function run(ids: readonly Id[]): Promise<ReadonlyMap<Id, Value>> {
    busy += 1
    try {
      return await load(ids)
    } finally {
      busy -= 1
      crowd?.begin()
    }
  }

  function gather(): Crowd<Id, Value> {
    const ids = new Set<Id>()
    const { promise: ready, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, patienceMs)
    const gathered: Crowd<Id, Value> = {
      ids,
      begin: resolve,
      loaded: ready.then(() => {
        clearTimeout(timer)
        if (crowd === gathered) crowd = null
        return run([...ids])
      }),
    }
    return gathered
  }

  return async (ids) => {
    if (crowd === null && busy < atOnce) return run(ids)
    crowd ??= gather()
    for (const id of ids) crowd.ids.add(id)
    return crowd.loaded
  }
}
