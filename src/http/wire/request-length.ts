import type { IncomingMessage } from 'node:http'

/** Nothing else ends a head: the parser refuses lines that end with a line feed alone. */
const HEAD_END = '\r\n\r\n'

/**
 * Bytes of a request by its own account (RFC 9112, 6.3): those of its head, and as many as it says that its body has. NaN
 * when that cannot be told for certain.
 * @param bytes with which it begins
 */
export function lengthOf({ headers }: Pick<IncomingMessage, 'headers'>, bytes: Buffer): number {
  if (headers['transfer-encoding'] !== undefined || headers.upgrade !== undefined) return Number.NaN
  const headLength = bytes.indexOf(HEAD_END)
  return headLength < 0 ? Number.NaN : headLength + HEAD_END.length + Number(headers['content-length'] ?? 0)
}
