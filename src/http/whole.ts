import { hash } from 'node:crypto'
import type { CacheStatus } from '../graphql/notes.ts'
import { acceptsGzip, GZIP_FROM, gzipped } from './negotiation.ts'

/** The whole answer to a query, as it is sent. */
export interface Whole {
  /** The operation's name, for the log. */
  readonly operation: string | null
  readonly scope: 'PRIVATE' | 'PUBLIC'
  readonly bytes: Buffer
  /** Of the content, without quotes; null for an answer that nobody may keep, such as one with errors. */
  readonly etag: string | null
  /** Milliseconds since 1970. */
  readonly madeAt: number
  /** The codes of its errors, each once. */
  readonly codes: readonly string[]
  /** The code of what lay behind a service that was not available, for the log. */
  readonly cause: string | undefined
  /** Where it came from when it was made. */
  readonly status: CacheStatus
  /** The same bytes compressed, once somebody has wanted them so. */
  gzip: Buffer | null
}

/** How one request is answered. */
export interface Reply {
  readonly status: 200 | 304
  /** Names and values in turns. */
  readonly headers: readonly string[]
  readonly body: Buffer | null
}

/** What every answer depends on: who asks, from where, and what they can read. */
export const VARY = 'Accept, Accept-Encoding, Authorization, Origin'

/** A strong validator: other bytes have another (RFC 9110, 8.8.3). */
export const etagOf = (bytes: Buffer): string => hash('sha256', bytes, 'base64url').slice(0, 27)

/** What a request says that decides how it is sent an answer. */
export interface Wanting {
  readonly method: string | undefined
  readonly ifNoneMatch: string | undefined
  readonly acceptEncoding: string | undefined
}

/** Compresses the answer if this request wants it so and nobody else has; returns how many bytes it has grown by. */
export async function compressFor({ acceptEncoding }: Wanting, whole: Whole): Promise<number> {
  if (!wantsCompressed(acceptEncoding, whole) || whole.gzip !== null) return 0
  const compressed = await gzipped(whole.bytes)
  // Somebody else may have been faster.
  if (whole.gzip !== null) return 0
  whole.gzip = compressed
  return compressed.length
}

/** Whether the answer has to be compressed before it can be sent. */
export const needsCompression = ({ acceptEncoding }: Wanting, whole: Whole): boolean =>
  whole.gzip === null && wantsCompressed(acceptEncoding, whole)

const wantsCompressed = (acceptEncoding: string | undefined, { bytes }: Whole): boolean =>
  bytes.length > GZIP_FROM && acceptsGzip(acceptEncoding)

/** @param now milliseconds since 1970 */
export function replyWith(whole: Whole, wanting: Wanting, now: number): Reply {
  const { etag, bytes, gzip } = whole
  const body = gzip !== null && acceptsGzip(wanting.acceptEncoding) ? gzip : bytes
  const age = Math.max(0, Math.floor((now - whole.madeAt) / 1000))
  const headers = ['age', String(age), 'vary', VARY]
  if (etag === null) headers.push('cache-control', 'no-store')
  // Browsers ask each time, and are told that nothing has changed: they must not guess.
  else headers.push('cache-control', whole.scope === 'PUBLIC' ? 'public, no-cache' : 'private, no-cache')
  // Compressed bytes are other bytes.
  if (etag !== null) headers.push('etag', body === bytes ? `"${etag}"` : `"${etag}-gzip"`)
  if (etag !== null && wanting.method === 'GET' && matches(wanting.ifNoneMatch, etag))
    return { status: 304, headers, body: null }
  if (body !== bytes) headers.push('content-encoding', 'gzip')
  headers.push('content-length', String(body.length))
  return { status: 200, headers, body }
}

/** Compares weakly, as RFC 9110, 13.1.2 says: however the bytes were encoded, they are the same answer. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch.trim() === '*') return true
  return ifNoneMatch
    .split(',')
    .map((each) => each.trim().replace(/^W\//, ''))
    .some((each) => each === `"${etag}"` || each === `"${etag}-gzip"`)
}
