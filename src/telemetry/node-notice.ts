import type { NodeState } from '../domain/cache-report.ts'
import type { Holding } from './tally.ts'

/** What a process tells the others of itself. */
export interface NodeNotice {
  readonly state: NodeState
  /** What its memory holds, by policy. */
  readonly holdings: Readonly<Record<string, Holding>>
}

type Word = 'string' | 'number' | 'boolean' | 'null'

/** What each part of a state may be. */
const STATE: Record<keyof NodeState, readonly Word[]> = {
  id: ['string'],
  version: ['string'],
  startedAt: ['number'],
  seenAt: ['number'],
  status: ['string'],
  redis: ['string'],
  database: ['string'],
  breakerOpen: ['boolean', 'null'],
  lagMs: ['number', 'null'],
  backlog: ['number', 'null'],
  memoryBytes: ['number'],
  memoryMaxBytes: ['number'],
  memoryEntries: ['number'],
  eventLoopP99Ms: ['number'],
  requestsPerSecond: ['number'],
}

const HOLDING: Record<keyof Holding, readonly Word[]> = {
  entries: ['number'],
  bytes: ['number'],
  ageSeconds: ['number', 'null'],
}

export const writtenNotice = (notice: NodeNotice): string => JSON.stringify(notice)

/** What is in a text; null where that is something else, such as what another release says. */
export function readNotice(text: string): NodeNotice | null {
  try {
    const json: unknown = JSON.parse(text)
    return isNotice(json) ? json : null
  } catch {
    return null
  }
}

function isNotice(json: unknown): json is NodeNotice {
  if (!isRecord(json) || !isRecord(json['holdings'])) return false
  return isOf(STATE, json['state']) && Object.values(json['holdings']).every((holding) => isOf(HOLDING, holding))
}

function isOf(shape: Readonly<Record<string, readonly Word[]>>, json: unknown): boolean {
  return (
    isRecord(json) && Object.entries(shape).every(([name, words]) => words.some((word) => word === wordFor(json[name])))
  )
}

const wordFor = (value: unknown): string => (value === null ? 'null' : typeof value)

const isRecord = (json: unknown): json is Record<string, unknown> => typeof json === 'object' && json !== null

/** What all processes hold together, by policy. */
export function allHoldings(notices: readonly NodeNotice[]): ReadonlyMap<string, Holding> {
  const all = Map.groupBy(
    notices.flatMap(({ holdings }) => Object.entries(holdings)),
    ([policy]) => policy,
  )
  return new Map([...all].map(([policy, each]) => [policy, together(each.map(([, holding]) => holding))]))
}

function together(holdings: readonly Holding[]): Holding {
  const sum = (of: (holding: Holding) => number) => holdings.reduce((total, holding) => total + of(holding), 0)
  const entries = sum((each) => each.entries)
  const age = sum((each) => each.entries * (each.ageSeconds ?? 0))
  return { entries, bytes: sum((each) => each.bytes), ageSeconds: entries === 0 ? null : age / entries }
}
