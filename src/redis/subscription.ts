import type { Redis } from 'ioredis'
import { type Announcement, type SequenceHearer, StoreUnavailable } from '../cache/shared-store.ts'
import { lifeOf } from './identity.ts'
import { Link, type Reach } from './link.ts'
import type { Home } from './servers.ts'

export interface SubscriptionOptions {
  readonly reach: Reach
  readonly channel: string
  /** The server that the announcements are made on. */
  readonly home: () => Home | null
}

/** Hears the announcements over a connection of its own, and says so whenever some may have been missed. */
export class Subscription implements AsyncDisposable {
  readonly #options: SubscriptionOptions
  readonly #hearer: SequenceHearer
  readonly #link: Link
  #subscribed = false
  /** What the hearer was told; null while nothing is passed on. */
  #life: string | null = null

  constructor(options: SubscriptionOptions, hearer: SequenceHearer) {
    this.#options = options
    this.#hearer = hearer
    this.#link = new Link({
      reach: options.reach,
      name: 'honzik-bus',
      where: () => options.home()?.endpoint ?? null,
      beat: (client) => this.#beat(client),
      lost: () => {
        this.#subscribed = false
        this.#lose()
      },
    })
  }

  /** To be called when the servers may live another life; what belongs to the one before is not passed on any more. */
  check(): void {
    const life = this.#options.home()?.life ?? null
    if (life === null || life === this.#life) return
    this.#lose()
    this.#link.doubt()
  }

  async #beat(client: Redis): Promise<void> {
    if (this.#life !== null) await client.ping()
    else await this.#listen(client)
  }

  async #listen(client: Redis): Promise<void> {
    if (!this.#subscribed) {
      client.removeAllListeners('message')
      client.on('message', (_, message) => this.#hear(message))
      await client.subscribe(this.#options.channel)
      this.#subscribed = true
    }
    // Commands go over another connection, and it may be another server, or another life of it, that answers there.
    const own = lifeOf(await client.info())
    const home = this.#options.home()
    if (!home || home.life === null || home.own !== own) throw new StoreUnavailable('not the server that is asked')
    this.#life = home.life
    this.#hearer.listening(home.life)
  }

  #hear(message: string): void {
    const announcement = this.#life === null ? null : parseAnnouncement(message)
    if (announcement) this.#hearer.heard(announcement)
  }

  #lose(): void {
    if (this.#life === null) return
    this.#life = null
    this.#hearer.lost()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#link[Symbol.asyncDispose]()
  }
}

/** Null for what is none: it leaves a gap in the numbers, which the hearer notices. */
function parseAnnouncement(message: string): Announcement | null {
  const space = message.indexOf(' ')
  const number = Number(message.slice(0, space))
  try {
    const tags: unknown = JSON.parse(message.slice(space + 1))
    const valid = Number.isSafeInteger(number) && Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')
    return valid ? { number, tags } : null
  } catch {
    return null
  }
}
