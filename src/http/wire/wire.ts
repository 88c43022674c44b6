import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { InnerSocket, type InnerSocketOwner } from './inner-socket.ts'
import { lengthOf } from './request-length.ts'

/** An answer to a whole request, as it goes over the connection. */
export interface Octets {
  /** Each as one character. */
  readonly text: string
  /** Told once it has been written, or why it has not. Null where nobody wants to know. */
  readonly written: ((error?: Error | null) => void) | null
}

/**
 * Answers a request from its bytes alone; undefined for whatever has to be read first.
 * @param bytes of one whole request, if it is one that is known
 */
export type Answerer = (bytes: Buffer) => Octets | undefined | Promise<Octets | undefined>

/** What a wire needs of its server. */
export interface WireHost {
  readonly answer: Answerer
  /** Lets `node:http` serve a connection. */
  serve(inner: Duplex): void
  closed(wire: Wire): void
}

/**
 * Where a connection stands.
 * - `between`: everything that came is answered, and what comes next begins a request.
 * - `answering`: a whole request waits for its answer.
 * - `handed-on`: a request is with `node:http`.
 * - `unclear`: where requests begin is not known any more; everything goes to `node:http`.
 */
type State = 'between' | 'answering' | 'handed-on' | 'unclear'

/** What `node:http` has been given since the connection was between requests. */
interface Handed {
  readonly first: Buffer
  bytes: number
  requests: number
  /** The one that was read last. */
  request: IncomingMessage | null
  /** Bytes that its request has by its own account; NaN when that cannot be told. */
  length: number
}

/**
 * One connection. A request that is answered from its bytes never reaches the HTTP parser; every other one does, byte for
 * byte, and so does all that follows until it is certain where the next one begins: when the one request that was given
 * to the parser is complete and answered, and was exactly as long as it said.
 */
export class Wire implements InnerSocketOwner {
  readonly #host: WireHost
  readonly #socket: Socket
  #inner: InnerSocket | null = null
  #state: State = 'between'
  #handed: Handed | null = null
  /** What came while a request was being answered. */
  #waiting: Buffer[] = []
  /** The client sends no more. */
  #ended = false
  /** To be closed as soon as nothing is asked on it. */
  #closing = false
  /** The client does not take its answers, and is not asked for more. */
  #isUnread = false
  /** Requests that `node:http` has begun to read, and not answered. */
  #unanswered = 0

  constructor(host: WireHost, socket: Socket, idleMs: number) {
    this.#host = host
    this.#socket = socket
    socket.setTimeout(idleMs)
    socket.on('timeout', () => {
      if (this.#inner && !this.#inner.destroyed) this.#inner.emit('timeout')
      else socket.destroy()
    })
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('end', () => this.#end())
    socket.on('drain', () => {
      this.#isUnread = false
      this.#resume()
    })
    // Closing follows, and nobody else waits for this connection.
    socket.on('error', () => {})
    socket.on('close', () => {
      host.closed(this)
      this.#inner?.destroy()
    })
  }

  /** All bytes of a request that `node:http` is working on, if they came in one piece and nothing else did. */
  whole(request: IncomingMessage): Buffer | null {
    const handed = this.#handed
    if (handed === null || handed.request !== request || !isExact(handed)) return null
    return handed.first.length === handed.bytes ? handed.first : null
  }

  /** `node:http` has read a request's head. */
  begun(request: IncomingMessage, response: ServerResponse): void {
    const handed = this.#handed
    this.#unanswered += 1
    if (handed) {
      handed.requests += 1
      handed.request = request
      handed.length = lengthOf(request, handed.first)
    }
    response.once('close', () => {
      this.#unanswered -= 1
      if (handed && this.#handed === handed) {
        const staysOpen = this.#inner?.writableEnded === false
        this.#state = staysOpen && request.complete && isExact(handed) ? 'between' : 'unclear'
        this.#handed = null
      }
      if (this.#closing) this.closeWhenIdle()
    })
  }

  /** Closes the connection as soon as nothing is asked on it. */
  closeWhenIdle(): void {
    this.#closing = true
    if (this.#state === 'between' || (this.#state === 'unclear' && this.#unanswered === 0)) this.#socket.destroySoon()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  innerClosed(error: Error | null): void {
    // An answer that is being fetched was promised when its request was taken.
    if (this.#state === 'answering') this.#closing = true
    // Unless that is happening, and waits for the client to take the last answer.
    else if (error || !this.#closing || this.#state !== 'between') this.#socket.destroy(error ?? undefined)
  }

  #receive(chunk: Buffer): void {
    if (this.#state === 'between') this.#answer(chunk)
    else if (this.#state === 'answering') {
      this.#waiting.push(chunk)
      this.#socket.pause()
    } else this.#handOn(chunk)
  }

  #answer(chunk: Buffer): void {
    const octets = this.#answerTo(chunk)
    if (octets === undefined) this.#handOn(chunk)
    else if (octets instanceof Promise) {
      this.#state = 'answering'
      octets.then(
        (found) => this.#answered(chunk, found),
        () => this.#answered(chunk, undefined),
      )
    } else this.#send(octets)
  }

  /** A fault here is one that the request will meet again, where somebody reports it. */
  #answerTo(chunk: Buffer): ReturnType<Answerer> {
    try {
      return this.#host.answer(chunk)
    } catch {
      return undefined
    }
  }

  #answered(chunk: Buffer, octets: Octets | undefined): void {
    if (this.#socket.destroyed) {
      octets?.written?.(new Error('The client has gone.'))
      return
    }
    this.#state = 'between'
    if (octets === undefined) this.#handOn(chunk)
    else this.#send(octets)
    this.#goOn()
  }

  /** With what came meanwhile. */
  #goOn(): void {
    const waiting = this.#waiting
    if (waiting.length > 0) {
      this.#waiting = []
      for (const chunk of waiting) this.#receive(chunk)
      this.#resume()
    }
    if (this.#ended) this.#end()
    if (this.#closing) this.closeWhenIdle()
  }

  #send({ text, written }: Octets): void {
    const socket = this.#socket
    const isTaken = written ? socket.write(text, 'latin1', written) : socket.write(text, 'latin1')
    if (isTaken) return
    this.#isUnread = true
    socket.pause()
  }

  /** Reads on, unless somebody has a reason not to; the parser tells by itself when it wants more. */
  #resume(): void {
    const isFull = this.#inner !== null && this.#inner.readableLength >= this.#inner.readableHighWaterMark
    if (!this.#isUnread && this.#waiting.length === 0 && !isFull) this.#socket.resume()
  }

  #handOn(chunk: Buffer): void {
    const inner = this.#opened()
    if (this.#state === 'between') {
      this.#state = 'handed-on'
      this.#handed = { first: chunk, bytes: 0, requests: 0, request: null, length: Number.NaN }
    }
    if (this.#handed) this.#handed.bytes += chunk.length
    if (!inner.push(chunk)) this.#socket.pause()
  }

  #opened(): InnerSocket {
    if (this.#inner && !this.#inner.destroyed) return this.#inner
    // From here on `node:http` says how long it waits.
    this.#socket.setTimeout(0)
    this.#inner = new InnerSocket(this, this.#socket)
    this.#host.serve(this.#inner)
    return this.#inner
  }

  #end(): void {
    this.#ended = true
    if (this.#state === 'answering') return
    if (this.#inner) this.#inner.push(null)
    else this.#socket.end()
  }
}

/** What was handed on is one request and nothing else. */
const isExact = ({ requests, length, bytes }: Handed): boolean => requests === 1 && length === bytes
