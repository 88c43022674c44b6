import type { IncomingMessage } from 'node:http'

const HEAD_END = '\r\n\r\n'
/** Ends a line for some parsers and not for others. */
const BARE_LINE_FEED = /(?:^|[^\r])\n/

/**
 * Bytes of a request by its own account (RFC 9112, 6.3): those of its head, and as many as it says that its body has. NaN
 * when that cannot be told for certain.
 * @param bytes with which it begins
 */
export function lengthOf({ headers }: Pick<IncomingMessage, 'headers'>, bytes: Buffer): number {
  if (headers['transfer-encoding'] !== undefined || headers.upgrade !== undefined) return Number.NaN
  const headLength = bytes.indexOf(HEAD_END)
  if (headLength < 0 || BARE_LINE_FEED.test(bytes.toString('latin1', 0, headLength))) return Number.NaN
  return headLength + HEAD_END.length + Number(headers['content-length'] ?? 0)
}
