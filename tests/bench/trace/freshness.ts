import type { UserId } from '../../../src/domain/ids.ts'

/** What of a learner only ever grows: the number in the first name, the messages ever sent, and the stars ever earned. */
export interface State {
  readonly name: number
  readonly messages: number
  readonly stars: number
}

const NOTHING: State = { name: 0, messages: 0, stars: 0 }

/** Remembers what has been acknowledged, and counts answers that are older than what was when their request began. */
export class Freshness {
  readonly #acknowledged: Map<UserId, State>
  readonly #renaming = new Map<UserId, Promise<void>>()
  checked = 0
  stale = 0

  constructor(initial: ReadonlyMap<UserId, State>) {
    this.#acknowledged = new Map(initial)
  }

  /** What an answer to a request that begins now has to show at least. */
  floor(learner: UserId): State {
    return this.#acknowledged.get(learner) ?? NOTHING
  }

  check(floor: State, seen: State): void {
    this.checked += 1
    if (seen.name < floor.name || seen.messages < floor.messages || seen.stars < floor.stars) this.stale += 1
  }

  /** One more message, and the stars as they were then. Two changes may be acknowledged in another order than kept. */
  practised(learner: UserId, stars: number): void {
    const before = this.floor(learner)
    const after = { messages: before.messages + 1, stars: Math.max(before.stars, stars) }
    this.#acknowledged.set(learner, { ...before, ...after })
  }

  /** Gives a learner the next number for a name. One at a time: the database would not keep the order of two at once. */
  async rename(learner: UserId, work: (number: number) => Promise<boolean>): Promise<void> {
    const before = this.#renaming.get(learner)
    const renamed = (before ?? Promise.resolve()).then(async () => {
      const number = this.floor(learner).name + 1
      if (await work(number)) this.#acknowledged.set(learner, { ...this.floor(learner), name: number })
    })
    this.#renaming.set(learner, renamed)
    await renamed
    if (this.#renaming.get(learner) === renamed) this.#renaming.delete(learner)
  }
}

export const nameOf = (number: number): string => `Žofie ${number}`

export const numberIn = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 0)
