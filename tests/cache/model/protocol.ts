import { type Exploration, explore, type System } from './explore.ts'
import { faultMoves } from './faults.ts'
import { compare, followerMoves, trusts } from './follower.ts'
import type { Guard } from './guards.ts'
import { wrongWhenQuiet } from './quiet.ts'
import { readerMoves } from './reader.ts'
import { readMark, versionIn } from './redis.ts'
import { relayMoves } from './relay.ts'
import { at, copied, type State } from './state.ts'
import { beginningOf, type Move, type Scenario, type World } from './world.ts'
import { writerMoves } from './writer.ts'

/*
 * The promise: a read that begins after a write was acknowledged never answers a version older than that write; what
 * was acknowledged as pending is promised once it has been made good; and when everything is quiet, every read is fresh
 * and both tiers are of use again.
 */

/** As many states as a test has time for, and more than any scenario has. */
const LIMIT = 1_000_000

export function check(scenario: Scenario, without: readonly Guard[] = []): Exploration {
  const world: World = { scenario, has: (guard) => !without.includes(guard) }
  return explore(protocol(world), LIMIT)
}

const protocol = (world: World): System<State, Move> => ({
  initial: beginningOf(world),
  key: JSON.stringify,
  next: (state) => [followerMoves, readerMoves, writerMoves, relayMoves, faultMoves].flatMap((of) => of(world, state)),
  judge(state, next) {
    const broken = state.broken ?? staleNow(world, state)
    if (broken !== null || next.some(({ free }) => !free) || isCutOff(state)) return broken
    return wrongWhenQuiet(world, state)
  },
})

/** While a node is cut off, what it has changed may stay pending. */
const isCutOff = ({ nodes }: State): boolean => nodes.some(({ breaker }) => breaker !== 'closed')

/** What a read would answer that began and ended at this moment. */
function staleNow(world: World, state: State): string | null {
  const { confirmed, nodes, redis } = state
  if (confirmed === 0) return null
  for (const [index, { memory, breaker }] of nodes.entries()) {
    if (breaker !== 'closed') continue
    const draft = copied(state)
    const mark = readMark(world, draft)
    const stored = versionIn(world, redis.entry, mark)
    if (stored !== null && stored < confirmed) return `the store answers ${stored} although ${confirmed} is promised`
    if (memory === null || memory >= confirmed) continue
    const node = at(draft.nodes, index)
    compare(world, node, node.applied?.number ?? null, mark)
    if (node.memory !== null && trusts(world, node, mark))
      return `the memory of node ${index} answers ${memory} although ${confirmed} is promised`
  }
  return null
}
