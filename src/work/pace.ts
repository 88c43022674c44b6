import type { Sleep } from '../cache/sleep.ts'

export interface PaceOptions {
  /** Things that are done in a second at most. */
  readonly perSecond: number
  /** Milliseconds, on a clock that is never set. */
  readonly now: () => number
  /** Which part of the time since it was asked last the process was busy, from 0 to 1. */
  readonly busy: () => number
  readonly sleep: Sleep
}

/**
 * `NOW`: it spares others more than it keeps them waiting. `SOON`: it may have half of the time, whoever needs the process.
 * `LATER`: it may have what others leave.
 */
export type Urgency = 'NOW' | 'SOON' | 'LATER'

/** What has been done since the last rest. */
export interface Work {
  /** Things that were done. */
  readonly count: number
  /** Milliseconds that it took. */
  readonly tookMs: number
  readonly urgency: Urgency
}

/** Milliseconds that a timer may be late before others are taken to need the process. */
const LATE_MS = 20

/** The part of a rest in which the process may be busy before others are taken to need it. */
const BUSY = 0.8

/** How many times as long one rests at most when others need the process. */
const CAREFUL_MAX = 8

/** Milliseconds of one rest at most. */
const REST_MAX_MS = 1_000

/**
 * Keeps work that nobody waits for out of the way: unless it is wanted now, it rests at least as long as it has worked, so
 * that half of what it uses is free for others; and unless it is wanted soon, longer and longer while they need the process:
 * while it is busy without it, or its timers come late.
 */
export class Pace {
  readonly #options: PaceOptions
  #careful = 1

  constructor(options: PaceOptions) {
    this.#options = options
  }

  /** Rests after some work. */
  async rest(work: Work, signal: AbortSignal): Promise<void> {
    const { now, busy, sleep } = this.#options
    const restMs = Math.min(this.#restMs(work), REST_MAX_MS)
    const due = now() + restMs
    busy()
    await sleep(restMs, signal)
    const isNeeded = now() - due > LATE_MS || (restMs > 0 && busy() > BUSY)
    this.#careful = isNeeded ? Math.min(this.#careful * 2, CAREFUL_MAX) : Math.max(this.#careful / 2, 1)
  }

  #restMs({ count, tookMs, urgency }: Work): number {
    const untilNext = Math.max((count * 1000) / this.#options.perSecond - tookMs, 0)
    if (urgency === 'NOW') return untilNext
    const fair = Math.max(untilNext, tookMs)
    return urgency === 'SOON' ? fair : fair * this.#careful
  }
}
