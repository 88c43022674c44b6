import type { Tag } from './shared-store.ts'

export interface HeatOptions {
  /** From 0 up to 1. */
  readonly random: () => number
  /** Of so many reads, one is looked at; 64 when left out. */
  readonly every?: number
  /** As many tags as are told apart; 500 when left out. */
  readonly most?: number
}

/** Something that is read often. */
export interface Hot {
  readonly tag: Tag
  /** Its part of all reads that were looked at, from 0 to 1. */
  readonly share: number
}

/** Of things that were read together, as many as are noted. */
const NOTED_AT_ONCE = 4

/** After so many samples the older ones count half. */
const HALVED_AT = 8_192

/**
 * Knows what is read most, by samples: to count each read would cost as much as the read. Of what is not among the most
 * read it keeps the place of the least read, with its count, so that nothing that is read often is missed (Metwally and
 * others, Space-Saving, 2005).
 */
export class Heat {
  readonly #random: () => number
  readonly #every: number
  readonly #most: number
  #counts = new Map<Tag, number>()
  #noted = 0
  /** Reads that go by until the next sample. */
  #left = 0

  constructor({ random, every = 64, most = 500 }: HeatOptions) {
    this.#random = random
    this.#every = every
    this.#most = most
  }

  /** Whether this read is one to be noted. */
  due(): boolean {
    this.#left -= 1
    if (this.#left > 0) return false
    // At no fixed distance: reads that come in turns would be sampled at always the same turn.
    this.#left = 1 + Math.floor(this.#random() * (2 * this.#every - 1))
    return true
  }

  /** Something that was read once, or stands for so many that were. */
  note(tag: Tag, times = 1): void {
    const before = this.#counts.get(tag) ?? (this.#counts.size < this.#most ? 0 : this.#makeRoom())
    this.#counts.set(tag, before + times)
    this.#noted += times
    if (this.#noted >= HALVED_AT) this.#halve()
  }

  /** All of these were read at once: a few are noted for all, as there may be hundreds. */
  noteAll(tags: readonly Tag[]): void {
    const few = Math.min(tags.length, NOTED_AT_ONCE)
    const first = Math.floor(this.#random() * tags.length)
    for (let each = 0; each < few; each += 1) {
      const tag = tags[(first + Math.floor((each * tags.length) / few)) % tags.length]
      if (tag !== undefined) this.note(tag, tags.length / few)
    }
  }

  /** What is read most, the hottest first. */
  top(most: number): readonly Hot[] {
    const hottest = [...this.#counts].sort(([, a], [, b]) => b - a).slice(0, most)
    return hottest.map(([tag, count]) => ({ tag, share: count / this.#noted }))
  }

  #makeRoom(): number {
    let [coldest, least] = ['', Number.POSITIVE_INFINITY]
    for (const [tag, count] of this.#counts) if (count < least) [coldest, least] = [tag, count]
    this.#counts.delete(coldest)
    return least
  }

  #halve(): void {
    this.#noted /= 2
    const halves = [...this.#counts].map(([tag, count]): [Tag, number] => [tag, count / 2])
    this.#counts = new Map(halves.filter(([, count]) => count >= 1))
  }
}
