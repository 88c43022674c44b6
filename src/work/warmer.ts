import type { Sleep } from '../cache/sleep.ts'
import type { View } from '../cache/view.ts'
import type { UserId } from '../domain/ids.ts'
import type { Readers } from '../loaders/readers.ts'
import type { Sources } from '../loaders/sources.ts'
import { Pace, type PaceOptions, type Urgency } from './pace.ts'
import { recentLearners } from './recent-learners.ts'

export interface WarmerOptions extends PaceOptions {
  readonly sources: Pick<Sources, 'profile' | 'telegramId' | 'settings' | 'stars' | 'practice'>
  readonly lastActive: Readers['lastActive']
  /** A view of this moment; null while nothing that is read would be kept. */
  readonly open: () => Promise<View | null>
  /** Whether there is room for more without its driving out what is there. */
  readonly hasRoom: () => boolean
  /** Learners at most. */
  readonly learners: number
  /** Told after each batch how many learners are done. */
  readonly progress?: (done: number) => void
}

/** How it came to an end: all done, no more room, no cache to fill, or told to stop. */
export type WarmEnd = 'DONE' | 'FULL' | 'AWAY' | 'STOPPED'

export interface Warmed {
  readonly learners: number
  readonly end: WarmEnd
}

/**
 * Learners of one statement: requests that ask at the same moment share it, and all wait while what it brings is kept. Many
 * more, and a busy machine would not have Redis answer in time, which is when nobody asks it any more.
 */
const BATCH = 25

/**
 * Learners who come so surely, and so soon, that to have them read one by one by requests would keep all the others waiting
 * for longer than to read them ahead.
 */
const URGENT = 1_000

/** Milliseconds after the start in which callers wait longer anyway, for want of what is being warmed. */
const SOON_MS = 5_000

/** How often a cache that cannot be filled is looked for, and milliseconds between two looks. */
const LOOKS = 50
const LOOK_MS = 100

/**
 * Fills the caches for those who were active last, whoever is most likely to come first, by the way that requests go: so
 * what it brings is as true as what they bring, and what is there already costs no statement.
 * @throws what the database throws
 */
export async function warm(options: WarmerOptions, signal: AbortSignal): Promise<Warmed> {
  const { lastActive, learners: most, hasRoom, now, progress } = options
  const pace = new Pace(options)
  let learners = 0
  const ended = (end: WarmEnd): Warmed => ({ learners, end: signal.aborted ? 'STOPPED' : end })
  if ((await opened(options, signal)) === null) return ended('AWAY')
  const start = now()
  let begun = start
  for await (const ids of recentLearners(lastActive, { most, batch: BATCH })) {
    if (!hasRoom()) return ended('FULL')
    const view = await opened(options, signal)
    if (view === null) return ended('AWAY')
    await fill(options, ids, view)
    learners += ids.length
    progress?.(learners)
    const urgency = urgencyOf({ learners, ms: now() - start })
    await pace.rest({ count: ids.length, tookMs: now() - begun, urgency }, signal)
    begun = now()
  }
  return ended('DONE')
}

/** How soon what comes next is wanted, after so many learners and milliseconds. */
function urgencyOf({ learners, ms }: { readonly learners: number; readonly ms: number }): Urgency {
  if (learners <= URGENT) return 'NOW'
  return ms < SOON_MS ? 'SOON' : 'LATER'
}

/** A new view for each batch: memory does not keep what was read in one that changes have overtaken. */
async function opened(
  { open, sleep }: { readonly open: WarmerOptions['open']; readonly sleep: Sleep },
  signal: AbortSignal,
): Promise<View | null> {
  for (let looks = 0; looks < LOOKS && !signal.aborted; looks += 1) {
    const view = await open()
    if (view !== null) return view
    await sleep(LOOK_MS, signal)
  }
  return null
}

/** All kinds at once: one after the other would wait, on a busy machine, for five turns instead of two. */
async function fill({ sources }: WarmerOptions, ids: readonly UserId[], view: View): Promise<void> {
  if (ids.length === 0) return
  const { profile, settings, practice, stars, telegramId } = sources
  const profiles = profile.getMany(ids, view)
  await Promise.all([profiles, ...[settings, practice, stars].map((kind) => kind.getMany(ids, view))])
  const telegramIds = [...(await profiles).values()].flatMap((user) => user?.telegramId ?? [])
  await telegramId.getMany(telegramIds, view)
}
