import type { Board } from '../cache/board.ts'
import type { Call } from './server.ts'
import type { Servers } from './servers.ts'

/** A board whose pages are hashes, a field for each author. */
export function createRedisBoard(servers: Servers, namespace: string): Board {
  const keyOf = (page: string): string => `${namespace}:v1:board:${page}`
  return {
    async post(author, notices) {
      const calls = notices.flatMap(({ page, text, ttlMs }): Call[] => [
        ['hset', keyOf(page), author, text],
        ['pexpire', keyOf(page), ttlMs],
      ])
      if (calls.length === 0) return []
      const { answer } = await servers.send(calls)
      // How many fields were added, and whether the time was set.
      return notices.flatMap(({ page }, index) => (answer[2 * index] === 1 ? [page] : []))
    },
    async read(pages) {
      if (pages.length === 0) return []
      const { answer } = await servers.send(pages.map((page) => ['hgetall', keyOf(page)]))
      return answer.map(textsIn)
    },
  }
}

/** The driver makes an object of a hash. */
function textsIn(answer: unknown): ReadonlyMap<string, string> {
  if (typeof answer !== 'object' || answer === null) return new Map()
  return new Map(Object.entries(answer).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
