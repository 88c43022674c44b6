import { type IncomingMessage, Server, type ServerOptions, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { InnerSocket } from './inner-socket.ts'
import { type Answerer, Wire } from './wire.ts'

/** Tells the wire of each request that the parser has read, at a moment when nothing was done with it yet. */
class WatchedResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  constructor(...made: ConstructorParameters<typeof ServerResponse<Request>>) {
    super(...made)
    wireOf(this.req)?.begun(this.req, this)
  }
}

function wireOf({ socket }: IncomingMessage): Wire | null {
  const inner: Duplex = socket
  return inner instanceof InnerSocket && inner.owner instanceof Wire ? inner.owner : null
}

/** All bytes of a request that is being worked on, if they are known to be these and no more. */
export const wholeBytesOf = (request: IncomingMessage): Buffer | null => wireOf(request)?.whole(request) ?? null

/** Milliseconds beyond what clients are told that an idle connection stays open, as `node:http` has it. */
const KEEP_ALIVE_BUFFER_MS = 1_000

/**
 * An HTTP server that can answer requests from their bytes, before they are parsed. All others are served as by any
 * other server of `node:http`, and so are all while nobody answers at once.
 */
export class WireServer extends Server {
  readonly #wires = new Set<Wire>()
  readonly #serve: (socket: Duplex) => void
  #answer: Answerer | null = null

  constructor(options: ServerOptions, listener: (request: IncomingMessage, response: ServerResponse) => void) {
    super({ ...options, ServerResponse: WatchedResponse }, listener)
    const listeners = this.listeners('connection')
    this.removeAllListeners('connection')
    // A server may be given any stream in the place of a connection; this is how it is told of one.
    this.#serve = (socket) => {
      for (const each of listeners) Reflect.apply(each, this, [socket])
    }
    this.on('connection', (socket: Socket) => this.#connect(socket))
  }

  /** From now on, new connections are listened to by `answer` first. */
  answerAtOnce(answer: Answerer): void {
    this.#answer = answer
  }

  /** Also those that the parser has never heard of. */
  override closeIdleConnections(): void {
    // First, so that answers which are being sent are not cut off.
    for (const wire of this.#wires) wire.closeWhenIdle()
    super.closeIdleConnections()
  }

  override closeAllConnections(): void {
    super.closeAllConnections()
    for (const wire of this.#wires) wire.destroy()
  }

  #connect(socket: Socket): void {
    const answer = this.#answer
    if (answer === null) {
      this.#serve(socket)
      return
    }
    const host = { answer, serve: this.#serve, closed: (wire: Wire) => this.#wires.delete(wire) }
    this.#wires.add(new Wire(host, socket, this.keepAliveTimeout + KEEP_ALIVE_BUFFER_MS))
  }
}
