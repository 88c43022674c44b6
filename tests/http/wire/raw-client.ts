import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'

/** A client that sends and receives bytes, one connection each. */
export interface RawClient extends AsyncDisposable {
  readonly socket: Socket
  /** Sends each piece in a packet of its own, as far as the system allows. */
  send(...pieces: readonly string[]): Promise<void>
  /** The next answers, heads and bodies, as many as asked for. */
  answers(count: number): Promise<readonly RawAnswer[]>
  /** Resolves when the server has closed. */
  readonly closed: Promise<unknown>
}

export interface RawAnswer {
  readonly head: string
  readonly body: string
}

/** Rounds of the event loop in which a server in this process reads what was sent. */
const ROUNDS = 3

/** Lets whatever was sent arrive. */
export async function rounds(): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) await turn()
}

export async function openRawClient(port: number): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.setNoDelay(true)
  await once(socket, 'connect')
  let received = ''
  let wake = () => {}
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
    wake()
  })
  // What the server does is told by `closed`.
  socket.on('error', () => {})
  const closed = Promise.race([once(socket, 'close'), once(socket, 'end')]).then(() => wake())

  async function answer(): Promise<RawAnswer> {
    for (;;) {
      const found = firstIn(received)
      if (found) {
        received = received.slice(found.head.length + found.body.length)
        return found
      }
      if (socket.readableEnded || socket.destroyed) throw new Error(`Closed after: ${received}`)
      const { promise, resolve } = Promise.withResolvers<void>()
      wake = resolve
      await promise
    }
  }

  return {
    socket,
    closed,
    async send(...pieces) {
      for (const piece of pieces) {
        socket.write(piece)
        await rounds()
      }
    },
    async answers(count) {
      const found: RawAnswer[] = []
      while (found.length < count) found.push(await answer())
      return found
    },
    async [Symbol.asyncDispose]() {
      socket.destroy()
    },
  }
}

function firstIn(received: string): RawAnswer | null {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return null
  const head = received.slice(0, end + 4)
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
  const body = received.slice(head.length, head.length + length)
  return body.length < length ? null : { head, body }
}
