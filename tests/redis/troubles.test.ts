import { expect, test } from 'vitest'
import { saying, Troubles } from '../../src/redis/troubles.ts'

test('the same trouble is told once in ten seconds, and again once all was well in between', () => {
  const told: string[] = []
  let now = 0
  const troubles = new Troubles(
    ({ message }) => told.push(message),
    () => now,
  )
  const at = (ms: number, message: string) => {
    now = ms
    troubles.tell(message)
  }
  at(0, 'gone')
  at(9_999, 'gone')
  at(9_999, 'slow')
  expect(told).toEqual(['gone', 'slow'])
  at(10_000, 'gone')
  expect(told).toEqual(['gone', 'slow', 'gone'])
  troubles.over()
  at(10_001, 'gone')
  expect(told).toEqual(['gone', 'slow', 'gone', 'gone'])
})

test('an error says something even where it has no message', () => {
  const nowhere = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })
  expect([saying(new Error('NOAUTH')), saying(nowhere), saying(new TypeError()), saying('why')]).toEqual([
    'NOAUTH',
    'ECONNREFUSED',
    'TypeError',
    'why',
  ])
})
