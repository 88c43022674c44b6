import type { Register } from './register.ts'

/** One operation as it went, in this process's milliseconds. */
export interface Operation {
  readonly node: string
  readonly what: string
  readonly begun: number
  ended: number
  /** What it brought, or why it failed. */
  outcome: string
}

/**
 * `stale`: a read brought what a promise forbade; `error`: a caller was told of trouble; `lost`: PostgreSQL does not have
 * what was acknowledged; `late`: a change without an acknowledgement took too long to be seen.
 */
export interface Violation {
  readonly kind: 'stale' | 'error' | 'lost' | 'late'
  readonly phase: string
  readonly message: string
  /** What happened around it, oldest first. */
  readonly trace: readonly string[]
}

/** What a read brought, in one of its places. */
export interface Observation {
  readonly register: Register
  readonly value: unknown
}

/** The words of the header `x-cache` that say that a server has asked its caches. */
export const USING_CACHES: ReadonlySet<string> = new Set(['HIT', 'MISS', 'COALESCED'])

/** Milliseconds of history that a violation is told with, and operations that are remembered. */
const TOLD_MS = 4_000
const REMEMBERED = 20_000
/** Violations that are kept with their traces; the rest is counted. */
const KEPT = 20

/** Remembers what was done, checks what was read, and keeps what must not have been. */
export class History {
  readonly violations: Violation[] = []
  readonly counts = {
    reads: 0,
    /** Reads that were told that nothing had changed. */
    notModified: 0,
    /** Reads that servers answered with what they had kept whole. */
    whole: 0,
    writes: 0,
    pending: 0,
    excused: 0,
    violations: 0,
    betweenCommitAndRemoval: 0,
  }
  /** Milliseconds that each change without an acknowledgement needed until every node showed it. */
  readonly repairs: number[] = []
  /** How many reads caches answered, and how many not, by the words of the header `x-cache`. */
  readonly cached = new Map<string, number>()
  /** Milliseconds that each server needed, from the end of the last fault on, to answer with its caches again. */
  readonly recovered = new Map<string, number>()
  #faultEnded = Number.POSITIVE_INFINITY
  /** Told of the first violation. */
  readonly violated = Promise.withResolvers<Violation>()
  phase = 'start'
  #operations: Operation[] = []

  /** To be called right before an operation is sent. */
  begin(node: string, what: string): Operation {
    const operation = { node, what, begun: performance.now(), ended: Number.NaN, outcome: 'in flight' }
    this.#operations.push(operation)
    if (this.#operations.length > 2 * REMEMBERED) this.#operations = this.#operations.slice(-REMEMBERED)
    return operation
  }

  end(operation: Operation, outcome: string): void {
    operation.ended = performance.now()
    operation.outcome = outcome
  }

  /** From now on servers can be expected to find back to their caches. */
  faultEnds(): void {
    this.recovered.clear()
    this.#faultEnded = performance.now()
  }

  answered({ node, begun }: Operation, cached: string): void {
    this.cached.set(cached, (this.cached.get(cached) ?? 0) + 1)
    if (begun < this.#faultEnded || !USING_CACHES.has(cached) || this.recovered.has(node)) return
    this.recovered.set(node, performance.now() - this.#faultEnded)
  }

  /** Checks what a read brought against what was acknowledged when it began. */
  check(operation: Operation, observations: readonly Observation[], floors: ReadonlyMap<Register, number>): void {
    for (const { register, value } of observations) {
      const floor = floors.get(register) ?? 0
      if (register.allows(value, floor)) continue
      const expected = `${floor} to ${register.begun}`
      this.violate(
        'stale',
        `${register.name}: expected ${expected}, read ${JSON.stringify(value)} on ${operation.node}`,
      )
    }
  }

  violate(kind: Violation['kind'], message: string): void {
    this.counts.violations += 1
    if (this.violations.length >= KEPT) return
    const violation = { kind, phase: this.phase, message, trace: this.#recent() }
    this.violations.push(violation)
    this.violated.resolve(violation)
  }

  #recent(): string[] {
    const since = performance.now() - TOLD_MS
    return this.#operations.filter(({ ended }) => !(ended < since)).map(lineOf)
  }
}

const lineOf = ({ begun, ended, node, what, outcome }: Operation): string =>
  `${begun.toFixed(1)}–${ended.toFixed(1)} ${node}: ${what} → ${outcome}`
