import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Heat } from '../../src/cache/heat.ts'

/** Looks at every read. */
const everyRead = (most = 500) => new Heat({ random: () => 0, most })

const noted = (heat: Heat, ...tags: readonly string[]) => {
  for (const tag of tags) if (heat.due()) heat.note(tag)
  return heat
}

test('what is read most comes first, with its part of all reads', () => {
  const heat = noted(everyRead(), 'a', 'b', 'b', 'b')
  expect(heat.top(10)).toEqual([
    { tag: 'b', share: 0.75 },
    { tag: 'a', share: 0.25 },
  ])
  expect(heat.top(1)).toHaveLength(1)
})

test('nothing is told before something was read', () => {
  expect(everyRead().top(10)).toEqual([])
})

test('one of so many reads is looked at, at no fixed distance', () => {
  let random = 0
  const heat = new Heat({ random: () => random, every: 64 })
  const distances: number[] = []
  for (const next of [0, 0.5, 0.999]) {
    let distance = 1
    random = next
    while (!heat.due()) distance += 1
    distances.push(distance)
  }
  // The distance to a sample was drawn at the one before.
  let last = 1
  while (!heat.due()) last += 1
  expect([...distances, last]).toEqual([1, 1, 64, 127])
})

test('what is read often is found, however much else is read once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 50 }), fc.integer({ min: 2, max: 3_000 }), (most, others) => {
      const heat = everyRead(most)
      for (let at = 0; at < others; at += 1) noted(heat, `once ${at}`, 'often')
      expect(heat.top(1)[0]?.tag).toBe('often')
      expect(heat.top(1_000).length).toBeLessThanOrEqual(most)
    }),
    { numRuns: 20 },
  )
})

test('what was read long ago counts less than what is read now', () => {
  const heat = everyRead()
  for (let at = 0; at < 10_000; at += 1) noted(heat, 'then')
  for (let at = 0; at < 10_000; at += 1) noted(heat, 'now')
  expect(heat.top(1)[0]?.tag).toBe('now')
})

test('of many things that are read at once a few are noted, for all of them', () => {
  let random = 0
  const heat = new Heat({ random: () => random })
  const tags = Array.from({ length: 100 }, (_, id) => `user:${id}`)
  heat.noteAll(tags)
  expect(heat.top(500)).toEqual(['user:0', 'user:25', 'user:50', 'user:75'].map((tag) => ({ tag, share: 0.25 })))
  random = 0.999
  heat.noteAll(['a', 'b'])
  expect(heat.top(500).reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1)
  expect(heat.top(500).filter(({ tag }) => tag === 'a' || tag === 'b')).toHaveLength(2)
  heat.noteAll([])
  expect(heat.top(500)).toHaveLength(6)
})
