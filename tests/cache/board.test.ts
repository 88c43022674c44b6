import { expect, test } from 'vitest'
import { createMemoryBoard } from '../../src/cache/board.ts'
import { describeBoard } from '../contracts/board.ts'

describeBoard('memory', async () => ({
  board: createMemoryBoard(() => performance.now()),
  async [Symbol.asyncDispose]() {},
}))

test('a page stays for its time after it was written on last, and no longer', async () => {
  let now = 0
  const board = createMemoryBoard(() => now)
  const post = (author: string) => board.post(author, [{ page: 'a', text: 'x', ttlMs: 400 }])
  const authors = async () => [...((await board.read(['a']))[0]?.keys() ?? [])]
  await post('ada')
  now = 399
  await post('bob')
  now = 798
  expect(await authors()).toEqual(['ada', 'bob'])
  now = 799
  expect(await authors()).toEqual([])
  await post('eve')
  expect(await authors()).toEqual(['eve'])
})
