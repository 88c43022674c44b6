import type { Reporter, ResyncReason } from './cache-event.ts'
import type { L1 } from './l1.ts'
import { EVERYTHING } from './outbox.ts'
import type { Announcement, Mark, SequenceHearer, SharedSequence } from './shared-store.ts'

/** Memory that is kept no older than the sequence. */
export interface Followed extends Pick<L1, 'invalidate'> {
  /** @param reason left out once a place to begin at has been read */
  clear(number: number, reason?: ResyncReason): void
}

export interface FollowerOptions {
  readonly sequence: SharedSequence
  readonly l1: Followed
  readonly report: Reporter
}

/** As many messages as are kept while the place to begin at is not known yet. */
const KEPT_MESSAGES = 1_000

/** Applies the sequence's messages to memory, in order; at the first doubt it empties memory and begins anew. */
export class Follower implements AsyncDisposable, SequenceHearer {
  readonly #sequence: SharedSequence
  readonly #l1: FollowerOptions['l1']
  readonly #report: Reporter
  readonly #subscription: AsyncDisposable
  #applied: Mark | null = null
  /** The life whose messages are heard; null while none are. */
  #listeningTo: string | null = null
  /** Each beginning has a number, so that one that was overtaken does not count. */
  #beginning = 0
  #kept: Announcement[] = []

  constructor({ sequence, l1, report }: FollowerOptions) {
    this.#sequence = sequence
    this.#l1 = l1
    this.#report = report
    this.#subscription = sequence.subscribe({
      listening: (life) => this.listening(life),
      heard: (announcement) => this.heard(announcement),
      lost: () => this.lost(),
    })
  }

  /** Everything up to here has been applied to memory; null while that is unknown. */
  get applied(): Mark | null {
    return this.#applied
  }

  listening(life: string): void {
    this.#listeningTo = life
    this.resync('started')
  }

  lost(): void {
    this.#listeningTo = null
    this.resync('lost')
  }

  heard(announcement: Announcement): void {
    const { number, tags } = announcement
    if (this.#applied === null) {
      if (this.#kept.length < KEPT_MESSAGES) this.#kept.push(announcement)
    } else if (number > this.#applied.number + 1) this.resync('gap')
    else if (number > this.#applied.number && tags.includes(EVERYTHING)) {
      this.#report({ kind: 'heard', number, tags })
      this.resync('other-epoch')
    } else if (number === this.#applied.number + 1) {
      this.#report({ kind: 'heard', number, tags })
      this.#l1.invalidate(tags, number)
      this.#applied = { ...this.#applied, number }
    }
  }

  /** Empties memory and begins anew, at a place read from now on. */
  resync(reason: ResyncReason): void {
    this.#applied = null
    this.#kept = []
    this.#beginning += 1
    this.#l1.clear(0, reason)
    this.#report({ kind: 'resynced', reason })
    if (this.#listeningTo !== null) void this.#begin(this.#beginning)
  }

  /** Draws conclusions from a mark that was asked for when `before` had been applied. */
  compare(before: Mark | null, now: Mark): void {
    const applied = this.#applied
    if (applied === null) {
      // The first beginning may have failed; whoever learns that the sequence answers again tries once more.
      if (this.#listeningTo !== null && before === null) void this.#begin(this.#beginning)
    } else if (now.life !== applied.life) this.resync('other-life')
    else if (now.epoch !== applied.epoch && now.number >= applied.number) this.resync('other-epoch')
    else if (before !== null && now.number < before.number) this.resync('went-back')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#subscription[Symbol.asyncDispose]()
  }

  async #begin(mine: number): Promise<void> {
    const start = await this.#sequence.mark().catch(() => null)
    if (mine !== this.#beginning || start === null || this.#applied !== null) return
    // Messages of a life that has ended may still be on their way, with numbers that this life gives out anew.
    if (start.life !== this.#listeningTo) return
    // What was loaded before this place was read may miss an invalidation that came before it.
    this.#l1.clear(start.number)
    this.#applied = start
    for (const announcement of this.#kept.splice(0)) this.heard(announcement)
  }
}
