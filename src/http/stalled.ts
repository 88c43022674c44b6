import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** Milliseconds between two looks at all connections. */
const LOOK_EVERY_MS = 10_000

export interface StalledOptions {
  /** Milliseconds for which a client may read nothing of what is waiting for it, from the look that first sees it wait. */
  readonly patienceMs: number
  /** Calls `look` now and then, until what it returns is called; the clock's timer when left out. */
  readonly every?: (look: () => void) => () => void
}

/**
 * Ends connections whose clients do not read their answers. Node does so itself for a server with a timeout, but then
 * sets and moves a timer with every request; here only those that are found waiting get one.
 */
export function endStalled(server: Server, { patienceMs, every = everySome }: StalledOptions): void {
  const open = new Set<Socket>()
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  const stop = every(() => {
    for (const socket of open) if (socket.writableLength > 0 && !socket.timeout) socket.setTimeout(patienceMs)
  })
  server.once('close', stop)
}

function everySome(look: () => void): () => void {
  const timer = setInterval(look, LOOK_EVERY_MS).unref()
  return () => clearInterval(timer)
}
