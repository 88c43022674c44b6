import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createL1 } from '../../src/cache/l1.ts'

/** What a shelf without a limit is to do, as plainly as it can be said. */
class Model {
  readonly kept = new Map<string, { value: string; tags: readonly string[] }>()
  readonly named = new Map<string, number>()

  put(key: string, value: string, tags: readonly string[], asOf: number): boolean {
    if (tags.some((tag) => (this.named.get(tag) ?? 0) > asOf)) return false
    this.kept.set(key, { value, tags })
    return true
  }

  invalidate(tag: string, number: number): void {
    this.named.set(tag, number)
    for (const [key, { tags }] of this.kept) if (tags.includes(tag)) this.kept.delete(key)
  }
}

const FOREVER = { bytes: 100, freshUntil: Number.POSITIVE_INFINITY, expiresAt: Number.POSITIVE_INFINITY }

const KEYS = ['k1', 'k2', 'k3']
const TAGS = ['t1', 't2', 't3', 't4']

const act = fc.record({
  kind: fc.constantFrom('put', 'put', 'invalidate', 'clear'),
  key: fc.constantFrom(...KEYS),
  tags: fc.uniqueArray(fc.constantFrom(...TAGS), { maxLength: 3 }),
  late: fc.nat(3),
})

type Act = typeof act extends fc.Arbitrary<infer Drawn> ? Drawn : never

function played(maxBytes: number, acts: readonly Act[]) {
  const l1 = createL1({ maxBytes })
  const { responses } = l1
  const model = new Model()
  acts.forEach(({ kind, key, tags, late }, number) => {
    const [tag = 't1'] = tags
    const asOf = Math.max(0, number - late)
    if (kind === 'put') {
      const put = responses.put(key, `made ${number}`, { ...FOREVER, tags, asOf })
      // Only what was begun before the last clearing may be refused besides.
      expect(put || asOf < number).toBe(true)
      if (put) expect(model.put(key, `made ${number}`, tags, asOf)).toBe(true)
    } else if (kind === 'invalidate') {
      l1.invalidate([tag], number)
      model.invalidate(tag, number)
    } else {
      l1.clear(number)
      model.kept.clear()
    }
  })
  return { l1, responses, model }
}

describe('whatever happens', () => {
  test('a shelf that is large enough finds what is right under every key, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const { l1, responses, model } = played(1_000_000, acts)
        for (const key of KEYS) {
          expect(responses.get(key, 0)?.value).toBe(model.kept.get(key)?.value)
          expect(responses.has(key)).toBe(model.kept.has(key))
        }
        expect(l1.bytes === 0).toBe(model.kept.size === 0)
        l1.invalidate(TAGS, 1_000)
        expect(l1.bytes === 0).toBe([...model.kept.values()].every(({ tags }) => tags.length > 0))
      }),
      { numRuns: 1_000 },
    )
  })

  test('a shelf that is too small finds some of it, and stays within its bytes', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const { l1, responses, model } = played(2_200, acts)
        expect(l1.bytes).toBeLessThanOrEqual(2_200)
        for (const key of KEYS) expect([undefined, model.kept.get(key)?.value]).toContain(responses.get(key, 0)?.value)
        l1.clear(1_000)
        expect(l1.bytes).toBe(0)
      }),
      { numRuns: 1_000 },
    )
  })
})
