import { createHash } from 'node:crypto'
import type { Random } from '../../live/random.ts'
import type { WireRequest } from '../../support/wire.ts'
import type { Question } from './questions.ts'

/** Ways to put one and the same question. */
export const SPELLINGS = ['POST', 'shuffled', 'spaced', 'GET', 'by hash', 'by hash, GET'] as const
export type Spelling = (typeof SPELLINGS)[number]

export const TYPES = ['application/json', 'application/graphql-response+json'] as const

/** How a question is put. */
export interface Manner {
  readonly spelling: Spelling
  readonly type: (typeof TYPES)[number]
  readonly gzip: boolean
}

/** Longer addresses are not taken everywhere. */
const ADDRESS_MAX = 6_000

/** The plainest way; what it brings is what every other way has to bring. */
export const plainly = (question: Question, type: Manner['type']): WireRequest =>
  posted(question.operation, headersOf(question, { type, gzip: false, spelling: 'POST' }))

/** Spells questions; knows which documents a server has been told by their hash. */
export class Speller {
  readonly #random: Random
  readonly #registered = new Set<string>()

  constructor(random: Random) {
    this.#random = random
  }

  manner(): Manner {
    const { next } = { next: () => this.#random.next() }
    return {
      spelling: next() < 0.4 ? 'POST' : this.#random.of(SPELLINGS),
      type: this.#random.of(TYPES),
      gzip: next() < 0.2,
    }
  }

  /** @param url of the server that is asked */
  spell(question: Question, manner: Manner, url: string): WireRequest {
    const { operation } = question
    const headers = headersOf(question, manner)
    const { query, variables, operationName } = operation
    switch (manner.spelling) {
      case 'POST':
        return posted(operation, headers)
      case 'shuffled':
        return posted(this.#shuffled({ operationName, query, variables: this.#shuffled(variables) }), headers)
      case 'spaced':
        return posted({ ...operation, query: `\n ${query}  # so\n` }, headers)
      case 'GET':
        return got({ query, variables, operationName }, headers) ?? posted(operation, headers)
      default:
        return this.#byHash(question, manner, url, headers)
    }
  }

  #byHash({ operation }: Question, { spelling }: Manner, url: string, headers: Headers): WireRequest {
    const { query, ...rest } = operation
    const sha256Hash = createHash('sha256').update(query).digest('hex')
    const extensions = { persistedQuery: { version: 1, sha256Hash } }
    const registered = `${url} ${sha256Hash}`
    if (!this.#registered.has(registered)) {
      this.#registered.add(registered)
      return posted({ ...operation, extensions }, headers)
    }
    const asked = { ...rest, extensions }
    return (spelling === 'by hash, GET' && got(asked, headers)) || posted(asked, headers)
  }

  #shuffled(properties: object): Record<string, unknown> {
    return Object.fromEntries(this.#random.shuffled(Object.entries(properties)))
  }
}

type Headers = Readonly<Record<string, string>>

const headersOf = ({ asker: { authorization } }: Question, { type, gzip }: Manner): Headers => ({
  accept: type,
  ...(authorization !== null && { authorization }),
  ...(gzip && { 'accept-encoding': 'gzip' }),
})

const posted = (body: object, headers: Headers): WireRequest => ({
  method: 'POST',
  path: '/graphql',
  headers: { ...headers, 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

/** Null when the address would be too long. */
function got(asked: object, headers: Headers): WireRequest | null {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(asked))
    if (value !== undefined) search.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  const path = `/graphql?${search}`
  if (path.length > ADDRESS_MAX) return null
  return { method: 'GET', path, headers: { ...headers, 'apollo-require-preflight': 'true' } }
}
