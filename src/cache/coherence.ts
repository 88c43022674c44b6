import type { Reporter, ResyncReason } from './cache-event.ts'
import type { L1 } from './l1.ts'
import type { Announcement, Mark, SharedSequence, Tag } from './shared-store.ts'
import { type NextTurn, nextTurn, oncePerTurn } from './turns.ts'

/**
 * Keeps a node's memory no older than the shared sequence. A request reads where the sequence stands when it begins;
 * memory may answer it only when this node has applied every invalidation up to there. Invalidations arrive by message,
 * in order; at the first doubt whether one was missed, memory is emptied and begun anew.
 */
export interface Coherence extends AsyncDisposable {
  /** Where the sequence stands, for a request that begins now; null when that cannot be told. */
  mark(): Promise<Mark | null>
  /** Whether what is in memory is new enough for a request that began at the mark. */
  trusts(mark: Mark): boolean
  /** Whether what was loaded by a request that began at the mark may be kept, as far as the sequence is concerned. */
  admits(mark: Mark): boolean
  /** What this node has changed itself is dropped here at once, before the message comes back. */
  originated(tags: readonly Tag[], mark: Mark): void
}

export interface CoherenceOptions {
  readonly sequence: SharedSequence
  readonly l1: L1
  readonly report: Reporter
  /** Milliseconds that messages may be behind the sequence before some are taken for lost. */
  readonly patienceMs?: number
  readonly turn?: NextTurn
}

export function createCoherence({
  sequence,
  l1,
  report,
  patienceMs = 50,
  turn = nextTurn,
}: CoherenceOptions): Coherence {
  const follower = createFollower({ sequence, l1, report })
  let ahead: NodeJS.Timeout | undefined

  /** Gives the messages up to `number` a little time to arrive. */
  function expect(number: number): void {
    if (ahead !== undefined) return
    ahead = setTimeout(() => {
      ahead = undefined
      const applied = follower.applied()
      if (applied !== null && applied.number < number) follower.resync('behind')
    }, patienceMs)
  }

  const mark = oncePerTurn(turn, async () => {
    const before = follower.applied()
    try {
      const now = await sequence.mark()
      follower.compare(before, now)
      return now
    } catch {
      return null
    }
  })

  return {
    mark,
    trusts(since) {
      const applied = follower.applied()
      if (applied === null || applied.life !== since.life || applied.epoch !== since.epoch) return false
      if (since.number <= applied.number) return true
      expect(since.number)
      return false
    },
    admits(since) {
      const applied = follower.applied()
      return applied !== null && applied.life === since.life && applied.epoch === since.epoch
    },
    originated(tags, at) {
      l1.invalidate(tags, at.number)
      report({ kind: 'invalidated', tags })
    },
    async [Symbol.asyncDispose]() {
      clearTimeout(ahead)
      await follower[Symbol.asyncDispose]()
    },
  }
}

/** As many messages as are kept while the place to begin at is not known yet. */
const KEPT_MESSAGES = 1_000

interface Follower extends AsyncDisposable {
  /** Everything up to here has been applied to memory; null while that is unknown. */
  applied(): Mark | null
  /** Empties memory and begins anew, at a place read from now on. */
  resync(reason: ResyncReason): void
  /** Draws conclusions from a mark that was asked for when `before` had been applied. */
  compare(before: Mark | null, now: Mark): void
}

/** Applies the messages in order. */
function createFollower({ sequence, l1, report }: Pick<CoherenceOptions, 'sequence' | 'l1' | 'report'>): Follower {
  let applied: Mark | null = null
  let listening = false
  /** Each beginning has a number, so that one that was overtaken does not count. */
  let beginning = 0
  let kept: Announcement[] = []

  function forget(): void {
    applied = null
    kept = []
    beginning += 1
    l1.clear(0)
  }

  function resync(reason: ResyncReason): void {
    forget()
    report({ kind: 'resynced', reason })
    if (listening) void begin(beginning)
  }

  async function begin(mine: number): Promise<void> {
    const start = await sequence.mark().catch(() => null)
    if (mine !== beginning || start === null || applied !== null) return
    // What was loaded before this place was read may miss an invalidation that came before it.
    l1.clear(start.number)
    applied = start
    for (const announcement of kept.splice(0)) apply(announcement)
  }

  function apply({ number, tags }: Announcement): void {
    if (applied === null) {
      if (kept.length < KEPT_MESSAGES) kept.push({ number, tags })
      return
    }
    if (number <= applied.number) return
    if (number > applied.number + 1) {
      resync('gap')
      return
    }
    l1.invalidate(tags, number)
    applied = { ...applied, number }
  }

  const subscription = sequence.subscribe({
    listening() {
      listening = true
      resync('started')
    },
    heard: apply,
    lost() {
      listening = false
      forget()
      report({ kind: 'resynced', reason: 'lost' })
    },
  })

  return {
    applied: () => applied,
    resync,
    compare(before, now) {
      if (applied === null) {
        // The first beginning may have failed; whoever learns that the sequence answers again tries once more.
        if (listening && before === null) void begin(beginning)
      } else if (now.life !== applied.life) resync('other-life')
      else if (now.epoch !== applied.epoch && now.number >= applied.number) resync('other-epoch')
      else if (before !== null && now.number < before.number) resync('went-back')
    },
    [Symbol.asyncDispose]: () => Promise.resolve(subscription[Symbol.asyncDispose]()),
  }
}
