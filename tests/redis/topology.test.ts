import { expect, test } from 'vitest'
import { commonLife, parseSlots, prevailing, redirection, slotOf } from '../../src/redis/topology.ts'

const asked = { host: 'seed', port: 1 }
const view = (...masters: [id: string, from: number, to: number][]) =>
  parseSlots(
    masters.map(([id, from, to]) => [from, to, [`host-${id}`, 7000, id, []], ['replica', 7001, `${id}-replica`, []]]),
    asked,
  )

test('keys with the same tag share a slot, as Redis computes it', () => {
  // Redis' own answers to CLUSTER KEYSLOT.
  expect(['foo', 'honzik:v1:{user:42}', 'user:42', 'honzik:v1:seq', 'žluťoučký'].map(slotOf)).toEqual([
    12182, 15880, 15880, 4328, 10907,
  ])
})

test('who serves which slot is read from CLUSTER SLOTS', () => {
  const { masters, slots } = view(['a', 0, 99], ['b', 200, 16_383])
  expect([...masters]).toEqual([
    ['host-a:7000', { host: 'host-a', port: 7000 }],
    ['host-b:7000', { host: 'host-b', port: 7000 }],
  ])
  expect([0, 99, 100, 199, 200, 16_383].map((slot) => slots[slot])).toEqual([
    'host-a:7000',
    'host-a:7000',
    undefined,
    undefined,
    'host-b:7000',
    'host-b:7000',
  ])
})

test.each([null, ''])('a node that says its host is %j is where it was asked', (host) => {
  expect([...parseSlots([[0, 1, [host, 7000, 'a']]], asked).masters.keys()]).toEqual(['seed:7000'])
})

test.each([[null], [['x']], [[[0, 1]]], [[[0, 1, ['host', '7000', 'a']]]]])('%j is not taken for slots', (reply) => {
  expect(() => parseSlots(reply, asked)).toThrow('CLUSTER SLOTS')
})

test('what most nodes see prevails, whatever order they are asked in', () => {
  const stale = view(['a', 0, 16_383])
  const fresh = view(['b', 0, 16_383])
  expect(prevailing([stale, fresh, fresh])).toBe(fresh)
  expect(prevailing([fresh, stale, fresh])).toBe(fresh)
  expect(prevailing([])).toBeUndefined()
})

test('a common life is another one as soon as one life is, or one more is there; their order does not matter', () => {
  const lives = [['a', 'b'], ['a', 'c'], ['a'], ['a', 'b', 'c'], ['ab']].map(commonLife)
  expect(new Set(lives).size).toBe(lives.length)
  expect(commonLife(['b', 'a'])).toBe(lives[0])
})

test.each([
  ['MOVED 5 10.0.0.1:7000', { name: '10.0.0.1:7000', asking: false }],
  ['MOVED 5 :7000', { name: 'seed:7000', asking: false }],
  ['ASK 5 fe80::1:7000', { name: 'fe80::1:7000', asking: true }],
  ['CLUSTERDOWN Hash slot not served', undefined],
])('%s points to another node or not', (message, expected) => {
  expect(redirection(new Error(message), asked)).toEqual(expected)
  expect(redirection(message, asked)).toBeUndefined()
})
