import { Agent, type IncomingMessage, request } from 'node:http'

export interface Answer {
  /** What the server says caches had to do with it: the header `x-cache`. */
  readonly cached: string
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
  readonly extensions?: { readonly cache?: { readonly invalidation?: string } }
}

export interface Question {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly token: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Asks over connections that stay open, as many at once as there are questions. */
export interface Client extends Disposable {
  ask(url: string, question: Question): Promise<Answer>
}

/** Longer than the server lets any request take: giving up first would leave the outcome open. */
const TIMEOUT_MS = 15_000

export function createClient(): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  return {
    async ask(url, { query, variables = {}, token, headers = {} }) {
      const body = JSON.stringify({ query, variables })
      const options = {
        agent,
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
        timeout: TIMEOUT_MS,
      }
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const sent = request(`${url}/graphql`, options, resolve)
        sent.once('timeout', () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)))
        sent.once('error', reject)
        sent.end(body)
      })
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      const cached = String(response.headers['x-cache'] ?? 'NONE')
      return { ...JSON.parse(Buffer.concat(chunks).toString()), cached }
    },
    [Symbol.dispose]: () => agent.destroy(),
  }
}
