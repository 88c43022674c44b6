import { Batches, type Share } from './batches.ts'
import type { CacheDeps } from './deps.ts'
import type { Footprint } from './footprint.ts'
import { besideSource, copyOf, type Inspected, storedCopy } from './inspection.ts'
import type { Shelf } from './l1.ts'
import type { Policy } from './policy.ts'
import { ReadThrough } from './read-through.ts'
import type { Tag } from './shared-store.ts'
import type { Found, Load, Tally, View } from './view.ts'

/** Everything of one kind, read through the caches. Ids are compared as the keys of a `Map` are. */
export interface Kind<Id, Value> {
  /** What the thing with this id is filed under. */
  readonly tagOf: (id: Id) => Tag
  /** Of the policy. */
  readonly name: string
  /** What is in this process's memory and new enough for the view: null is "there is none", undefined "not here". */
  peek(id: Id, view: View): Value | null | undefined
  /** The thing with this id, or null; faster than {@link getMany} for what is in memory. */
  get(id: Id, view: View): Promise<Value | null>
  /** The things with these ids; null where there is none. Fails when loading fails. */
  getMany(ids: readonly Id[], view: View): Promise<ReadonlyMap<Id, Value | null>>
  /** An id that was asked for lately; undefined when none was. */
  recent(): Id | undefined
  /** What each cache has for an id, and what the source says; nothing is kept or counted for it. */
  inspect(id: Id, view: View): Promise<Inspected>
}

export class CachedKind<Id, Value> implements Kind<Id, Value> {
  readonly tagOf: Policy<Id, Value>['tagOf']
  readonly name: string
  readonly #deps: CacheDeps
  readonly #policy: Policy<Id, Value>
  readonly #shelf: Shelf<Id, Value>
  readonly #load: Load<Id, Value>
  #recent: Id | undefined
  readonly #batches: Batches<Id, Value>
  readonly #hit: { readonly kind: 'hit'; readonly policy: string; readonly tier: 'L1'; readonly count: number }

  constructor(deps: CacheDeps, policy: Policy<Id, Value>, load: Load<Id, Value>) {
    this.#deps = deps
    this.#shelf = deps.l1.shelf(policy.name)
    this.tagOf = policy.tagOf
    this.name = policy.name
    this.#policy = policy
    this.#load = load
    const source = new ReadThrough({ ...deps, shelf: this.#shelf }, policy, load)
    this.#batches = new Batches(deps, policy.name, (order) => source.read(order))
    this.#hit = { kind: 'hit', policy: policy.name, tier: 'L1', count: 1 }
  }

  peek(id: Id, view: View): Value | null | undefined {
    return this.#mayPeek(view) ? this.#shelf.get(id, view.at) : undefined
  }

  get(id: Id, view: View): Promise<Value | null> {
    this.#warm(id, view)
    const known = this.peek(id, view)
    if (known === undefined) return this.#await(id, view)
    if (!view.quiet) this.#deps.report(this.#hit)
    if (view.tally) view.tally.hits += 1
    if (view.footprint) this.#step(view.footprint, id)
    return Promise.resolve(known)
  }

  async getMany(ids: readonly Id[], view: View): Promise<ReadonlyMap<Id, Value | null>> {
    this.#recent = ids[0]
    const found = new Map<Id, Value | null>()
    const wanted: Id[] = []
    const peeking = this.#mayPeek(view)
    for (const id of ids) {
      this.#warm(id, view)
      const known = peeking ? this.#shelf.get(id, view.at) : undefined
      if (known === undefined) wanted.push(id)
      else {
        found.set(id, known)
        if (view.footprint) this.#step(view.footprint, id)
      }
    }
    if (found.size > 0 && !view.quiet) this.#deps.report({ ...this.#hit, count: found.size })
    if (view.tally) view.tally.hits += found.size
    if (wanted.length === 0) return found
    // Before they are found: that they are not there is part of what is shown.
    if (view.footprint?.tags) for (const id of wanted) view.footprint.add(this.tagOf(id))
    return gatheredFrom(this.#batches.join(wanted, view), found, view)
  }

  recent(): Id | undefined {
    return this.#recent
  }

  /** One that is not in memory: most requests want no more of a kind. */
  async #await(id: Id, view: View): Promise<Value | null> {
    this.#recent = id
    if (view.footprint?.tags) view.footprint.add(this.tagOf(id))
    const [share] = this.#batches.join([id], view)
    if (share === undefined) return null
    const result = await share.batch.results
    if (view.footprint) noteBatch(view.footprint, result)
    if (view.tally) view.tally[sourceOf(id, share, result)] += 1
    return result.values.get(id) ?? null
  }

  async inspect(id: Id, view: View): Promise<Inspected> {
    const kept = this.#mayPeek(view) ? this.#shelf.look(id, view.at) : undefined
    const shared = view.mark === null ? null : await storedCopy(this.#deps, this.#policy, id, view.mark)
    // Last: what is read before a change may be older than a copy from after it, and neither is stale.
    const found = (await this.#load([id])).get(id) ?? null
    return besideSource({ memory: kept ? copyOf(kept) : null, shared }, found)
  }

  #warm(id: Id, { quiet }: View): void {
    const { heat } = this.#deps
    if (quiet || !heat.due()) return
    heat.note(this.tagOf(id))
    this.#recent = id
  }

  /** What memory has is part of a response. */
  #step(footprint: Footprint, id: Id): void {
    if (footprint.tags !== null) footprint.add(this.tagOf(id))
    footprint.endBy(this.#shelf.expiresAt(id))
  }

  /** The view says once whether memory may be asked; the ids follow. */
  #mayPeek({ mode, mark }: View): boolean {
    return mode === 'USE' && mark !== null && this.#deps.coherence.trusts(mark)
  }
}

/** What memory had, together with what the batches bring. */
async function gatheredFrom<Id, Value>(
  shares: readonly Share<Id, Value>[],
  found: Map<Id, Value | null>,
  { tally, footprint }: View,
): Promise<ReadonlyMap<Id, Value | null>> {
  // All at once: one that fails must not leave another's failure unheard.
  const results = await Promise.all(shares.map(({ batch }) => batch.results))
  if (footprint) for (const result of results) noteBatch(footprint, result)
  const [share, ...more] = shares
  const [only] = results
  // The batch brings all that was asked for and nothing else, as when nobody shares it.
  if (share && only && more.length === 0 && found.size === 0 && share.ids.length === only.values.size && !tally)
    return only.values
  for (const [index, share] of shares.entries()) {
    const result = results[index]
    if (result === undefined) continue
    for (const id of share.ids) {
      found.set(id, result.values.get(id) ?? null)
      if (tally) tally[sourceOf(id, share, result)] += 1
    }
  }
  return found
}

/** A batch that began after the request may still have been asked for by one that knew of less. */
function noteBatch<Id, Value>(footprint: Footprint, { until, mark }: Found<Id, Value>): void {
  footprint.endBy(until)
  if (mark !== null) footprint.beginBy(mark.number)
}

const sourceOf = <Id, Value>(id: Id, { joined }: Share<Id, Value>, { loaded }: Found<Id, Value>): keyof Tally =>
  !loaded.has(id) ? 'hits' : joined ? 'joins' : 'loads'
