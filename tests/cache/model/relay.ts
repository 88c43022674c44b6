import { resync } from './follower.ts'
import { invalidate, setEntry } from './redis.ts'
import { at, type Relay, type State } from './state.ts'
import { type Move, type Moves, move, type World } from './world.ts'

/* What makes good afterwards: the relay of each process, and the breaker's way back from open to closed. */

export const relayMoves: Moves = (world, state) => [
  ...state.relays.flatMap((relay, index) => relaySteps(world, state, relay, index)),
  ...state.nodes.flatMap((_, index) => breakerSteps(world, state, index)),
]

function relaySteps(world: World, state: State, relay: Relay, index: number): Move[] {
  const { reaches } = at(state.nodes, relay.node)
  if (relay.step === 'idle' && (state.outbox.length === 0 || !reaches)) return []
  const label = reaches || relay.step === 'deleting' ? `is ${WORK[relay.step]}` : 'gives up for now'
  return [
    move(state, `the relay on node ${relay.node} ${label}`, (draft) => {
      const own = at(draft.relays, index)
      if (reaches || own.step === 'deleting') work(world, draft, own)
      else abandon(own)
    }),
  ]
}

const WORK: Record<Relay['step'], string> = {
  idle: 'taking rows',
  removing: 'removing entries',
  announcing: 'announcing',
  deleting: 'deleting rows',
}

export function abandon(relay: Relay): void {
  relay.step = 'idle'
  relay.rows = []
}

function work(world: World, draft: State, relay: Relay): void {
  if (relay.step === 'idle') {
    relay.rows = draft.outbox
    relay.step = 'removing'
    if (!world.has('rows kept until applied')) draft.outbox = []
  } else if (relay.step === 'removing') {
    setEntry(draft, null)
    relay.step = 'announcing'
  } else if (relay.step === 'announcing') {
    invalidate(world, draft, relay.rows)
    relay.step = 'deleting'
  } else {
    const versions = relay.rows.map(({ version }) => version)
    draft.outbox = draft.outbox.filter(({ version }) => !versions.includes(version))
    draft.confirmed = Math.max(draft.confirmed, ...versions)
    abandon(relay)
  }
}

/** Where the outbox is seen empty, everything that was pending has been made good: from then on it is promised. */
function breakerSteps(world: World, state: State, index: number): Move[] {
  const { breaker, reaches } = at(state.nodes, index)
  if (breaker === 'closed' || !reaches) return []
  const drains = world.has('drain before the breaker closes')
  if (breaker === 'open' && drains) {
    if (state.outbox.length > 0) return []
    return [
      move(state, `node ${index} sees the outbox empty`, (draft) => {
        at(draft.nodes, index).breaker = 'drained'
        draft.drained = draft.pending
      }),
    ]
  }
  return [
    move(state, `the breaker of node ${index} closes`, (draft) => {
      const node = at(draft.nodes, index)
      node.breaker = 'closed'
      draft.confirmed = Math.max(draft.confirmed, drains ? draft.drained : draft.pending)
      draft.drained = 0
      if (world.has('memory empty when the breaker closes')) resync(world, node)
    }),
  ]
}
