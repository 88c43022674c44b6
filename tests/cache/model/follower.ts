import { readMark } from './redis.ts'
import { at, type Mark, type Message, type Node, type State } from './state.ts'
import { type Move, type Moves, move, NEVER, type World } from './world.ts'

/* A node's memory, and how it follows the sequence: `src/cache/follower.ts`, `coherence.ts` and `l1.ts`. */

/** Empties memory and begins anew; a beginning that is under way no longer counts. */
export function resync({ has }: World, node: Node): void {
  node.applied = null
  node.memory = null
  node.expected = null
  node.beginning = node.subscribed !== null || !has('start after subscribing') ? 'asked' : null
}

/** What a node concludes from a mark that it asked for when it had applied `before`. */
export function compare(world: World, node: Node, before: number | null, now: Mark): void {
  const { applied } = node
  if (applied === null) {
    if (node.subscribed !== null && before === null) node.beginning ??= 'asked'
  } else if (now.life !== applied.life) {
    if (world.has('other-life rule')) resync(world, node)
  } else if (now.epoch !== applied.epoch && now.number >= applied.number) {
    if (world.has('other-epoch rule')) resync(world, node)
  } else if (before !== null && now.number < before) {
    if (world.has('went-back rule')) resync(world, node)
  }
}

/** Whether memory may answer a request that began at the mark; if messages are missing, they are waited for a little. */
export function trusts(world: World, node: Node, since: Mark): boolean {
  const { applied } = node
  if (applied === null || !sameCourse(world, applied, since)) return false
  if (!world.has('sequence check') || since.number <= applied.number) return true
  if (world.has('behind rule')) node.expected ??= since.number
  return false
}

export function put(world: World, node: Node, version: number, mark: Mark): void {
  if (node.applied === null) return
  if (world.has('puts bound to a course') && !sameCourse(world, node.applied, mark)) return
  if (world.has('put fence') && mark.number < Math.max(node.fence, node.fenceOfAll)) return
  node.memory = version
}

export function drop(node: Node, number: number): void {
  node.memory = null
  node.fence = Math.max(node.fence, number)
}

function sameCourse({ has }: World, one: Mark, other: Mark): boolean {
  const sameLife = one.life === other.life || !has('life check')
  return sameLife && (one.epoch === other.epoch || !has('epoch check'))
}

function hear(world: World, node: Node, { number, names }: Message, applied: Mark): void {
  if (world.has('messages bound to a life') && node.subscribed !== applied.life) return
  if (number > applied.number + 1 && world.has('gap rule')) resync(world, node)
  else if (number > applied.number && names === 'all' && world.has('other-epoch rule')) resync(world, node)
  else if (number > applied.number) {
    if (names === 'it') drop(node, number)
    node.applied = { ...applied, number }
  }
}

function begin({ has }: World, node: Node, start: Mark): void {
  node.beginning = null
  if (node.applied !== null) return
  node.applied = start
  node.memory = null
  node.fence = NEVER
  if (!has('fence of a beginning')) return
  // Numbers of another course are not to be compared with.
  node.fenceOfAll = has('fences that begin anew') ? start.number : Math.max(node.fenceOfAll, start.number)
}

/** What happens on each node by itself: messages come in, beginnings end, connections break and are made again. */
export const followerMoves: Moves = (world, state) =>
  state.nodes.flatMap((node, index) => [
    ...arrivals(world, state, node, index),
    ...beginnings(world, state, node, index),
    ...connections(world, state, node, index),
  ])

function arrivals(world: World, state: State, node: Node, index: number): Move[] {
  const { applied, expected } = node
  const [message, ...later] = node.arriving
  const moves: Move[] = []
  // While the place to begin at is unknown, messages are kept: they may as well arrive later.
  if (message && applied !== null) {
    const label = `node ${index} hears that ${message.number} names ${message.names}`
    moves.push(
      move(state, label, (draft) => {
        const own = at(draft.nodes, index)
        own.arriving = later
        hear(world, own, message, applied)
      }),
    )
  }
  if (expected === null) return moves
  const impatient = move(state, `node ${index} has waited long enough for ${expected}`, (draft) => {
    const own = at(draft.nodes, index)
    own.expected = null
    if (own.applied !== null && own.applied.number < expected) resync(world, own)
  })
  return [...moves, impatient]
}

function beginnings(world: World, state: State, { beginning, reaches, breaker }: Node, index: number): Move[] {
  if (beginning === null) return []
  const label = `node ${index} ${beginning === 'asked' ? 'reads where' : `begins at ${beginning.number}`}`
  return [
    move(state, beginning === 'asked' ? `${label} to begin` : label, (draft) => {
      const own = at(draft.nodes, index)
      if (beginning !== 'asked') begin(world, own, beginning)
      else own.beginning = reaches && breaker === 'closed' ? readMark(world, draft) : null
    }),
  ]
}

function connections(world: World, state: State, { hasMemory, subscribed, reaches }: Node, index: number): Move[] {
  const { life } = state.redis
  if (!hasMemory || subscribed === life || (subscribed === null && !reaches)) return []
  const lost = subscribed !== null
  return [
    move(state, `node ${index} ${lost ? 'notices that its subscription is lost' : 'subscribes'}`, (draft) => {
      const own = at(draft.nodes, index)
      if (lost) loseSubscription(world, own)
      else listen(world, own, life)
    }),
  ]
}

function listen(world: World, node: Node, life: number): void {
  node.subscribed = life
  if (world.has('start after subscribing') && world.has('lost rule')) resync(world, node)
  else if (node.applied === null) node.beginning ??= 'asked'
}

/** Messages that were on their way are gone with the connection. */
export function loseSubscription(world: World, node: Node): void {
  node.subscribed = null
  node.arriving = []
  if (world.has('lost rule')) resync(world, node)
}
