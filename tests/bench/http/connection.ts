import { connect } from 'node:net'

/** What was answered to one request; the bytes are only lent until the callback returns. */
export type Answered = (body: Buffer) => void

/** One connection that stays open, with one request at a time on it. */
export interface Connection extends Disposable {
  readonly connected: Promise<void>
  send(request: Buffer, answered: Answered): void
}

/** More than any answer here, so that most arrive whole. */
const CHUNK_BYTES = 64 * 1024

/**
 * As little client as will do: whatever it costs is taken from the core that PostgreSQL and Redis work on.
 * @param failed is told of an answer other than 200 and of a connection that breaks
 */
export function openConnection(port: number, failed: (error: Error) => void): Connection {
  let answered: Answered | null = null
  let before: Buffer | null = null
  let disposed = false

  function read(length: number, chunk: Buffer): boolean {
    const arrived = chunk.subarray(0, length)
    const bytes = before ? Buffer.concat([before, arrived]) : arrived
    try {
      const body = bodyOf(bytes)
      // The chunk is filled anew by whatever arrives next.
      before = body ? null : Buffer.from(bytes)
      if (body) deliver(body)
    } catch (error) {
      failed(error instanceof Error ? error : new Error(String(error)))
    }
    return true
  }
  function deliver(body: Buffer): void {
    const waiting = answered
    answered = null
    waiting?.(body)
  }

  const socket = connect({ port, host: '127.0.0.1', onread: { buffer: Buffer.alloc(CHUNK_BYTES), callback: read } })
  socket.setNoDelay(true)
  socket.on('error', failed)
  socket.on('close', () => disposed || failed(new Error('A server closed its connection.')))
  const { promise: connected, resolve } = Promise.withResolvers<void>()
  socket.once('connect', () => resolve())
  return {
    connected,
    send(request, callback) {
      answered = callback
      socket.write(request)
    },
    [Symbol.dispose]() {
      disposed = true
      socket.destroy()
    },
  }
}

/** The body of a whole answer; null when there is more to come. @throws for any status but 200 */
export function bodyOf(bytes: Buffer): Buffer | null {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return null
  const head = bytes.toString('latin1', 0, headEnd)
  const start = headEnd + 4
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  const whole = length === undefined ? unchunked(bytes, start) : upTo(bytes, start, Number(length))
  if (whole && !head.startsWith('HTTP/1.1 200')) throw new Error(`${head}\n\n${whole}`)
  return whole
}

const upTo = (bytes: Buffer, start: number, length: number): Buffer | null =>
  bytes.length < start + length ? null : bytes.subarray(start, start + length)

/** Puts together what came with `transfer-encoding: chunked`. */
function unchunked(bytes: Buffer, start: number): Buffer | null {
  const parts: Buffer[] = []
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return null
    const length = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    const next = lineEnd + 2 + length + 2
    if (bytes.length < next) return null
    if (length === 0) return parts.length === 1 ? (parts[0] ?? null) : Buffer.concat(parts)
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + length))
    at = next
  }
}
