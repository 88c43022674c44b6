import type { ResyncReason } from './cache-event.ts'
import { Follower, type FollowerOptions } from './follower.ts'
import { EVERYTHING } from './outbox.ts'
import type { Mark, SharedSequence, Tag } from './shared-store.ts'
import { type NextTurn, nextTurn, oneAtATime } from './turns.ts'

/**
 * Keeps a node's memory no older than the shared sequence. A request reads where the sequence stands when it begins;
 * memory may answer it only when this node has applied every invalidation up to there. Invalidations arrive by message,
 * in order; at the first doubt whether one was missed, memory is emptied and begun anew.
 */
export interface Coherence extends AsyncDisposable {
  /** Where the sequence stands, for a request that begins now; null when that cannot be told. */
  mark(): Promise<Mark | null>
  /** The same where it can be told at once; undefined where the sequence has to be read. */
  now(): Mark | null | undefined
  /** Whether what is in memory is new enough for a request that began at the mark. */
  trusts(mark: Mark): boolean
  /** Whether what was loaded by a request that began at the mark may be kept, as far as the sequence is concerned. */
  admits(mark: Mark): boolean
  /** What this node has changed itself is dropped here at once, before the message comes back. */
  originated(tags: readonly Tag[], mark: Mark): void
  /** Empties memory and begins anew. */
  restart(reason: ResyncReason): void
}

export type Consistency = 'strict' | 'bounded'

export interface CoherenceOptions extends FollowerOptions {
  /** Milliseconds that messages may be behind the sequence before some are taken for lost. */
  readonly patienceMs?: number
  /**
   * `strict`: each request reads the sequence first, so that memory is never older than the request. `bounded`: none
   * does, and memory may be as old as a message takes to arrive. Strict when left out.
   */
  readonly consistency?: Consistency
  /** Whether the sequence is asked at the moment; while it is not, memory must not answer either. */
  readonly available?: () => boolean
  readonly turn?: NextTurn
}

export function createCoherence(given: CoherenceOptions): Coherence {
  const { patienceMs = 50, turn = nextTurn, consistency = 'strict', available = () => true, ...options } = given
  const { sequence, l1, report } = options
  const follower = new Follower(options)
  const patience = new Patience(follower, patienceMs)
  const read = oneAtATime(turn, () => compared(follower, sequence, turn))

  const now = () => (consistency === 'strict' ? undefined : available() ? (follower.applied ?? undefined) : null)

  return {
    now,
    mark() {
      const at = now()
      return at === undefined ? read() : Promise.resolve(at)
    },
    trusts(since) {
      const { applied } = follower
      if (applied === null || !sameCourse(applied, since)) return false
      if (since.number > applied.number) patience.expect(since.number)
      return since.number <= applied.number
    },
    admits: (since) => follower.applied !== null && sameCourse(follower.applied, since),
    originated(tags, at) {
      if (tags.includes(EVERYTHING)) follower.resync('other-epoch')
      else l1.invalidate(tags, at.number)
      report({ kind: 'invalidated', tags })
    },
    restart: (reason) => follower.resync(reason),
    async [Symbol.asyncDispose]() {
      patience.end()
      await follower[Symbol.asyncDispose]()
    },
  }
}

/** Gives messages that the sequence is ahead of a little time to arrive. */
class Patience {
  readonly #follower: Follower
  readonly #ms: number
  #ahead: NodeJS.Timeout | undefined

  constructor(follower: Follower, ms: number) {
    this.#follower = follower
    this.#ms = ms
  }

  expect(number: number): void {
    this.#ahead ??= setTimeout(() => {
      this.#ahead = undefined
      // This process may have been held up itself: messages that have arrived meanwhile are read first.
      setImmediate(() => {
        const { applied } = this.#follower
        if (applied !== null && applied.number < number) this.#follower.resync('behind')
      })
    }, this.#ms)
  }

  end(): void {
    clearTimeout(this.#ahead)
  }
}

const sameCourse = (mark: Mark, { life, epoch }: Mark) => mark.life === life && mark.epoch === epoch

/** Reads where the sequence stands, and lets the follower draw its conclusions. */
async function compared(follower: Follower, sequence: SharedSequence, turn: NextTurn): Promise<Mark | null> {
  const before = follower.applied
  const now = await sequence.mark().catch(() => null)
  if (now === null) return null
  follower.compare(before, now)
  // The message has been sent, and is most likely waiting at the other socket: one look there spares a way round memory.
  if (follower.applied !== null && now.number > follower.applied.number) await turn()
  return now
}
