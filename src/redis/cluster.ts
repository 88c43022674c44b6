import { StoreUnavailable } from '../cache/shared-store.ts'
import { type Endpoint, nameOf } from './address.ts'
import { type Memory, sumOf } from './identity.ts'
import type { Reach } from './link.ts'
import { type Answered, inOneLife, within } from './one-life.ts'
import { type Call, openServer, type Server } from './server.ts'
import { granted, type Home, type Servers, type ServersOptions } from './servers.ts'
import { commonLife, parseSlots, prevailing, redirection, slotOf, type Topology } from './topology.ts'
import { saying } from './troubles.ts'

/** Milliseconds until it looks again who the masters are: when all is well, when it is not, and when a slot has moved. */
const CALM_MS = 5_000
const AGAIN_MS = 100
const MOVED_MS = 20
/** A slot may have moved, and be moving again. */
const HOPS = 2

/**
 * A Redis Cluster over one connection to each of its masters. The driver's own client for clusters follows a failover by
 * itself: a server that lost what another one had confirmed would answer, and nobody could tell. Here the masters have
 * one life together, and it ends when any of them restarts, is replaced, or cannot be reached.
 */
export class Cluster implements Servers {
  readonly #reach: Reach
  readonly #seeds: readonly Endpoint[]
  readonly #budgetMs: number
  readonly #born: () => void
  readonly #servers = new Map<string, Server>()
  /** What all masters agreed on last. */
  #topology: Topology | null = null
  /** Null while a master cannot be reached, or they do not agree on who they are. */
  #life: string | null = null
  #looking = false
  #again = false
  #due = Number.POSITIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  #disposed = false

  constructor(seeds: readonly Endpoint[], { reach, budgetMs, born }: ServersOptions) {
    this.#reach = reach
    this.#seeds = seeds
    this.#budgetMs = budgetMs
    this.#born = born
    void this.#look()
  }

  async read(keys: readonly string[], life?: string): Promise<readonly unknown[]> {
    // An MGET over slots is refused, even where one server has them all.
    const { answer } = await this.send(
      keys.map((key) => ['get', key]),
      life,
    )
    return answer
  }

  send(calls: readonly Call[], life?: string): Promise<Answered<readonly unknown[]>> {
    const asked = { budgetMs: this.#budgetMs, life: () => this.#life, doubt: () => this.#doubt() }
    return inOneLife(asked, life, async () => granted(await this.#distribute(calls)))
  }

  home(key: string): Home | null {
    const server = this.#servers.get(this.#topology?.slots[slotOf(key)] ?? '')
    return server ? { endpoint: server.endpoint, own: server.life(), life: this.#life } : null
  }

  memory(): Memory {
    const masters = [...(this.#topology?.masters.keys() ?? [])]
    return sumOf(masters.map((name) => this.#servers.get(name)?.memory() ?? null))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    this.#life = null
    clearTimeout(this.#timer)
    await Promise.all([...this.#servers.values()].map((server) => server[Symbol.asyncDispose]()))
  }

  /** Sends each call to the master that has its key, those of one master together. */
  async #distribute(calls: readonly Call[]): Promise<readonly unknown[]> {
    const placed = calls.map((call, place) => ({ call, place, slot: slotOf(String(call[1])) }))
    const parts = Map.groupBy(placed, ({ slot }) => this.#topology?.slots[slot])
    const answers: unknown[] = new Array(calls.length)
    await Promise.all(
      [...parts].map(async ([name, part]) => {
        const received = await this.#follow(
          this.#master(name),
          part.map(({ call }) => call),
        )
        for (const [position, { place }] of part.entries()) answers[place] = received[position]
      }),
    )
    return answers
  }

  /** What was sent to where its slot is no longer is sent on to where it is, a few times at most. */
  async #follow(server: Server, calls: readonly Call[], hops = HOPS): Promise<readonly unknown[]> {
    const answers = await server.send(calls)
    return Promise.all(
      calls.map(async (call, position) => {
        const onward = hops > 0 ? redirection(answers[position], server.endpoint) : undefined
        if (onward === undefined) return answers[position]
        this.#lookIn(MOVED_MS)
        const sent: Call[] = onward.asking ? [['asking'], call] : [call]
        return (await this.#follow(this.#master(onward.name), sent, hops - 1)).at(-1)
      }),
    )
  }

  /** Only masters that the present life counts are asked. */
  #master(name: string | undefined): Server {
    const server = name !== undefined && this.#topology?.masters.has(name) && this.#servers.get(name)
    if (!server) throw new StoreUnavailable('no master for this key')
    return server
  }

  #doubt(): void {
    for (const server of this.#servers.values()) server.doubt()
  }

  #changed(name: string): void {
    if (this.#topology?.masters.has(name)) this.#life = null
    this.#lookIn(0)
  }

  /** Looks after so long, unless it is going to look sooner anyway. */
  #lookIn(ms: number): void {
    const due = performance.now() + ms
    if (this.#disposed || this.#due <= due) return
    this.#due = due
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#due = Number.POSITIVE_INFINITY
      void this.#look()
    }, ms)
  }

  /** Learns who the masters are; again soon while they do not agree, and now and then when they do. */
  async #look(): Promise<void> {
    if (this.#looking) {
      this.#again = true
      return
    }
    this.#looking = true
    const agreed = await this.#agree()
    this.#looking = false
    if (this.#again) this.#lookIn(0)
    else this.#lookIn(agreed ? CALM_MS : AGAIN_MS)
    this.#again = false
  }

  async #agree(): Promise<boolean> {
    const views = await this.#views()
    if (this.#disposed) return false
    const view = prevailing([...views.values()])
    if (view === undefined || view.masters.size === 0) {
      if (view) this.#reach.troubles.tell('Redis Cluster: no node serves anything')
      for (const seed of this.#seeds) this.#open(seed)
      return false
    }
    this.#keepOnly(view, this.#life === null ? null : this.#topology)
    for (const endpoint of view.masters.values()) this.#open(endpoint)
    const masters = [...view.masters.keys()]
    const lives = masters.flatMap((name) => this.#servers.get(name)?.life() ?? [])
    if (lives.length < masters.length) return false
    if (!masters.every((name) => views.get(name)?.signature === view.signature)) {
      this.#reach.troubles.tell('Redis Cluster: its masters do not agree on who they are')
      return false
    }
    this.#adopt(view, commonLife(lives))
    return true
  }

  #adopt(view: Topology, life: string): void {
    const before = this.#life
    this.#topology = view
    this.#life = life
    if (life !== before) this.#born()
  }

  /** How each server that answers sees the cluster; replicas are asked too, as they know the masters. */
  async #views(): Promise<Map<string, Topology>> {
    const views = new Map<string, Topology>()
    await Promise.all(
      [...this.#servers].map(async ([name, server]) => {
        try {
          const [reply] = granted(await within(this.#budgetMs, server.send([['cluster', 'slots']])))
          views.set(name, parseSlots(reply, server.endpoint))
        } catch (error) {
          if (server.life() !== null) this.#reach.troubles.tell(`Redis Cluster at ${name}: ${saying(error)}`)
        }
      }),
    )
    return views
  }

  #open(endpoint: Endpoint): void {
    const name = nameOf(endpoint)
    if (this.#servers.has(name)) return
    const server = openServer(endpoint, this.#reach, () => {
      if (this.#servers.get(name) === server) this.#changed(name)
    })
    this.#servers.set(name, server)
  }

  #keepOnly(view: Topology, other: Topology | null): void {
    for (const [name, server] of this.#servers) {
      if (view.masters.has(name) || other?.masters.has(name)) continue
      this.#servers.delete(name)
      void server[Symbol.asyncDispose]()
    }
  }
}
