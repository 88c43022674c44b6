import type { MemoQuestion } from './memo.ts'
import type { Tag } from './shared-store.ts'

/** Somebody who waits, and what they know. */
export interface Caller<Value> {
  readonly question: MemoQuestion<Value>
  /** What stood in the place when they looked. */
  readonly saw: string | null
  /** Has heard pieces of an attempt that failed, and must hear no others. */
  readonly deaf: boolean
}

/** What a flight ends in for one of its callers. */
export type Landing<Value> =
  | {
      readonly kind: 'value'
      readonly value: Value
      readonly computedAt: number
      readonly from: 'STORED' | 'COMPUTED' | 'JOINED'
      readonly tier: 'L1' | 'L2'
    }
  | { readonly kind: 'failed'; readonly error: unknown }
  /** They have to try for themselves. */
  | { readonly kind: 'again'; readonly deaf: boolean }

interface Seat<Value> {
  readonly caller: Caller<Value>
  /** What stood in the place when it was last looked at for this caller. */
  saw: string | null
  readonly resolve: (landing: Landing<Value>) => void
  readonly leave: () => void
}

/** One attempt to get a value, for all callers in this process who want it. It is given up when the last of them leaves. */
export class Flight<Value> {
  readonly tag: Tag
  readonly fingerprint: string
  readonly #seats = new Set<Seat<Value>>()
  readonly #giveUp = new AbortController()
  /** All pieces so far. */
  #told = ''

  constructor({ tag, fingerprint }: Pick<MemoQuestion<Value>, 'tag' | 'fingerprint'>) {
    this.tag = tag
    this.fingerprint = fingerprint
  }

  /** Aborted when nobody waits any more. */
  get signal(): AbortSignal {
    return this.#giveUp.signal
  }

  /** The one who has waited longest; undefined when nobody waits any more. */
  get first(): Caller<Value> | undefined {
    for (const { caller } of this.#seats) return caller
    return undefined
  }

  /** Waits for the landing. @throws the reason of the caller's signal, which must not be aborted yet */
  join(caller: Caller<Value>): Promise<Landing<Value>> {
    const { signal } = caller.question
    const { promise, resolve, reject } = Promise.withResolvers<Landing<Value>>()
    const seat: Seat<Value> = {
      caller,
      saw: caller.saw,
      resolve,
      leave: () => {
        this.#seats.delete(seat)
        reject(signal.reason)
        if (this.#seats.size === 0) this.#giveUp.abort(signal.reason)
      },
    }
    signal.addEventListener('abort', seat.leave)
    this.#seats.add(seat)
    if (this.#told !== '') hear(caller, this.#told)
    return promise
  }

  /** Tells everyone who waits a piece of what is to come. */
  readonly tell = (piece: string): void => {
    this.#told += piece
    for (const { caller } of this.#seats) hear(caller, piece)
  }

  /** Somebody's lease is waited for: everyone who is here by now has come before it ended. */
  readonly awaits = (lease: string): void => {
    for (const seat of this.#seats) seat.saw = lease
  }

  /** Ends it for everyone who waits. */
  land(landingOf: (caller: Caller<Value>, saw: string | null) => Landing<Value>): void {
    for (const { caller, saw, resolve, leave } of this.#seats) {
      caller.question.signal.removeEventListener('abort', leave)
      resolve(landingOf(caller, saw))
    }
    this.#seats.clear()
  }

  /** Sends a caller to try for themselves. */
  again({ deaf }: Caller<Value>): Landing<Value> {
    return { kind: 'again', deaf: deaf || this.#told !== '' }
  }
}

function hear<Value>({ question, deaf }: Caller<Value>, piece: string): void {
  if (deaf) return
  try {
    question.onProgress?.(piece)
  } catch {
    // One who cannot listen gets the whole value all the same, and so does everyone else.
  }
}

type Aim = Pick<Flight<unknown>, 'tag' | 'fingerprint'>

const nameOf = ({ tag, fingerprint }: Aim): string => `${tag} ${fingerprint}`

/** The latest flights, one for each thing that is asked. */
export class Flights<Value> {
  readonly #open = new Map<string, Flight<Value>>()

  /** The one to be joined: not one that all have left, as what becomes of that is not known. */
  find(aim: Aim): Flight<Value> | undefined {
    const flight = this.#open.get(nameOf(aim))
    return flight?.signal.aborted ? undefined : flight
  }

  /** Whoever comes from now on joins this one, and no earlier one for the same. */
  open(flight: Flight<Value>): void {
    this.#open.set(nameOf(flight), flight)
  }

  isOpen(flight: Flight<Value>): boolean {
    return this.#open.get(nameOf(flight)) === flight
  }

  /** Nobody joins it any more. */
  close(flight: Flight<Value>): void {
    if (this.isOpen(flight)) this.#open.delete(nameOf(flight))
  }

  /** Whoever comes after an invalidation joins nobody who was there before it; null: it may have been of anything. */
  closeAll(tags: readonly Tag[] | null): void {
    for (const flight of this.#open.values()) if (tags?.includes(flight.tag) ?? true) this.close(flight)
  }
}
