import { Footprint } from '../../src/cache/footprint.ts'
import { type Made, ResponseCache, type ResponsePolicy } from '../../src/cache/response-cache.ts'
import type { ResponseShelf } from '../../src/cache/response-shelf.ts'
import type { View } from '../../src/cache/view.ts'
import type { MemoryStore } from './memory-store.ts'
import type { Node } from './node.ts'

/** What is asked: the versions of some things, in one text. */
export interface Asking {
  readonly key?: string
  readonly ids?: readonly number[]
  readonly mode?: View['mode']
  /** Happens when the things were read, and before their text is handed over. */
  readonly meanwhile?: () => Promise<unknown>
  /** For its own request only. */
  readonly unkept?: boolean
  /** When what it says is wrong, in milliseconds since 1970. */
  readonly endsAt?: number
}

/** How an answer was come by. */
export interface Answered {
  readonly text: string
  readonly how: 'kept' | 'stale' | 'joined' | 'made'
}

/** A guard of whole responses that can be taken away, to see that the tests notice. */
export const RESPONSE_GUARDS = ['sequence check', 'put fence', 'joining rule'] as const
export type ResponseGuard = (typeof RESPONSE_GUARDS)[number]

export interface AnsweringOptions {
  readonly policy?: ResponsePolicy
  readonly without?: ResponseGuard | null
  readonly entryMaxBytes?: number
}

const MINUTE: ResponsePolicy = { maxAgeMs: 60_000, staleMs: 0 }

/** One node that answers with whole responses, as the server does. */
export class Answering {
  readonly node: Node
  readonly responses: ResponseCache<string>
  /** Responses that were made. */
  made = 0
  readonly #policy: ResponsePolicy
  readonly #without: ResponseGuard | null

  constructor(node: Node, shared: MemoryStore, { policy = MINUTE, without = null, ...sizes }: AnsweringOptions = {}) {
    const { coherence, l1, events } = node
    this.node = node
    this.#policy = policy
    this.#without = without
    this.responses = new ResponseCache({
      keeps: true,
      shelf: without === 'put fence' ? unfenced(l1.responses) : l1.responses,
      coherence: without === 'sequence check' ? { trusts: () => true, admits: coherence.admits } : coherence,
      report: (event) => events.push(event),
      now: () => shared.now,
      ...sizes,
    })
  }

  async ask(asking: Asking = {}): Promise<Answered> {
    return this.askWith(await this.node.cache.open(asking.mode ?? 'USE'), asking)
  }

  /** The same for a request that has begun already. */
  async askWith(view: View, asking: Asking = {}): Promise<Answered> {
    const { key = 'k' } = asking
    const found = this.responses.find(key, view)
    if (found?.stale) this.renew(view, asking)
    if (found) return { text: found.value, how: found.stale ? 'stale' : 'kept' }
    const { value, joined } = await this.responses.obtain(this.#request(view, asking))
    return { text: value, how: joined ? 'joined' : 'made' }
  }

  renew(view: View, asking: Asking = {}): void {
    this.responses.renew(this.#request(view, asking))
  }

  #request(opened: View, asking: Asking) {
    const { mark } = opened
    // Who knows of nothing may join everyone.
    const view = this.#without === 'joining rule' && mark ? { ...opened, mark: { ...mark, number: -1 } } : opened
    return { key: asking.key ?? 'k', view, policy: this.#policy, make: () => this.#make(opened, asking) }
  }

  async #make(view: View, asking: Asking): Promise<Made<string>> {
    const { ids = [1], meanwhile = async () => {}, unkept = false, endsAt = Number.POSITIVE_INFINITY } = asking
    this.made += 1
    const footprint = new Footprint()
    footprint.endBy(endsAt)
    const found = await this.node.things.getMany(ids, { ...view, footprint })
    await meanwhile()
    const value = ids.map((id) => found.get(id)?.version ?? 'none').join(' ')
    return { value, bytes: unkept ? null : value.length, footprint }
  }
}

const unfenced = (shelf: ResponseShelf<unknown>): ResponseShelf<unknown> => ({
  has: (name) => shelf.has(name),
  get: (name, now) => shelf.get(name, now),
  put: (key, value, options) => shelf.put(key, value, { ...options, asOf: Number.POSITIVE_INFINITY }),
  grow: (name, value, bytes) => shelf.grow(name, value, bytes),
  get overtaken() {
    return shelf.overtaken
  },
  filed: (tag) => shelf.filed(tag),
})
