/** A WebSocket, message by message. */
export interface RawSocket extends Disposable {
  send(message: object | string): void
  /** The next message; fails when the socket closes before. */
  next(): Promise<Record<string, unknown>>
  /** The next message that is of this kind; others wait. */
  nextThat(isIt: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>
  /** The next message about an operation. */
  nextOf(id: string): Promise<Record<string, unknown>>
  /** Resolves with the close code and reason. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
}

export interface SocketOptions {
  readonly protocol?: string
  readonly headers?: Record<string, string>
}

/** @param url the server's, without a path */
export async function openSocket(
  url: string,
  { protocol = 'graphql-transport-ws', headers = {} }: SocketOptions = {},
): Promise<RawSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, { protocols: protocol, headers })
  const heard: Record<string, unknown>[] = []
  // For all who wait at once.
  let wake = Promise.withResolvers<void>()
  const rouse = () => {
    wake.resolve()
    wake = Promise.withResolvers()
  }
  socket.addEventListener('message', ({ data }) => {
    heard.push(JSON.parse(String(data)))
    rouse()
  })
  const { promise: closed, resolve } = Promise.withResolvers<{ code: number; reason: string }>()
  socket.addEventListener('close', ({ code, reason }) => {
    resolve({ code, reason })
    rouse()
  })
  await new Promise((done, fail) => {
    socket.addEventListener('open', done, { once: true })
    socket.addEventListener('error', fail, { once: true })
  })
  async function nextThat(isIt: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    for (;;) {
      const place = heard.findIndex(isIt)
      const [found] = place < 0 ? [] : heard.splice(place, 1)
      if (found) return found
      if (socket.readyState === WebSocket.CLOSED) throw new Error('the socket is closed')
      await wake.promise
    }
  }
  return {
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    next: () => nextThat(() => true),
    nextThat,
    nextOf: (id) => nextThat((message) => message['id'] === id),
    closed,
    [Symbol.dispose]: () => socket.close(),
  }
}

/** The same, with the protocol's first two messages behind it. */
export async function initSocket(url: string, token?: string, options?: SocketOptions): Promise<RawSocket> {
  const socket = await openSocket(url, options)
  socket.send({ type: 'connection_init', payload: token === undefined ? {} : { authorization: `Bearer ${token}` } })
  const { type } = await socket.next()
  if (type !== 'connection_ack') throw new Error(`${type} instead of an acknowledgement`)
  return socket
}
