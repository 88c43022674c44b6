import { createMemoryBoard } from '../../src/cache/board.ts'
import { describeBoard } from '../contracts/board.ts'

describeBoard(async () => {
  let now = 0
  return {
    board: createMemoryBoard(() => now),
    pass: async (ms) => {
      now += ms
    },
  }
})
