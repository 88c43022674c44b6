import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepOpen } from '../../src/http/keep-open.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const answerWith = (state: { destroyed?: boolean; writableLength?: number } = {}) => {
  const written: string[] = []
  return { destroyed: false, writableLength: 0, ...state, written, write: (text: string) => written.push(text) }
}

test('an answer in which nothing happens is written to several times a minute, with what nobody is told of', () => {
  const answer = answerWith()
  using _ = keepOpen(answer)
  vi.advanceTimersByTime(60_000)
  expect(answer.written).toEqual([':\n\n', ':\n\n', ':\n\n', ':\n\n'])
})

test.each([
  ['whose reader has gone', { destroyed: true }],
  ['whose reader has not taken what is there', { writableLength: 5 }],
])('nothing is written to an answer %s', (_, state) => {
  const answer = answerWith(state)
  using __ = keepOpen(answer)
  vi.advanceTimersByTime(60_000)
  expect(answer.written).toEqual([])
})

test('nothing is written once it is over', () => {
  const answer = answerWith()
  keepOpen(answer)[Symbol.dispose]()
  vi.advanceTimersByTime(60_000)
  expect(answer.written).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})
