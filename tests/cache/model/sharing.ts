import type { Mark, Reader, State } from './state.ts'
import type { World } from './world.ts'

/* Who may wait for whose load: `src/cache/batches.ts`. */

const RUNNING: readonly Reader['step'][] = ['gathering', 'discarding', 'leasing', 'loading', 'answering']

/** The readers of the same node whose loads this one may wait for. */
export const joinable = (world: World, state: State, reader: Reader): number[] =>
  state.readers.flatMap((load, index) => (load !== reader && mayJoin(world, reader, load, index) ? [index] : []))

function mayJoin({ has }: World, reader: Reader, load: Reader, index: number): boolean {
  if (load.node !== reader.node || !RUNNING.includes(load.step)) return false
  if (!has('joining rule')) return true
  const same = sameCourse(reader.mark, load.mark)
  if (!same && has('joining within a course')) return false
  if (load.step === 'gathering' || (reader.since & (1 << index)) !== 0) return true
  return same && reader.mark !== null && load.mark !== null && load.mark.number >= reader.mark.number
}

function sameCourse(one: Mark | null, other: Mark | null): boolean {
  if (one === null || other === null) return one === other
  return one.life === other.life && one.epoch === other.epoch
}

export function later(one: Mark | null, other: Mark | null): Mark | null {
  if (one === null || other === null) return one ?? other
  return other.number > one.number ? other : one
}

/** Whoever has begun and does not wait yet began before this load did. */
export function noteBeginning(draft: State, { node }: Reader, index: number): void {
  for (const reader of draft.readers)
    if (reader.node === node && (reader.step === 'asking' || reader.step === 'viewed')) reader.since |= 1 << index
}

/** A load that is over cannot be joined. */
export function forgetLoad(draft: State, index: number): void {
  for (const reader of draft.readers) reader.since &= ~(1 << index)
}
