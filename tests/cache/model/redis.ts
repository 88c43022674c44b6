import type { Entry, Mark, Named, Row, State } from './state.ts'
import { START, type World } from './world.ts'

/* What Redis does at once, a command or a script at a time. */

/** Reads the sequence; one that has vanished begins anew. */
export function readMark(world: World, draft: State): Mark {
  if (draft.redis.number === null) {
    const start = world.has('numbers from a clock') ? draft.clock : START
    draft.redis = { ...draft.redis, number: start, epoch: start }
    draft.clock += START
  }
  const { life, epoch, number } = draft.redis
  return { life, epoch, number: number ?? START }
}

/** Takes the next number and tells every node that is subscribed to Redis as it lives now. */
export function announce(world: World, draft: State, names: Named): Mark {
  const before = readMark(world, draft)
  const number = before.number + 1
  draft.redis = { ...draft.redis, number }
  for (const node of draft.nodes)
    if (node.subscribed === draft.redis.life) node.arriving = [...node.arriving, { number, names }]
  return { ...before, number }
}

/** Makes everything void that was cached before. */
export function beginEpoch(world: World, draft: State): Mark {
  const { life, number } = announce(world, draft, 'all')
  draft.redis = { ...draft.redis, epoch: number }
  return { life, epoch: number, number }
}

export function setEntry(draft: State, entry: Entry): void {
  draft.redis = { ...draft.redis, entry }
}

/** Where the caches are told of several rows: an epoch makes good whatever there is. */
export function invalidate(world: World, draft: State, rows: readonly Row[]): void {
  if (rows.some(({ bulk }) => bulk)) beginEpoch(world, draft)
  else announce(world, draft, 'it')
}

/** The version in an entry, where it is a value that may be read by a request that began at the mark. */
export function versionIn({ has }: World, entry: Entry, mark: Pick<Mark, 'life' | 'epoch'>): number | null {
  if (entry === null || 'lease' in entry) return null
  if (has('life in entries') && entry.life !== mark.life) return null
  if (has('epoch in entries') && entry.epoch !== mark.epoch) return null
  return entry.version
}
