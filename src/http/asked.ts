import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import canonicalize from 'canonicalize'
import { given, type Variables } from '../graphql/prepared-query.ts'
import { saysTooLarge } from './body.ts'

/** What a request asks, if it is asked as everybody asks. */
export interface Asked {
  readonly query: string
  readonly operationName: string | null
  readonly variables: Variables
}

/** Texts of documents by their SHA-256, as clients have registered them; undefined for one that nobody has. */
export type PersistedTexts = (sha256: string) => string | undefined

/** The parameters in a body; null when they are not what they should be, which others explain better. */
export function askedInBody(body: Buffer, persisted: PersistedTexts): Asked | null {
  try {
    return askedIn(JSON.parse(body.toString()), persisted)
  } catch {
    return null
  }
}

/** The parameters in an address. */
export function askedInUrl(url: string, persisted: PersistedTexts): Asked | null {
  const search = new URLSearchParams(url.slice(url.indexOf('?') + 1))
  const names = [...search.keys()]
  if (new Set(names).size < names.length) return null
  try {
    const [variables, extensions] = [recordIn(search, 'variables'), recordIn(search, 'extensions')]
    return askedIn(
      { query: search.get('query'), operationName: search.get('operationName'), variables, extensions },
      persisted,
    )
  } catch {
    return null
  }
}

/** @throws for what is there and no record: `null` neither, in an address */
function recordIn(search: URLSearchParams, name: string): Record<string, unknown> | undefined {
  const text = search.get(name)
  if (text === null) return undefined
  const value: unknown = JSON.parse(text)
  if (!isRecord(value)) throw new TypeError('not a record')
  return value
}

function askedIn(parameters: unknown, persisted: PersistedTexts): Asked | null {
  if (!isRecord(parameters)) return null
  const { query: text, operationName = null, variables = {}, extensions } = parameters
  const query = extensions == null ? text : queryIn(text, extensions, persisted)
  if (typeof query !== 'string' || !(operationName === null || typeof operationName === 'string')) return null
  if (variables !== null && !isRecord(variables)) return null
  return { query, operationName, variables: variables ?? {} }
}

/** A text together with its hash is to be registered, which is for others. */
function queryIn(text: unknown, extensions: unknown, persisted: PersistedTexts): unknown {
  if (!isRecord(extensions)) return null
  const { persistedQuery } = extensions
  if (persistedQuery == null) return text
  if (!isRecord(persistedQuery) || text != null || persistedQuery['version'] !== 1) return null
  const { sha256Hash } = persistedQuery
  return typeof sha256Hash === 'string' ? persisted(sha256Hash) : null
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The variables in one spelling (RFC 8785), without those that nobody reads; null for what has none, such as numbers that
 * are not finite and halves of characters.
 */
export function variablesText(names: readonly string[], variables: Variables): string | null {
  if (names.length === 0) return ''
  try {
    const text = canonicalize(names.map((name) => given(variables, name))) ?? ''
    return text.length > LONG ? hash('sha256', text) : text
  } catch {
    return null
  }
}

/** Longer texts are not kept in memory for the sake of a key. */
const LONG = 256

const JSON_TYPE = /^application\/json\s*(?:;|$)/i

/**
 * Whether a request may be one that is answered past the framework. Events, other content types, encodings and methods
 * are not, nor what a browser could be tricked into sending, nor who wants to know what lies beneath whole answers.
 * @param bodyMax bytes of a body at most
 */
export function isPlain(request: IncomingMessage, bodyMax: number): boolean {
  const { method, url = '', headers } = request
  if (headers.accept?.includes('text/event-stream') || headers['x-cache-debug'] !== undefined) return false
  const type = headers['content-type']
  const isJson = type === 'application/json' || (type !== undefined && JSON_TYPE.test(type))
  if (method === 'GET') return url.startsWith('/graphql?') && hasPreflight(headers) && (isJson || type === undefined)
  return (
    method === 'POST' &&
    url === '/graphql' &&
    isJson &&
    headers['content-encoding'] === undefined &&
    !saysTooLarge(request, bodyMax)
  )
}

/** Browsers send these to another origin only after asking whether they may. */
const hasPreflight = (headers: IncomingMessage['headers']): boolean =>
  Boolean(headers['apollo-require-preflight'] || headers['x-apollo-operation-name'])
