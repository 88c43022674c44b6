import { type Batch, createBatches } from './batches.ts'
import type { CacheDeps } from './deps.ts'
import type { Policy } from './policy.ts'
import { ReadThrough } from './read-through.ts'
import type { Load, View } from './view.ts'

/** Everything of one kind, read through the caches. */
export interface Kind<Id, Value> {
  /** What is in this process's memory and new enough for the view: null is "there is none", undefined "not here". */
  peek(id: Id, view: View): Value | null | undefined
  /** The things with these ids; null where there is none. Fails when loading fails. */
  getMany(ids: readonly Id[], view: View): Promise<ReadonlyMap<Id, Value | null>>
}

export function createKind<Id, Value>(
  deps: CacheDeps,
  policy: Policy<Id, Value>,
  load: Load<Id, Value>,
): Kind<Id, Value> {
  const { coherence, l1, now, report } = deps
  const source = new ReadThrough(deps, policy, load)
  const batches = createBatches(deps, policy, (order) => source.read(order))

  /** The view says once whether memory may be asked; the tags follow. */
  const mayPeek = ({ mode, mark }: View): boolean => mode === 'USE' && mark !== null && coherence.trusts(mark)
  // Only values of this policy are filed under its tags.
  const recall = (id: Id) => l1.get(policy.tagOf(id), now()) as Value | null | undefined

  return {
    peek: (id, view) => (mayPeek(view) ? recall(id) : undefined),

    async getMany(ids, view) {
      const found = new Map<Id, Value | null>()
      const wanted: { readonly id: Id; readonly batch: Batch<Id, Value>; readonly joined: boolean }[] = []
      const peeking = mayPeek(view)
      for (const id of ids) {
        const known = peeking ? recall(id) : undefined
        if (known === undefined) wanted.push({ id, ...batches.join(id, view) })
        else found.set(id, known)
      }
      const { tally } = view
      if (found.size > 0) report({ kind: 'hit', policy: policy.name, tier: 'L1', count: found.size })
      if (tally) tally.hits += found.size
      // All at once: one that fails must not leave another's failure unheard.
      const results = await Promise.all(wanted.map(({ batch }) => batch.results))
      wanted.forEach(({ id, joined }, index) => {
        const result = results[index]
        found.set(id, result?.values.get(id) ?? null)
        if (tally) tally[!result?.loaded.has(id) ? 'hits' : joined ? 'joins' : 'loads'] += 1
      })
      return found
    },
  }
}
