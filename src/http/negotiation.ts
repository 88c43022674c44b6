import type { IncomingHttpHeaders } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import Negotiator from 'negotiator'

/** Content types of answers; the first is for whoever does not say. */
const TYPES = ['application/json', 'application/graphql-response+json'] as const
export type AnswerType = (typeof TYPES)[number]

/** A negotiation's result for each header seen; clients send few different ones. */
function remembered<Result>(negotiate: (header: string) => Result): (header: string) => Result {
  const results = new Map<string, Result>()
  return (header) => {
    const known = results.get(header)
    if (known !== undefined) return known
    const result = negotiate(header)
    // Somebody may make them up.
    if (results.size >= 200) results.clear()
    results.set(header, result)
    return result
  }
}

const typeFor = remembered((accept): AnswerType | null => {
  const preferred = new Negotiator({ headers: { accept } }).mediaType([...TYPES])
  return TYPES.find((type) => type === preferred) ?? null
})

/** The content type that an `Accept` header prefers (RFC 9110, 12.5.1); null when it allows neither. */
export const answerType = (accept: string | undefined): AnswerType | null =>
  accept === undefined ? TYPES[0] : typeFor(accept)

const gzipFor = remembered(
  (encodings) =>
    new Negotiator({ headers: { 'accept-encoding': encodings } }).encoding(['gzip', 'identity']) === 'gzip',
)

/** Whether an `Accept-Encoding` header would rather have gzip than nothing (RFC 9110, 12.5.3). */
export const acceptsGzip = (header: string | undefined): boolean => header !== undefined && gzipFor(header)

/** The header's value; one that came more than once counts once. */
export const encodingsOf = ({ 'accept-encoding': encodings }: IncomingHttpHeaders): string | undefined =>
  Array.isArray(encodings) ? encodings.join(', ') : encodings

/** Bytes up to which an answer is not worth compressing: it fits into one packet. */
export const GZIP_FROM = 1_024

/** Compresses outside of this thread, so that nobody else waits for it. */
export const gzipped: (bytes: Buffer) => Promise<Buffer> = promisify<Buffer, Buffer>(gzip)
