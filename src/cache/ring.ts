/** Something that memory keeps, and its place in the ring of all that is kept, from the oldest to the newest. */
export abstract class Kept {
  // What a hit reads stands first, so that it is in one line of the processor's cache.
  readonly value: unknown
  /** Milliseconds since memory began. A small integer stands in the object itself, a larger number somewhere else. */
  readonly expires: number
  /** It was asked for since the hand last came by. */
  used = false
  bytes: number
  /** When it was taken in, in milliseconds since the process began. */
  readonly born = Math.floor(performance.now())
  older: Kept = this
  newer: Kept = this

  constructor(value: unknown, expires: number, bytes: number) {
    this.value = value
    this.expires = expires
    this.bytes = bytes
  }

  /** Goes from wherever it is found. */
  abstract leave(): void
}

/** Where the ring ends and begins; nothing is kept in it. */
class End extends Kept {
  leave(): void {}
}

/**
 * Bounded by bytes. Lets go by SIEVE: a hand goes from the oldest to the newest and around, spares what was used since it
 * last came by and takes what was not. So a hit only sets a flag. To move what is used to the end of a map instead would
 * leave a hole in the map's chains each time, and every hit of a hot entry would walk through all of its holes.
 */
export class Ring {
  readonly maxBytes: number
  readonly #end: Kept = new End(null, 0, 0)
  #hand = this.#end
  #bytes = 0
  #evictions = 0

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  /** How many things had to go for want of room. */
  get evictions(): number {
    return this.#evictions
  }

  /** Takes the newest in; others may have to go for it. */
  keep(kept: Kept): void {
    const newest = this.#end.older
    kept.older = newest
    kept.newer = this.#end
    newest.newer = kept
    this.#end.older = kept
    this.#count(kept.bytes)
  }

  /** What is kept already has become larger; it may have to go itself. */
  grow(kept: Kept, bytes: number): void {
    kept.bytes += bytes
    this.#count(bytes)
  }

  drop(kept: Kept): void {
    if (this.#hand === kept) this.#hand = kept.newer
    kept.older.newer = kept.newer
    kept.newer.older = kept.older
    this.#bytes -= kept.bytes
    kept.leave()
  }

  /** Forgets everything; whoever finds things by other ways forgets them as well. */
  clear(): void {
    this.#end.newer = this.#end
    this.#end.older = this.#end
    this.#hand = this.#end
    this.#bytes = 0
  }

  #count(bytes: number): void {
    this.#bytes += bytes
    while (this.#bytes > this.maxBytes) this.#moveHand()
  }

  #moveHand(): void {
    const kept = this.#hand
    this.#hand = kept.newer
    if (kept === this.#end) return
    if (kept.used) kept.used = false
    else {
      this.#evictions += 1
      this.drop(kept)
    }
  }
}
