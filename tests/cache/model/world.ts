import type { Step } from './explore.ts'
import type { Guard } from './guards.ts'
import { copied, type Fault, type Node, type Reader, type State } from './state.ts'

/** Who is there and what may happen. */
export interface Scenario {
  /** Whether the version at the start is in both memories and in the store, or nowhere. */
  readonly warm: boolean
  /** Which of the two nodes keep anything in memory; both when left out. */
  readonly memories?: readonly number[]
  /** On which node each reader reads once. */
  readonly readers: readonly number[]
  readonly writers: readonly { readonly node: number; readonly writes: Writes }[]
  /** On which nodes a relay runs. */
  readonly relays?: readonly number[]
  /** How often each fault may happen at most. */
  readonly faults?: Partial<Record<Fault, number>>
}

/**
 * `repeat` is a request that finds its change made already, by whichever process got it before; `another` is a change
 * of something else, which only moves the sequence on.
 */
export type Writes = 'change' | 'bulk' | 'repeat' | 'another'

/** A scenario with the guards that hold in it. */
export interface World {
  readonly scenario: Scenario
  has(guard: Guard): boolean
}

export interface Move extends Step<State> {
  /** Whether it may also never happen: faults, and the beginnings of requests. */
  readonly free: boolean
}

/** What a node, an actor or a fault may do next. */
export type Moves = (world: World, state: State) => Move[]

export function move(state: State, label: string, change: (draft: State) => void): Move {
  const draft = copied(state)
  change(draft)
  return { label, state: draft, free: false }
}

export const freely = (moved: Move): Move => ({ ...moved, free: true })

/** Where the sequence begins, and the epoch with it; far enough from where a clock would begin it anew. */
export const START = 1_000
export const NEVER = 0
const FIRST_LIFE = 1

export const idleReader = (node: number): Reader => ({
  node,
  step: 'idle',
  least: 0,
  before: null,
  mark: null,
  since: 0,
  joined: null,
  owns: false,
  keeps: false,
  version: null,
})

export function beginningOf({ scenario, has }: World): State {
  const { warm, memories = [0, 1], readers, writers, relays = [], faults = {} } = scenario
  return {
    version: 0,
    commits: 0,
    outbox: [],
    redis: {
      life: FIRST_LIFE,
      number: START,
      epoch: START,
      entry: warm ? { version: 0, life: FIRST_LIFE, epoch: START } : null,
    },
    snapshot: null,
    clock: 2 * START,
    lives: FIRST_LIFE,
    nodes: [0, 1].map((node) => startedNode(memories.includes(node), warm)),
    readers: readers.map(idleReader),
    writers: writers.map(({ node }) => ({ node, done: 0, believed: null, version: null, announced: null })),
    relays: has('relay') ? relays.map((node) => ({ node, step: 'idle', rows: [] })) : [],
    faults,
    confirmed: 0,
    pending: 0,
    drained: 0,
    broken: null,
  }
}

const startedNode = (hasMemory: boolean, warm: boolean): Node => ({
  hasMemory,
  reaches: true,
  breaker: 'closed',
  subscribed: hasMemory ? FIRST_LIFE : null,
  arriving: [],
  applied: hasMemory ? { life: FIRST_LIFE, epoch: START, number: START } : null,
  beginning: null,
  memory: hasMemory && warm ? 0 : null,
  fence: NEVER,
  fenceOfAll: START,
  expected: null,
})
