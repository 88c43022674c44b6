import { createHash } from 'node:crypto'
import { Command } from 'ioredis'
import { type Endpoint, nameOf } from './address.ts'

/** Who serves which keys of a cluster, as one of its nodes sees it. */
export interface Topology {
  /** The masters by the names of their endpoints. */
  readonly masters: ReadonlyMap<string, Endpoint>
  /** The name of the master that serves each slot; undefined where none does. */
  readonly slots: readonly (string | undefined)[]
  /** Nodes that see the same say the same here. */
  readonly signature: string
}

const SLOTS = 16_384

/** The slot that a key belongs to, as the driver computes it. */
export const slotOf = (key: string): number => new Command('get', [key]).getSlot()

interface Range {
  readonly from: number
  readonly to: number
  readonly id: string
  readonly endpoint: Endpoint
}

/** Reads an answer to CLUSTER SLOTS; a node that does not know its own host is where it was asked. */
export function parseSlots(reply: unknown, asked: Endpoint): Topology {
  if (!Array.isArray(reply)) throw new Error('CLUSTER SLOTS was not answered with a list')
  const ranges = reply.map((entry: unknown) => parseRange(entry, asked))
  const slots: (string | undefined)[] = new Array(SLOTS).fill(undefined)
  for (const { from, to, endpoint } of ranges) slots.fill(nameOf(endpoint), from, to + 1)
  return {
    masters: new Map(ranges.map(({ endpoint }) => [nameOf(endpoint), endpoint])),
    slots,
    signature: ranges.map(({ from, to, id }) => `${from}-${to} ${id}`).join('\n'),
  }
}

function parseRange(entry: unknown, asked: Endpoint): Range {
  const [from, to, master]: unknown[] = Array.isArray(entry) ? entry : []
  const [host, port, id]: unknown[] = Array.isArray(master) ? master : []
  if (typeof from !== 'number' || typeof to !== 'number' || typeof port !== 'number' || typeof id !== 'string') {
    throw new Error('CLUSTER SLOTS was answered with something else than ranges')
  }
  return { from, to, id, endpoint: { host: typeof host === 'string' && host !== '' ? host : asked.host, port } }
}

/** What most nodes see: one that was away for a while may not know yet what changed meanwhile. */
export function prevailing(views: readonly Topology[]): Topology | undefined {
  const votes = ({ signature }: Topology) => views.filter((view) => view.signature === signature).length
  return views.toSorted((a, b) => votes(b) - votes(a))[0]
}

/** One life for several servers: another one as soon as one of them lives another, or another one belongs to them. */
export function commonLife(lives: readonly string[]): string {
  return createHash('sha256').update(lives.toSorted().join('\n')).digest('base64url').slice(0, 22)
}

export interface Redirection {
  readonly name: string
  /** For this once: the slot is on its way there, and has not arrived. */
  readonly asking: boolean
}

/** Where a refusal points to; undefined for any other answer. It tells that nothing was done. */
export function redirection(answer: unknown, { host }: Endpoint): Redirection | undefined {
  const parts = answer instanceof Error ? /^(MOVED|ASK) \d+ (.*):(\d+)$/.exec(answer.message) : null
  if (parts === null) return undefined
  return { name: nameOf({ host: parts[2] || host, port: Number(parts[3]) }), asking: parts[1] === 'ASK' }
}
