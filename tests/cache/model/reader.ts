import { compare, put, trusts } from './follower.ts'
import { readMark, setEntry, versionIn } from './redis.ts'
import { forgetLoad, joinable, later, noteBeginning } from './sharing.ts'
import { at, type Mark, type Node, type Reader, type State } from './state.ts'
import { freely, idleReader, type Move, type Moves, move, type World } from './world.ts'

/* A request that reads: `src/cache/kind.ts` and `read-through.ts`. */

type ReaderMoves = (world: World, state: State, index: number) => Move[]

export const readerMoves: Moves = (world, state) => state.readers.flatMap((_, index) => movesOf(world, state, index))

export const movesOf: ReaderMoves = (world, state, index) => STEPS[at(state.readers, index).step](world, state, index)

const STEPS: Record<Reader['step'], ReaderMoves> = {
  idle: (world, state, index) => [freely(step(world, state, index, 'begins', ask))],
  asking: (world, state, index) => [
    step(world, state, index, 'reads the sequence', (reader, node, draft) => {
      reader.step = 'viewed'
      reader.mark = asks(node) ? readMark(world, draft) : null
    }),
    ...(world.has('mark read after the beginning') ? [] : sharedMarks(world, state, index)),
  ],
  viewed: (world, state, index) => look(world, state, index),
  gathering: (world, state, index) => [step(world, state, index, 'reads the store', readStore)],
  discarding: (world, state, index) => [
    step(world, state, index, 'makes room', (reader, node, draft) => {
      reader.step = 'leasing'
      if (asks(node)) setEntry(draft, null)
    }),
  ],
  leasing: (world, state, index) => [step(world, state, index, 'asks for the lease', lease)],
  loading: (world, state, index) => [
    step(world, state, index, 'reads the row', (reader, _, draft) => {
      reader.step = 'answering'
      reader.version ??= draft.version
    }),
  ],
  answering: (world, state, index) => [step(world, state, index, 'answers', answer)],
  filling: (world, state, index) => [step(world, state, index, 'fills', fill)],
  waiting: () => [],
  done: () => [],
}

/** A lease may be taken and the answer lost: then nobody fills what is leased. */
export const unheardLeases: Moves = (world, state) =>
  state.readers.flatMap(({ step: now }, index) => {
    if (now !== 'leasing') return []
    const what = 'asks for the lease and never hears the answer'
    return step(world, state, index, what, (reader, node, draft) => {
      lease(reader, node, draft, world, index)
      reader.step = 'loading'
      reader.owns = false
      reader.version = null
    })
  })

type Change = (reader: Reader, node: Node, draft: State, world: World, index: number) => void

function step(world: World, state: State, index: number, what: string, change: Change): Move {
  const { node } = at(state.readers, index)
  return move(state, `reader ${index} on node ${node} ${what}`, (draft) =>
    change(at(draft.readers, index), at(draft.nodes, node), draft, world, index),
  )
}

const asks = ({ reaches, breaker }: Node): boolean => reaches && breaker === 'closed'

const ask: Change = (reader, node, draft) => {
  reader.step = 'asking'
  reader.least = draft.confirmed
  reader.before = node.applied?.number ?? null
}

/** The marks that were read before this reader began and have not been heard of yet. */
const sharedMarks: ReaderMoves = (world, state, index) =>
  state.readers
    .filter(({ step, node }) => step === 'viewed' && node === at(state.readers, index).node)
    .map(({ mark }) =>
      step(world, state, index, 'shares an earlier mark', (reader) => {
        reader.step = 'viewed'
        reader.mark = mark
      }),
    )

/** Memory first, then a load that is under way, then a load of its own. */
const look: ReaderMoves = (world, state, index) => {
  const looked = step(world, state, index, 'looks into memory', (reader, node, draft) => {
    const { mark, before } = reader
    reader.before = null
    if (mark !== null) compare(world, node, before, mark)
    const known = mark !== null && trusts(world, node, mark) ? node.memory : null
    if (known !== null) conclude(draft, index, known)
    else reader.step = 'gathering'
  })
  const reader = at(looked.state.readers, index)
  if (reader.step === 'done') return [looked]
  const joins = joinable(world, looked.state, reader)
  return joins.length > 0 ? joins.map((load) => join(looked, index, load)) : [looked]
}

function join(looked: Move, index: number, load: number): Move {
  return move(looked.state, `${looked.label} and waits for reader ${load}`, (draft) => {
    const { node, mark } = at(draft.readers, index)
    const running = at(draft.readers, load)
    if (running.step === 'gathering') running.mark = later(running.mark, mark)
    draft.readers[index] = { ...idleReader(node), step: 'waiting', joined: load, least: at(draft.readers, index).least }
  })
}

const readStore: Change = (reader, node, draft, world, index) => {
  noteBeginning(draft, reader, index)
  reader.since = 0
  reader.step = 'loading'
  if (!world.has('load after the lease')) reader.version = draft.version
  const { mark } = reader
  if (mark === null || !asks(node) || !sameLife(world, draft, mark, 'reads bound to a life')) return
  reader.keeps = true
  const { entry } = draft.redis
  const version = versionIn(world, entry, mark)
  if (version !== null) found(reader, version)
  else if (entry === null || 'lease' in entry || !world.has('removal of the unusable')) reader.step = 'leasing'
  else reader.step = 'discarding'
}

const sameLife = ({ has }: World, { redis }: State, mark: Mark, guard: Parameters<World['has']>[0]): boolean =>
  redis.life === mark.life || !has(guard)

function found(reader: Reader, version: number): void {
  reader.step = 'answering'
  reader.version = version
}

const lease: Change = (reader, node, draft, world, index) => {
  reader.step = 'loading'
  const { mark } = reader
  if (mark === null || !asks(node) || !sameLife(world, draft, mark, 'leases bound to a life')) return
  const { entry } = draft.redis
  if (entry === null) {
    reader.owns = true
    setEntry(draft, { lease: index })
  } else {
    const version = versionIn(world, entry, mark)
    if (version !== null) found(reader, version)
  }
}

/** Memory gets it, then whoever waits; the answer does not wait for the fill. */
const answer: Change = (reader, node, draft, world, index) => {
  const { version, mark, keeps, owns } = reader
  if (version === null) throw new TypeError('There is nothing to answer yet.')
  if (keeps && mark !== null) put(world, node, version, mark)
  forgetLoad(draft, index)
  draft.readers.forEach(({ joined }, waiting) => {
    if (joined === index) conclude(draft, waiting, version)
  })
  conclude(draft, index, version)
  if (owns) draft.readers[index] = { ...idleReader(reader.node), step: 'filling', mark, version, owns }
}

/** The end of a read, as whoever asked sees it. */
function conclude(draft: State, index: number, version: number): void {
  const { node, least } = at(draft.readers, index)
  if (version < least)
    draft.broken ??= `reader ${index} answers ${version} although ${least} was promised when it began`
  draft.readers[index] = { ...idleReader(node), step: 'done' }
}

const fill: Change = ({ node: number, mark, version }, node, draft, { has }, index) => {
  const { entry } = draft.redis
  const leased = entry !== null && 'lease' in entry && entry.lease === index
  if (mark !== null && version !== null && asks(node) && (leased || !has('lease compare')))
    setEntry(draft, { version, life: mark.life, epoch: mark.epoch })
  draft.readers[index] = { ...idleReader(number), step: 'done' }
}
