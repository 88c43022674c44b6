import { StoreUnavailable } from '../cache/shared-store.ts'
import type { Endpoint } from './address.ts'
import { type Memory, unknownMemory } from './identity.ts'
import type { Reach } from './link.ts'
import { type Answered, inOneLife } from './one-life.ts'
import { type Call, openServer } from './server.ts'

/** One server or a cluster of them, asked as one. Both methods throw StoreUnavailable on any refusal. */
export interface Servers extends AsyncDisposable {
  /** The values of keys, in the given life or in any. */
  read(keys: readonly string[], life?: string): Promise<readonly unknown[]>
  /** Sends each call to whoever has its key; the answers are in the calls' order. */
  send(calls: readonly Call[], life?: string): Promise<Answered<readonly unknown[]>>
  /** The server that has a key; null while that is not known. */
  home(key: string): Home | null
  /** What all servers take together, as they said last. */
  memory(): Memory
}

export interface Home {
  readonly endpoint: Endpoint
  /** What this server lives. */
  readonly own: string | null
  /** What all servers live together, which is what answers are of. */
  readonly life: string | null
}

export interface ServersOptions {
  readonly reach: Reach
  /** Milliseconds that a caller waits at most. */
  readonly budgetMs: number
  /** Called when the servers have begun a life. */
  readonly born: () => void
}

export function openSingle(endpoint: Endpoint, { reach, budgetMs, born }: ServersOptions): Servers {
  const server = openServer(endpoint, reach, () => {
    if (server.life() !== null) born()
  })
  const send: Servers['send'] = (calls, life) =>
    inOneLife({ budgetMs, ...server }, life, async () => granted(await server.send(calls)))

  return {
    async read(keys, life) {
      const { answer } = await send([['mget', ...keys]], life)
      return Array.isArray(answer[0]) ? answer[0] : []
    },
    send,
    home: () => ({ endpoint, own: server.life(), life: server.life() }),
    memory: () => server.memory() ?? unknownMemory,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** The answers; one refusal refuses all. */
export function granted(answers: readonly unknown[]): readonly unknown[] {
  const refusal = answers.find((answer) => answer instanceof Error)
  if (refusal !== undefined) throw new StoreUnavailable(String(refusal))
  return answers
}

export const textOrNull = (answer: unknown): string | null => (typeof answer === 'string' ? answer : null)
