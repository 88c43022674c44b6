import { STATS_WINDOWS, type StatsWindow } from '../domain/cache-report.ts'

/** A length of time that has pages of its own on the board. */
export interface Unit {
  /** What its pages begin with. */
  readonly name: string
  /** Milliseconds. */
  readonly ms: number
  /** Milliseconds that a page stays after it was written last. */
  readonly keptMs: number
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

export const MINUTES: Unit = { name: 'minute', ms: MINUTE_MS, keptMs: 2 * HOUR_MS }
export const HOURS: Unit = { name: 'hour', ms: HOUR_MS, keptMs: 8 * 24 * HOUR_MS }
/** Where processes tell how they are. */
export const PRESENCE: Unit = { name: 'nodes', ms: 30_000, keptMs: 90_000 }
/** Pages on which a process may stand that has told something in the last minute. */
export const PRESENCE_PAGES = 3

/** Which page is written at an instant, in milliseconds since 1970; later ones have higher numbers. */
export const numberAt = ({ ms }: Unit, at: number): number => Math.floor(at / ms)

export const pageOf = ({ name }: Unit, number: number): string => `${name}:${number}`

/** The page that is written at an instant, in milliseconds since 1970. */
export const pageAt = (unit: Unit, at: number): string => pageOf(unit, numberAt(unit, at))

/** When the page that is written at an instant was begun. */
export const beginningOf = (unit: Unit, at: number): number => numberAt(unit, at) * unit.ms

/** The last pages up to now, the oldest first: instants at which they began. */
export function lastOf(unit: Unit, many: number, now: number): readonly number[] {
  const last = beginningOf(unit, now)
  return Array.from({ length: many }, (_, back) => last - (many - 1 - back) * unit.ms)
}

/** Which pages a window consists of: the one that is being written, and those before it. */
export const WINDOW_PAGES: Record<StatsWindow, { readonly unit: Unit; readonly many: number }> = {
  HOUR: { unit: MINUTES, many: 60 },
  DAY: { unit: HOURS, many: 24 },
  WEEK: { unit: HOURS, many: 7 * 24 },
}

export const WINDOWS = STATS_WINDOWS.map((window) => ({ window, ...WINDOW_PAGES[window] }))
