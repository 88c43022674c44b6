import { followerMoves, trusts } from './follower.ts'
import { movesOf } from './reader.ts'
import { readMark, setEntry, versionIn } from './redis.ts'
import { copied, type Node, type State } from './state.ts'
import { idleReader, type Move, type World } from './world.ts'

/** As many reads as it takes at most: one finds that memory is behind, one fills it, one is answered by it. */
const READS = 3

/**
 * What is wrong although nothing is on its way any more: from here on every read must see the last version, a few reads
 * must bring it into memory, and where memory has none, one must bring it into the store.
 */
export function wrongWhenQuiet(world: World, quiet: State): string | null {
  let state = withoutLeases(quiet)
  for (const node of state.nodes.keys())
    for (let reads = 0; reads < READS; reads += 1) {
      state = afterRead(world, state, node)
      if (state.broken !== null) return `when all is quiet, ${state.broken}`
    }
  const unused = state.nodes.findIndex((node) => node.hasMemory && !remembers(world, state, node))
  if (unused >= 0) return `when all is quiet, the memory of node ${unused} stays unused`
  const { version, redis } = afterRead(world, withoutMemory(state), 0)
  const stored = versionIn(world, redis.entry, { life: redis.life, epoch: redis.epoch })
  return stored === version ? null : 'when all is quiet, a read does not bring the last version into the store'
}

function remembers(world: World, state: State, node: Node): boolean {
  return node.memory === state.version && trusts(world, { ...node }, readMark(world, copied(state)))
}

/** Leases that nobody will use expire. */
function withoutLeases(state: State): State {
  const draft = copied(state)
  const { entry } = draft.redis
  if (entry !== null && 'lease' in entry) setEntry(draft, null)
  return draft
}

function withoutMemory(state: State): State {
  const draft = copied(state)
  for (const node of draft.nodes) node.memory = null
  return draft
}

/** One read on a node, and what follows from it, while nothing else happens. */
function afterRead(world: World, quiet: State, node: number): State {
  const begun = copied(quiet)
  const index = begun.readers.push({ ...idleReader(node), least: quiet.version }) - 1
  let state = begun
  for (let next = first(world, state, index); next !== undefined; next = first(world, state, index)) state = next.state
  const ended = copied(state)
  ended.readers.pop()
  return ended
}

const first = (world: World, state: State, index: number): Move | undefined =>
  movesOf(world, state, index)[0] ?? followerMoves(world, state)[0]
