import { loseSubscription } from './follower.ts'
import { unheardLeases } from './reader.ts'
import { setEntry } from './redis.ts'
import { abandon } from './relay.ts'
import { at, type Fault, type State } from './state.ts'
import { freely, type Move, type Moves, move, START, type World } from './world.ts'
import { hasCrashed, unheard } from './writer.ts'

/* What may go wrong, each as often as the scenario allows. */

export const faultMoves: Moves = (world, state) => [
  ...Object.entries(state.faults).flatMap(([fault, left]) => {
    if (left === 0) return []
    const spent = { ...state, faults: { ...state.faults, [fault]: left - 1 } }
    return FAULTS[fault as Fault](world, spent).map(freely)
  }),
  ...comingsBack(state).map(freely),
]

const FAULTS: Record<Fault, Moves> = {
  evict: (_, state) => (isLeased(state) === false ? [move(state, 'the entry is evicted', vanish)] : []),
  forget: forgetInMemory,
  expire: (_, state) => (isLeased(state) ? [move(state, 'the lease expires', vanish)] : []),
  snapshot: (_, state) => [move(state, 'Redis saves what it holds', save)],
  restart,
  flush: (_, state) => [move(state, 'Redis forgets everything', flush)],
  'flush and step the clock back': (_, state) => [
    move(state, 'Redis forgets everything and its clock steps back', (draft) => {
      flush(draft)
      draft.clock = START / 2
    }),
  ],
  'drop a message': dropMessage,
  'lose a subscription': loseSubscriptions,
  'cut off': cutOff,
  'crash a writer': crashWriter,
  'crash a relay': crashRelay,
  'miss a mark': missMark,
  'miss an answer': (world, state) => [...unheard(world, state), ...unheardLeases(world, state)],
}

/** Null when there is neither a lease nor a value. */
const isLeased = ({ redis: { entry } }: State): boolean | null => (entry === null ? null : 'lease' in entry)

const vanish = (draft: State): void => setEntry(draft, null)

function save(draft: State): void {
  draft.snapshot = draft.redis
}

function flush(draft: State): void {
  draft.redis = { ...draft.redis, number: null, entry: null }
}

function restart({ has }: World, state: State): Move[] {
  const { redis, snapshot } = state
  if (snapshot === null) return []
  return [
    move(state, 'Redis lives anew with what it saved', (draft) => {
      draft.lives += 1
      // A former primary that takes over again is the process that it was.
      const returns = redis.life > 1 && !has('lives that never return')
      draft.redis = { ...snapshot, life: returns ? 1 : draft.lives }
    }),
  ]
}

/** Memory is bounded: what was not used for long goes. */
function forgetInMemory(_: unknown, state: State): Move[] {
  return state.nodes.flatMap(({ memory }, index) =>
    memory === null
      ? []
      : move(state, `node ${index} drops its least recently used`, (draft) => {
          at(draft.nodes, index).memory = null
        }),
  )
}

function dropMessage(_: unknown, state: State): Move[] {
  return state.nodes.flatMap(({ arriving: [message, ...later] }, index) =>
    message === undefined
      ? []
      : move(state, `message ${message.number} to node ${index} is dropped`, (draft) => {
          at(draft.nodes, index).arriving = later
        }),
  )
}

function loseSubscriptions(world: World, state: State): Move[] {
  return state.nodes.flatMap(({ subscribed }, index) =>
    subscribed === null
      ? []
      : move(state, `node ${index} loses its subscription`, (draft) => loseSubscription(world, at(draft.nodes, index))),
  )
}

function cutOff(_: unknown, state: State): Move[] {
  return state.nodes.flatMap(({ reaches }, index) =>
    reaches
      ? move(state, `node ${index} is cut off from Redis and its breaker opens`, (draft) => {
          const node = at(draft.nodes, index)
          node.reaches = false
          node.breaker = 'open'
        })
      : [],
  )
}

const comingsBack = (state: State): Move[] =>
  state.nodes.flatMap(({ reaches }, index) =>
    reaches
      ? []
      : move(state, `node ${index} reaches Redis again`, (draft) => {
          at(draft.nodes, index).reaches = true
        }),
  )

/** Between its commit and its acknowledgement. */
function crashWriter(_: unknown, state: State): Move[] {
  return state.writers.flatMap((writer, index) =>
    writer.version === null || hasCrashed(writer)
      ? []
      : move(state, `writer ${index} on node ${writer.node} crashes`, (draft) => {
          at(draft.writers, index).done = -1
        }),
  )
}

function crashRelay(_: unknown, state: State): Move[] {
  return state.relays.flatMap(({ step, node }, index) =>
    step === 'idle'
      ? []
      : move(state, `the relay on node ${node} crashes`, (draft) => abandon(at(draft.relays, index))),
  )
}

function missMark(_: unknown, state: State): Move[] {
  return state.readers.flatMap(({ step, node }, index) =>
    step !== 'asking'
      ? []
      : move(state, `reader ${index} on node ${node} is not told where the sequence stands`, (draft) => {
          at(draft.readers, index).step = 'viewed'
        }),
  )
}
