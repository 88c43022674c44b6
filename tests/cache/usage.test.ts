import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createL1 } from '../../src/cache/l1.ts'
import { ageOf, noUsage, together } from '../../src/cache/usage.ts'

const LATER = 1_000_000

const putInto = (maxBytes: number) => {
  const l1 = createL1({ maxBytes })
  const shelves = { user: l1.shelf<number, string>('user'), stars: l1.shelf<number, string>('stars') }
  const put = (kind: keyof typeof shelves, id: number, bytes = 100) =>
    shelves[kind].put(id, `${kind}:${id}`, 'x', { asOf: 0, bytes, expiresAt: LATER })
  const respond = (key: string, tags: readonly string[]) =>
    l1.responses.put(key, 'x', { asOf: 0, tags, bytes: 100, freshUntil: LATER, expiresAt: LATER })
  return { l1, put, respond, shelves }
}

const told = (l1: ReturnType<typeof createL1>) =>
  Object.fromEntries(l1.usage().kinds.map(({ name, entries }) => [name, entries]))

describe('what memory holds', () => {
  test('is told by kind', () => {
    const { l1, put, respond } = putInto(100_000)
    put('user', 1)
    put('user', 2)
    put('stars', 1)
    respond('r', ['user:1'])
    expect(told(l1)).toEqual({ user: 2, stars: 1, response: 1 })
    expect(l1.usage().kinds.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(l1.bytes)
  })

  test('is told of shelves with one name together', () => {
    const l1 = createL1({ maxBytes: 10_000 })
    for (const id of [1, 2])
      l1.shelf<number, string>('same').put(id, `t:${id}`, 'x', { asOf: 0, bytes: 1, expiresAt: LATER })
    expect(told(l1)).toMatchObject({ same: 2 })
  })

  test('follows what is replaced, grows, expires, changes and is emptied', () => {
    const { l1, put, respond, shelves } = putInto(100_000)
    put('user', 1, 100)
    put('user', 1, 300)
    respond('r', ['user:1', 'user:2'])
    l1.responses.grow('r', 'x', 50)
    const sum = () => l1.usage().kinds.reduce((all, { bytes }) => all + bytes, 0)
    expect([told(l1)['user'], sum()]).toEqual([1, l1.bytes])
    expect(shelves.user.get(1, LATER)).toBeUndefined()
    expect([told(l1)['user'], sum()]).toEqual([0, l1.bytes])
    l1.invalidate(['user:2'], 1)
    expect([told(l1), l1.usage().overtaken, l1.bytes]).toEqual([{ user: 0, stars: 0, response: 0 }, 1, 0])
    put('stars', 1)
    l1.clear(0)
    expect([told(l1)['stars'], sum()]).toEqual([0, 0])
  })

  test('what goes for want of room is counted, and nothing else', () => {
    const { l1, put } = putInto(1_000)
    for (const id of [1, 2, 3]) put('user', id)
    expect(l1.usage().evictions).toBe(0)
    put('user', 4)
    expect([l1.usage().evictions, told(l1)['user']]).toEqual([1, 3])
    l1.invalidate(['user:4'], 1)
    expect(l1.usage().evictions).toBe(1)
  })

  test('always adds up to what memory takes', () => {
    const step = fc.oneof(
      fc.record({ put: fc.constantFrom('user' as const, 'stars' as const), id: fc.nat(9), bytes: fc.nat(500) }),
      fc.record({ respond: fc.nat(5), tags: fc.array(fc.nat(9), { maxLength: 4 }) }),
      fc.record({ forget: fc.nat(9) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { l1, put, respond } = putInto(4_000)
        let number = 0
        for (const each of steps) {
          if ('put' in each) put(each.put, each.id, each.bytes)
          else if ('respond' in each)
            respond(
              `r${each.respond}`,
              each.tags.map((id) => `user:${id}`),
            )
          else l1.invalidate([`user:${each.forget}`], number++)
        }
        const { kinds } = l1.usage()
        expect(kinds.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(l1.bytes)
        expect(kinds.find(({ name }) => name === 'user')?.entries ?? 0).toBeLessThanOrEqual(10)
        expect(kinds.every(({ entries, bytes, born }) => (entries === 0 ? bytes === 0 && born === 0 : bytes > 0))).toBe(
          true,
        )
      }),
    )
  })
})

test('the age of what there is is the mean of the ages', () => {
  const now = performance.now()
  const age = ageOf({ name: 'x', entries: 2, bytes: 0, born: now - 1_000 + (now - 3_000) })
  expect(age).toBeGreaterThanOrEqual(2_000)
  expect(age).toBeLessThan(2_500)
  expect(ageOf(noUsage('x'))).toBeNull()
})

test('two memories are told as one', () => {
  const one = putInto(5_000)
  const other = putInto(7_000)
  one.put('user', 1)
  other.put('user', 2)
  const both = together(one.l1.usage(), other.l1.usage())
  expect(both).toMatchObject({ maxBytes: 12_000, bytes: one.l1.bytes + other.l1.bytes })
  expect(both.kinds.find(({ name }) => name === 'user')?.entries).toBe(2)
})
