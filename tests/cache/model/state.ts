/*
 * Everything that the protocol's actors know and what is between them, about one row, its entry and its tag. A draft of
 * a state is changed field by field; whatever is nested deeper is replaced, never changed, so that copies may share it.
 */

/** Where the sequence stood. */
export interface Mark {
  readonly life: number
  readonly epoch: number
  readonly number: number
}

/** What stands under the entry's key. */
export type Entry =
  | { readonly lease: number }
  | { readonly version: number; readonly life: number; readonly epoch: number }
  | null

export type Named = 'it' | 'another' | 'all'

/** An announcement on its way to a node. */
export interface Message {
  readonly number: number
  /** The one tag of the model, another one, or all of them at once. */
  readonly names: Named
}

/** A committed change of which the caches may not know yet. */
export interface Row {
  readonly version: number
  readonly bulk: boolean
}

export interface Redis {
  readonly life: number
  /** Null when the sequence has vanished. */
  readonly number: number | null
  readonly epoch: number
  readonly entry: Entry
}

export interface Node {
  /** Without one it keeps nothing and listens to nothing. */
  readonly hasMemory: boolean
  /** Whether it can talk to Redis. */
  reaches: boolean
  /** `drained` when the outbox was seen empty and the breaker is about to close. */
  breaker: 'closed' | 'open' | 'drained'
  /** The life of Redis on which its subscription hangs; null without one. It notices late when that life has ended. */
  subscribed: number | null
  arriving: readonly Message[]
  applied: Mark | null
  /** The reading of a place to begin at: on its way there, or on its way back. */
  beginning: 'asked' | Mark | null
  /** The version in memory. */
  memory: number | null
  /** What was loaded before this number is not kept: for the tag, and for everything. */
  fence: number
  fenceOfAll: number
  /** The number that messages are expected up to, until patience ends. */
  expected: number | null
}

export type ReaderStep =
  | 'idle'
  | 'asking'
  | 'viewed'
  | 'gathering'
  | 'discarding'
  | 'leasing'
  | 'loading'
  | 'answering'
  | 'filling'
  | 'waiting'
  | 'done'

export interface Reader {
  readonly node: number
  step: ReaderStep
  /** The version that was promised when it began. */
  least: number
  /** The number that its node had applied when it asked for its mark. */
  before: number | null
  mark: Mark | null
  /** The loads of its node that began after it did, one bit each. */
  since: number
  /** Whose load it waits for. */
  joined: number | null
  owns: boolean
  /** Whether what it loads may go into memory: not what was loaded past the store. */
  keeps: boolean
  version: number | null
}

export interface Writer {
  readonly node: number
  /** How many of its acts are done; -1 when its process has crashed. */
  done: number
  /** What it believes to be the present version, when it has read that from a cache. */
  believed: number | null
  version: number | null
  /** Where the sequence stood when its announcement was made. */
  announced: Mark | null
}

export interface Relay {
  readonly node: number
  step: 'idle' | 'removing' | 'announcing' | 'deleting'
  rows: readonly Row[]
}

export type Fault =
  | 'evict'
  | 'forget'
  | 'expire'
  | 'snapshot'
  | 'restart'
  | 'flush'
  | 'flush and step the clock back'
  | 'drop a message'
  | 'lose a subscription'
  | 'cut off'
  | 'crash a writer'
  | 'crash a relay'
  | 'miss a mark'
  | 'miss an answer'

export interface State {
  version: number
  /** How many changes were committed: each adds one to the version, so both are the same unless a change was lost. */
  commits: number
  outbox: readonly Row[]
  redis: Redis
  snapshot: Redis | null
  /** What a sequence begins at that begins now. */
  clock: number
  lives: number
  readonly nodes: Node[]
  readonly readers: Reader[]
  readonly writers: Writer[]
  readonly relays: Relay[]
  /** How often each fault may still happen. */
  readonly faults: Partial<Record<Fault, number>>
  /** The promise: no read that begins now may answer less. */
  confirmed: number
  /** Acknowledged as pending: kept, but not promised to be seen until it is made good. */
  pending: number
  /** The highest pending version when the outbox was last seen empty by a node that drained it. */
  drained: number
  broken: string | null
}

export const copied = (state: State): State => ({
  ...state,
  nodes: state.nodes.map((node) => ({ ...node })),
  readers: state.readers.map((reader) => ({ ...reader })),
  writers: state.writers.map((writer) => ({ ...writer })),
  relays: state.relays.map((relay) => ({ ...relay })),
})

/** The one at a place that is known to exist. */
export function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index]
  if (item === undefined) throw new RangeError(`There is no number ${index} among ${items.length}.`)
  return item
}
