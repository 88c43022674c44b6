import { openWire, type WireRequest } from '../support/wire.ts'

export interface Answer {
  /** What the server says caches had to do with it: the header `x-cache`. */
  readonly cached: string
  /** The server has sent nothing but word that what this client has is still right. */
  readonly notModified: boolean
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
  readonly extensions?: { readonly cache?: { readonly invalidation?: string } }
}

export interface Question {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly token: string
  readonly headers?: Readonly<Record<string, string>>
  /** By GET, and with the validator of what this client has; by POST when left out. */
  readonly method?: 'GET' | 'POST'
}

/** Asks over connections that stay open, as many at once as there are questions. */
export interface Client extends Disposable {
  ask(url: string, question: Question): Promise<Answer>
}

/** What a server once sent, and the strong validator that it gave it. */
interface Known {
  readonly etag: string
  readonly text: string
}

export function createClient(): Client {
  const wire = openWire()
  /** By address and token, whichever server it was: the same validator is the same answer everywhere. */
  const known = new Map<string, Known>()

  return {
    async ask(url, question) {
      const request = requestFor(question)
      const place = `${question.token} ${request.path}`
      const before = request.method === 'GET' ? known.get(place) : undefined
      const headers = { ...request.headers, ...(before && { 'if-none-match': before.etag }) }
      const { status, text, headers: answered } = await wire.send(url, { ...request, headers })
      const notModified = status === 304
      if (notModified && before?.etag !== answered.etag)
        throw new Error(`304 for ${answered.etag}, not ${before?.etag}`)
      if (!notModified && request.method === 'GET' && answered.etag) known.set(place, { etag: answered.etag, text })
      const body = notModified && before ? before.text : text
      return { ...JSON.parse(body), cached: String(answered['x-cache'] ?? 'NONE'), notModified }
    },
    [Symbol.dispose]: () => wire[Symbol.dispose](),
  }
}

function requestFor({ query, variables = {}, token, headers = {}, method = 'POST' }: Question): WireRequest {
  const authorized = { authorization: `Bearer ${token}`, ...headers }
  if (method === 'GET') {
    const path = `/graphql?${new URLSearchParams({ query, variables: JSON.stringify(variables) })}`
    return { method, path, headers: { 'apollo-require-preflight': 'true', ...authorized } }
  }
  return {
    method,
    path: '/graphql',
    headers: { 'content-type': 'application/json', ...authorized },
    body: JSON.stringify({ query, variables }),
  }
}
