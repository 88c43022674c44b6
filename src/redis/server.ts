import type { Redis } from 'ioredis'
import { StoreUnavailable } from '../cache/shared-store.ts'
import type { Endpoint } from './address.ts'
import { lifeOf, type Memory, memoryOf } from './identity.ts'
import { Link, type Reach } from './link.ts'
import { SCRIPTS } from './scripts.ts'

/** A command as it is sent: its name, its key, and what else it takes. One that ends in `Buffer` answers in bytes. */
export type Call = readonly [name: string, ...args: (string | number | Buffer)[]]

/** One server, over one connection. */
export interface Server extends AsyncDisposable {
  readonly endpoint: Endpoint
  /** Null while it cannot be used. */
  life(): string | null
  /** What it said of its memory last; null before it has. */
  memory(): Memory | null
  /** Sends all at once; the answers in the same order, refusals as errors among them. */
  send(calls: readonly Call[]): Promise<readonly unknown[]>
  /** Asks it at once whether it is still there, as it did not answer in time. */
  doubt(): void
}

export function openServer(endpoint: Endpoint, reach: Reach, changed: () => void): Server {
  let life: string | null = null
  let memory: Memory | null = null
  const become = (next: string | null) => {
    if (next === life) return
    life = next
    changed()
  }
  const link = new Link({
    reach,
    name: 'honzik',
    where: () => endpoint,
    async beat(client) {
      try {
        const info = await client.info()
        memory = memoryOf(info)
        become(lifeOf(info))
      } catch (error) {
        become(null)
        throw error
      }
    },
    lost: () => become(null),
  })

  return {
    endpoint,
    life: () => life,
    memory: () => memory,
    doubt: () => link.doubt(),
    send: (calls) => sent(link.client, calls),
    [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
  }
}

/**
 * As many commands as are sent one by one, in the order in which they are asked for: a pipeline takes several µs to set up,
 * and leaves kilobytes to the old part of the heap.
 */
const FEW = 4

async function sent(client: Redis | null, calls: readonly Call[]): Promise<readonly unknown[]> {
  if (client === null) throw new StoreUnavailable('no connection')
  if (calls.length <= FEW) return Promise.all(calls.map((call) => alone(client, call).catch(asAnswer)))
  const answers = await client.pipeline(calls.map((call) => [...call])).exec()
  if (!answers) throw new StoreUnavailable('no connection')
  return answers.map(([error, answer]) => error ?? answer)
}

/** Scripts are methods of the client, by their names. */
async function alone(client: Redis, [name, ...args]: Call): Promise<unknown> {
  const plain = name.replace(/Buffer$/, '')
  const script: unknown = plain in SCRIPTS ? Reflect.get(client, name) : undefined
  if (typeof script === 'function') return Reflect.apply(script, client, args)
  return plain === name ? client.call(name, ...args) : client.callBuffer(plain, ...args)
}

/** A refusal is an answer too. */
const asAnswer = (error: Error): unknown => error
