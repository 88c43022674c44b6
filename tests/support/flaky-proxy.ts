import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * What a proxy does with what comes:
 * - `pass`: hands it on
 * - `swallow`: takes it and hands nothing on, as a network does that drops every packet; connections stay open
 * - `cut`: ends every connection, and each new one
 * - `reset`: ends every connection that there is without a farewell, as a machine does that was restarted; hands on what comes later
 * - `{ delayMs }`: hands it on later, in order
 */
export type FlakyMode = 'pass' | 'swallow' | 'cut' | 'reset' | { readonly delayMs: number }

export interface FlakyProxy extends AsyncDisposable {
  readonly port: number
  /** A connection that lost something stays silent for ever; those made later are well. */
  mode(mode: FlakyMode): void
}

/** A TCP proxy on loopback, in front of a port on loopback. */
export async function startFlakyProxy(targetPort: number): Promise<FlakyProxy> {
  const sockets = new Set<Socket>()
  let mode: FlakyMode = 'pass'
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  const server = createServer((near) => {
    const far = connect(targetPort, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.setNoDelay(true).on('error', () => {})
      socket.once('close', () => sockets.delete(socket))
    }
    join(near, far, () => mode)
    if (mode === 'cut') near.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return {
    port: address.port,
    mode(next) {
      mode = next
      if (mode === 'cut') cut()
      if (mode === 'reset') for (const socket of sockets) socket.resetAndDestroy()
    },
    async [Symbol.asyncDispose]() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}

function join(near: Socket, far: Socket, mode: () => FlakyMode): void {
  // Whoever reads a stream with a hole in it reads garbage, so after the first loss nothing follows.
  let holed = false
  const lose = () => {
    holed ||= mode() === 'swallow'
    return holed
  }
  handOn(near, far, mode, lose)
  handOn(far, near, mode, lose)
  near.once('close', () => far.destroy())
  // An end is a packet too, and is lost like one.
  far.once('close', () => {
    if (!lose()) near.destroy()
  })
}

function handOn(from: Socket, to: Socket, mode: () => FlakyMode, lose: () => boolean): void {
  let waiting = 0
  let last = Promise.resolve()
  from.on('data', (chunk) => {
    const now = mode()
    if (lose()) return
    if (waiting === 0 && typeof now !== 'object') {
      to.write(chunk)
      return
    }
    waiting += 1
    const due = pause(typeof now === 'object' ? now.delayMs : 0)
    last = Promise.all([last, due]).then(() => {
      waiting -= 1
      if (!lose() && !to.destroyed) to.write(chunk)
    })
  })
}
