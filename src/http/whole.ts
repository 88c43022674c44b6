import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { CacheStatus } from '../graphql/notes.ts'
import { type AnswerType, acceptsGzip, encodingsOf, GZIP_FROM, gzipped } from './negotiation.ts'

/** The whole answer to a query, as it is sent. */
export interface Whole {
  /** The operation's name, for the log. */
  readonly operation: string | null
  readonly scope: 'PRIVATE' | 'PUBLIC'
  /**
   * Its octets, each as one character. As `latin1` they go out in one piece together with the headers, which is cheaper
   * than a buffer beside them.
   */
  readonly octets: string
  /** Of the content, in quotes; null for an answer that nobody may keep, such as one with errors. */
  readonly etag: string | null
  /** Milliseconds since 1970. */
  readonly madeAt: number
  /** The codes of its errors, each once. */
  readonly codes: readonly string[]
  /** The code of what lay behind a service that was not available, for the log. */
  readonly cause: string | undefined
  /** Where it came from when it was made. */
  readonly status: CacheStatus
  /** The same compressed, once somebody has wanted it so; a promise while that is under way. */
  gzip: string | Promise<string> | null
}

/** How one request is answered. */
export interface Reply {
  readonly status: 200 | 304
  /** Names and values in turns. */
  readonly headers: readonly string[]
  /** Octets as characters. */
  readonly body: string | null
}

/** What every answer depends on: who asks, from where, and what they can read. */
export const VARY = 'Accept, Accept-Encoding, Authorization, Origin'

/** A strong validator: other bytes have another (RFC 9110, 8.8.3). */
export const etagOf = (bytes: Buffer): string => `"${hash('sha256', bytes, 'base64url').slice(0, 27)}"`

/** Compressed bytes are other bytes. */
export const compressedTag = (etag: string): string => `${etag.slice(0, -1)}-gzip"`

/** What a request says that decides how it is sent an answer. */
export interface Wanting {
  readonly method: string | undefined
  readonly ifNoneMatch: string | undefined
  readonly acceptEncoding: string | undefined
}

export const wantingOf = ({ method, headers }: IncomingMessage): Wanting => ({
  method,
  ifNoneMatch: headers['if-none-match'],
  acceptEncoding: encodingsOf(headers),
})

/** Compresses the answer, unless somebody else has or does; resolves to how many bytes it has grown by for this request. */
export async function compress(whole: Whole): Promise<number> {
  if (whole.gzip !== null) {
    await whole.gzip
    return 0
  }
  whole.gzip = gzipped(Buffer.from(whole.octets, 'latin1')).then((bytes) => bytes.toString('latin1'))
  try {
    whole.gzip = await whole.gzip
    return whole.gzip.length
  } catch (thrown) {
    whole.gzip = null
    throw thrown
  }
}

/** Whether the answer has to be compressed before it can be sent. */
export const needsCompression = (wanting: Wanting, whole: Whole): boolean =>
  typeof whole.gzip !== 'string' && wantsCompressed(wanting, whole) && !isUnchanged(wanting, whole)

const wantsCompressed = ({ acceptEncoding }: Wanting, { octets }: Whole): boolean =>
  octets.length > GZIP_FROM && acceptsGzip(acceptEncoding)

/** Whether the caller has the answer already. */
const isUnchanged = ({ method, ifNoneMatch }: Wanting, { etag }: Whole): boolean =>
  ifNoneMatch !== undefined && etag !== null && method === 'GET' && matches(ifNoneMatch, etag)

/**
 * What is sent; what {@link needsCompression} has been compressed.
 * @param now milliseconds since 1970
 */
export function replyWith(whole: Whole, wanting: Wanting, now: number): Reply {
  const { etag, octets, gzip, scope, madeAt } = whole
  const encoded = wantsCompressed(wanting, whole)
  const age = Math.max(0, Math.floor((now - madeAt) / 1000))
  const headers = ['age', String(age), 'vary', VARY]
  if (etag === null) headers.push('cache-control', 'no-store')
  // Browsers ask each time, and are told that nothing has changed: they must not guess.
  else headers.push('cache-control', DIRECTIVES[scope], 'etag', encoded ? compressedTag(etag) : etag)
  if (isUnchanged(wanting, whole)) return { status: 304, headers, body: null }
  const body = encoded && typeof gzip === 'string' ? gzip : octets
  if (body !== octets) headers.push('content-encoding', 'gzip')
  headers.push('content-length', String(body.length))
  return { status: 200, headers, body }
}

/** How an answer is given, besides what the request wants. */
export interface Manner {
  readonly wanting: Wanting
  readonly type: AnswerType
  readonly cache: CacheStatus
}

/** What is sent, with the word of where it came from. @see replyWith */
export function answerWith(whole: Whole, { wanting, type, cache }: Manner, now: number): Reply {
  const { status, headers, body } = replyWith(whole, wanting, now)
  const about = body === null ? ['x-cache', cache] : ['x-cache', cache, 'content-type', TYPE[type]]
  return { status, headers: [...about, ...headers], body }
}

const TYPE = {
  'application/json': 'application/json; charset=utf-8',
  'application/graphql-response+json': 'application/graphql-response+json; charset=utf-8',
} as const

const DIRECTIVES = { PRIVATE: 'private, no-cache', PUBLIC: 'public, no-cache' } as const

/** Compares weakly, as RFC 9110, 13.1.2 says: however the bytes were encoded, they are the same answer. */
export function matches(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true
  return ifNoneMatch
    .split(',')
    .map((each) => each.trim().replace(/^W\//, ''))
    .some((each) => each === etag || each === compressedTag(etag))
}
