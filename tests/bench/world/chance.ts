/** Numbers from 0 up to 1 that look random and are the same each time: mulberry32. */
export function createChance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Draws from things by Zipf's law with the exponent 1: the n-th is drawn 1/n times as often as the first. */
export function createZipf<Thing>(things: readonly Thing[], chance: () => number): () => Thing {
  let sum = 0
  const upTo = things.map((_, index) => {
    sum += 1 / (index + 1)
    return sum
  })
  return () => {
    const wanted = chance() * sum
    let low = 0
    let high = things.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((upTo[middle] ?? sum) > wanted) high = middle
      else low = middle + 1
    }
    const [drawn] = things.slice(low, low + 1)
    if (drawn === undefined) throw new RangeError('There is nothing to draw from.')
    return drawn
  }
}
