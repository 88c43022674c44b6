import type { Snapshot } from '../domain/cache-report.ts'
import { HonzikError } from '../domain/error.ts'

/** Knows everything that the dashboard shows. */
export interface DashboardSource {
  snapshot(): Promise<Snapshot>
}

export interface DashboardFeedOptions {
  readonly source: DashboardSource
  /** Told of snapshots that could not be had. */
  readonly trouble: (error: unknown) => void
  /** Calls `look` now and then, until what it returns is called; every two seconds when left out. */
  readonly every?: (look: () => void) => () => void
}

/** As much of an answer as is needed to show somebody what happens. */
export interface Follower {
  /** Bytes that its reader has not taken yet. */
  readonly writableLength: number
  write(text: string): unknown
  destroy(): unknown
}

/** Followers at most, so that dashboards left open do not add up. */
export const FOLLOWERS_MAX = 50

const EVERY_MS = 2_000

/** Looks in a row at which a follower may have something unread; then it is let go. */
const UNREAD_MAX = 5

/** A comment of server-sent events: nobody is told of it. */
const PING = ': ping\n\n'

/** Shows everybody the same snapshots as server-sent events: one look for all of them, and none while nobody follows. */
export class DashboardFeed {
  readonly #options: DashboardFeedOptions
  /** With the number of looks in a row at which they had something unread. */
  readonly #followers = new Map<Follower, number>()
  #latest: string | null = null
  #looking = false
  #stop = () => {}

  constructor(options: DashboardFeedOptions) {
    this.#options = options
  }

  /** @throws SERVICE_UNAVAILABLE where there are as many as may be */
  requireRoom(): void {
    if (this.#followers.size < FOLLOWERS_MAX) return
    const message = `${FOLLOWERS_MAX} dashboards are open here already. Close one, or come back later.`
    throw new HonzikError('SERVICE_UNAVAILABLE', message, { retryAfterSeconds: 30 })
  }

  /** Shows what there is at once, and what comes until the result is disposed of. */
  follow(follower: Follower): Disposable {
    this.#followers.set(follower, 0)
    if (this.#followers.size === 1) this.#begin()
    else if (this.#latest !== null) follower.write(this.#latest)
    return { [Symbol.dispose]: () => this.#leave(follower) }
  }

  #begin(): void {
    const { every = everyTwoSeconds } = this.#options
    this.#latest = null
    this.#stop = every(() => void this.#look())
    void this.#look()
  }

  #leave(follower: Follower): void {
    if (this.#followers.delete(follower) && this.#followers.size === 0) this.#stop()
  }

  async #look(): Promise<void> {
    // Who is slow to say is not asked again before, but proxies take what is silent for dead.
    if (this.#looking) return this.#tell(PING)
    this.#looking = true
    try {
      this.#latest = `event: snapshot\ndata: ${JSON.stringify(await this.#options.source.snapshot())}\n\n`
      this.#tell(this.#latest)
    } catch (error) {
      this.#options.trouble(error)
      this.#tell(PING)
    } finally {
      this.#looking = false
    }
  }

  /** Whoever has not read what is there does not get more: each keeps one snapshot in memory at most. */
  #tell(text: string): void {
    for (const [follower, unread] of this.#followers) {
      const isBehind = follower.writableLength > 0
      this.#followers.set(follower, isBehind ? unread + 1 : 0)
      if (!isBehind) follower.write(text)
      else if (unread + 1 >= UNREAD_MAX) follower.destroy()
    }
  }
}

function everyTwoSeconds(look: () => void): () => void {
  const timer = setInterval(look, EVERY_MS)
  return () => clearInterval(timer)
}
