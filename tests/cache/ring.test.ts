import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { Kept, Ring } from '../../src/cache/ring.ts'

/** Something that says when it leaves. */
class Thing extends Kept {
  readonly name: string
  readonly left: string[]

  constructor(name: string, bytes: number, left: string[]) {
    super(name, Number.POSITIVE_INFINITY, bytes)
    this.name = name
    this.left = left
  }

  leave(): void {
    this.left.push(this.name)
  }
}

let left: string[]

beforeEach(() => {
  left = []
})

/** A ring with one thing of 10 bytes for each letter, the oldest first. */
function ringOf(letters: string, maxBytes: number) {
  const ring = new Ring(maxBytes)
  const keep = (name: string, bytes = 10): Thing => {
    const thing = new Thing(name, bytes, left)
    ring.keep(thing)
    return thing
  }
  return { ring, keep, things: [...letters].map((name) => keep(name)) }
}

describe('what is kept', () => {
  test('goes from the oldest on, as soon as there is too much', () => {
    const { ring, keep } = ringOf('abc', 30)
    expect(left).toEqual([])
    keep('d')
    keep('e')
    expect([left, ring.bytes]).toEqual([['a', 'b'], 30])
  })

  test('stays when it was used, and goes the next time unless it was used again', () => {
    const { things, keep } = ringOf('abc', 30)
    for (const thing of things.slice(0, 2)) thing.used = true
    keep('d')
    expect(left).toEqual(['c'])
    expect(things.map(({ used }) => used)).toEqual([false, false, false])
    keep('e')
    keep('f')
    expect(left).toEqual(['c', 'd', 'e'])
  })

  test('may be the newest itself, when all others were used', () => {
    const { things, keep } = ringOf('ab', 20)
    for (const thing of things) thing.used = true
    keep('c')
    expect(left).toEqual(['c'])
  })

  test('goes at once when it has become too large for the ring', () => {
    const { ring, things } = ringOf('ab', 20)
    const [, b] = things
    if (b) ring.grow(b, 100)
    expect([left, ring.bytes]).toEqual([['a', 'b'], 0])
  })

  test('makes room when it has become smaller', () => {
    const { ring, things, keep } = ringOf('ab', 20)
    for (const thing of things) ring.grow(thing, -5)
    keep('c')
    expect([left, ring.bytes]).toEqual([[], 20])
  })

  test('makes room when it is dropped, wherever the hand is', () => {
    const { ring, things, keep } = ringOf('abcd', 40)
    keep('e')
    const [, b] = things
    if (b) ring.drop(b)
    expect(left).toEqual(['a', 'b'])
    keep('f')
    keep('g')
    expect([left, ring.bytes]).toEqual([['a', 'b', 'c'], 40])
  })
})

test('a ring that was cleared begins anew and tells nobody', () => {
  const { ring, keep } = ringOf('abc', 30)
  keep('d')
  ring.clear()
  expect([left, ring.bytes]).toEqual([['a'], 0])
  for (const name of 'efgh') keep(name)
  expect([left, ring.bytes]).toEqual([['a', 'e'], 30])
})

/** The same with a list: slow, and plain. */
class ListRing {
  readonly list: { name: string; bytes: number; used: boolean }[] = []
  readonly left: string[] = []
  /** As many as stand before the hand. */
  hand = 0

  get bytes(): number {
    return this.list.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  keep(name: string, bytes: number): void {
    const atEnd = this.hand === this.list.length
    this.list.push({ name, bytes, used: false })
    // The end is a place of its own, behind whatever comes.
    if (atEnd) this.hand += 1
    this.shrink()
  }

  drop(name: string): void {
    const index = this.list.findIndex((each) => each.name === name)
    if (index < 0) return
    this.list.splice(index, 1)
    this.left.push(name)
    if (index < this.hand) this.hand -= 1
  }

  shrink(): void {
    while (this.bytes > 100) {
      const kept = this.list[this.hand]
      if (kept === undefined) this.hand = 0
      else if (kept.used) {
        kept.used = false
        this.hand += 1
      } else this.drop(kept.name)
    }
  }
}

const step = fc.record({
  kind: fc.constantFrom('keep', 'keep', 'use', 'use', 'drop', 'grow'),
  which: fc.nat(9),
  bytes: fc.integer({ min: 1, max: 40 }),
})

test('lets the same things go in the same order as a plain list would, and counts every byte', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const gone: string[] = []
      const ring = new Ring(100)
      const things = new Map<string, Thing>()
      const list = new ListRing()
      for (const [index, { kind, which, bytes }] of steps.entries()) {
        const { name } = list.list[which] ?? { name: '' }
        const thing = things.get(name)
        const entry = list.list.find((each) => each.name === name)
        if (kind === 'keep') {
          const fresh = new Thing(`thing ${index}`, bytes, gone)
          things.set(fresh.name, fresh)
          ring.keep(fresh)
          list.keep(fresh.name, bytes)
        } else if (thing && entry && kind === 'use') thing.used = entry.used = true
        else if (thing && entry && kind === 'grow') {
          ring.grow(thing, bytes)
          entry.bytes += bytes
          list.shrink()
        } else if (thing && kind === 'drop') {
          ring.drop(thing)
          list.drop(name)
        }
        expect(gone).toEqual(list.left)
        expect(ring.bytes).toBe(list.bytes)
      }
    }),
    { numRuns: 500 },
  )
})
