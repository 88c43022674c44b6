import { drop, resync } from './follower.ts'
import { announce, beginEpoch, setEntry } from './redis.ts'
import { at, type Node, type State, type Writer } from './state.ts'
import { freely, type Move, type Moves, move, type World, type Writes } from './world.ts'

/* A request that writes: a transaction, then `invalidate` of `src/cache/entity-cache.ts`, then the acknowledgement. */

type Act =
  | 'recall'
  | 'commit'
  | 'remove'
  | 'announce'
  | 'begin an epoch'
  | 'announce another'
  | 'recognise'
  | 'acknowledge'

/** What a writer does, in order. */
function actsOf(writes: Writes, has: World['has']): readonly Act[] {
  if (writes === 'another') return ['announce another']
  if (writes === 'bulk') return ['commit', has('new epoch') ? 'begin an epoch' : 'announce another', 'acknowledge']
  const invalidation: Act[] = has('removal before the announcement') ? ['remove', 'announce'] : ['announce', 'remove']
  if (writes === 'repeat') {
    return has('invalidation by a repeat')
      ? ['recognise', ...invalidation, 'acknowledge']
      : ['recognise', 'acknowledge']
  }
  if (!has('invalidation after the commit')) return [...invalidation, 'commit', 'acknowledge']
  if (!has('acknowledgement after the announcement')) return ['commit', 'remove', 'acknowledge', 'announce']
  const change: Act[] = ['commit', ...invalidation, 'acknowledge']
  return has('bypass inside a transaction') ? change : ['recall', ...change]
}

type Perform = (writer: Writer, draft: State, world: World, writes: Writes) => void

const PERFORM: Record<Act, Perform> = {
  recall(writer, draft) {
    const { entry } = draft.redis
    const stored = entry !== null && 'version' in entry ? entry.version : draft.version
    writer.believed = at(draft.nodes, writer.node).memory ?? stored
  },
  commit(writer, draft, _, writes) {
    draft.version = (writer.believed ?? draft.version) + 1
    draft.commits += 1
    if (draft.version !== draft.commits) draft.broken = `a change was lost: ${draft.commits} were committed`
    writer.believed = null
    writer.version = draft.version
    draft.outbox = [...draft.outbox, { version: draft.version, bulk: writes === 'bulk' }]
  },
  remove: (_, draft) => setEntry(draft, null),
  announce(writer, draft, world) {
    writer.announced = announce(world, draft, 'it')
  },
  'announce another': (_, draft, world) => void announce(world, draft, 'another'),
  'begin an epoch'(writer, draft, world) {
    writer.announced = beginEpoch(world, draft)
  },
  // It finds that everything is done already; its answer will acknowledge that.
  recognise(writer, draft) {
    writer.version = draft.version
  },
  acknowledge(writer, draft, world, writes) {
    const { version, announced } = writer
    const node = at(draft.nodes, writer.node)
    if (version !== null) draft.confirmed = Math.max(draft.confirmed, version)
    // A repeat knows the version, but not the row.
    if (writes !== 'repeat') draft.outbox = draft.outbox.filter((row) => row.version !== version)
    if (announced === null || !world.has('own drop')) return
    if (writes === 'bulk') resync(world, node)
    else drop(node, announced.number)
  },
}

export const writerMoves: Moves = (world, state) =>
  state.writers.flatMap((writer, index) => {
    const act = nextAct(world, state, index)
    if (act === null) return []
    const fails = isOutOfReach(state, writer, act)
    const label = `writer ${index} on node ${writer.node}: ${fails ? 'acknowledge as pending' : act}`
    const next = move(state, label, (draft) => (fails ? giveUp : perform)(world, draft, index, act))
    return [writer.done === 0 ? freely(next) : next]
  })

/** What a writer asks of Redis may be done and its answer lost: then it is pending all the same. */
export const unheard = (world: World, state: State): Move[] =>
  state.writers.flatMap((writer, index) => {
    const act = nextAct(world, state, index)
    if (act === null || !ASKS_REDIS.includes(act) || isOutOfReach(state, writer, act)) return []
    return move(state, `writer ${index} on node ${writer.node}: ${act}, and never hears the answer`, (draft) => {
      perform(world, draft, index, act)
      giveUp(world, draft, index)
    })
  })

function perform(world: World, draft: State, index: number, act: Act): void {
  const writer = at(draft.writers, index)
  const { writes } = at(world.scenario.writers, index)
  PERFORM[act](writer, draft, world, writes)
  writer.done += 1
  if (writer.done === actsOf(writes, world.has).length) rest(writer)
}

/** Committed but not confirmed: acknowledged as such, and left to a relay. */
function giveUp(world: World, draft: State, index: number): void {
  const writer = at(draft.writers, index)
  draft.pending = Math.max(draft.pending, writer.version ?? 0)
  writer.done = actsOf(at(world.scenario.writers, index).writes, world.has).length
  rest(writer)
}

/** Null when there is none, or when it has to wait. */
function nextAct({ scenario, has }: World, state: State, index: number): Act | null {
  const writer = at(state.writers, index)
  const act = actsOf(at(scenario.writers, index).writes, has)[writer.done]
  return act === undefined || isHeldUp(state, writer, act) ? null : act
}

export const hasCrashed = ({ done }: Writer): boolean => done < 0

/** Between `recall` and `commit` a transaction holds the row. */
const holdsRow = ({ believed }: Writer): boolean => believed !== null

function isHeldUp({ commits, writers }: State, writer: Writer, act: Act): boolean {
  if (act === 'recognise') return commits === 0
  if (act !== 'commit' && act !== 'recall') return false
  return writers.some((other) => other !== writer && holdsRow(other))
}

const ASKS_REDIS: readonly Act[] = ['remove', 'announce', 'announce another', 'begin an epoch']

/** Redis cannot be asked, or the connection went before its answer came. */
function isOutOfReach({ nodes, redis }: State, { node, announced }: Writer, act: Act): boolean {
  if (act === 'acknowledge') return announced !== null && announced.life !== redis.life
  return ASKS_REDIS.includes(act) && isApart(at(nodes, node))
}

const isApart = ({ reaches, breaker }: Node): boolean => !reaches || breaker !== 'closed'

/** What nobody will ask for again makes no difference between states. */
function rest(writer: Writer): void {
  writer.version = null
  writer.announced = null
}
