import { setTimeout as pause } from 'node:timers/promises'

/** One answer: when its question was sent, how long it took, and what the server said of its caches. */
export interface Sample {
  readonly at: number
  readonly ms: number
  readonly cache: string
  readonly place: 'cached' | 'uncached'
}

export interface Probe {
  readonly samples: readonly Sample[]
  /** Fails when any answer had errors. */
  stop(): Promise<void>
}

const QUERY =
  'query ($id: ID!) { user(id: $id) { firstName settings { timezone } stars { total } statsSummary { totalWords } } }'
const CHANGE =
  'mutation ($id: ID!, $name: String!) { updateUser(input: { id: $id, firstName: $name }) { user { id } } }'
/** Milliseconds between an answer and the next question: what is measured is waiting and not a queue. */
const REST_MS = 8
/** Every so many questions one is a change. */
const CHANGE_EVERY = 20

/** Asks two servers the same, in turn, over and over. */
export function probe(urls: Record<Sample['place'], string>, token: string, clients: number): Probe {
  const samples: Sample[] = []
  let running = true
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }

  async function ask(place: Sample['place'], body: string): Promise<void> {
    const at = performance.now()
    const response = await fetch(`${urls[place]}/graphql`, { method: 'POST', headers, body })
    const answer = await response.text()
    if (answer.includes('"errors"')) throw new Error(answer)
    const cache = response.headers.get('x-cache') ?? (answer.includes('PENDING') ? 'PENDING' : 'CONFIRMED')
    samples.push({ at, ms: performance.now() - at, cache, place })
  }

  async function client(number: number): Promise<void> {
    for (let n = 0; running; n += 1) {
      const id = String(1 + ((n * 7 + number * 31) % 200))
      const changes = n % CHANGE_EVERY === 0
      const body = JSON.stringify({
        query: changes ? CHANGE : QUERY,
        variables: { id, ...(changes && { name: `n${n}` }) },
      })
      await ask('uncached', body)
      await ask('cached', body)
      await pause(REST_MS)
    }
  }

  const working = Promise.all(Array.from({ length: clients }, (_, number) => client(number)))
  working.catch(() => {})
  return {
    samples,
    async stop() {
      running = false
      await working
    },
  }
}
