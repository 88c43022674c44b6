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
  /** To be closed as soon as it is between requests. */
  #closing = false

  constructor(host: WireHost, socket: Socket, idleMs: number) {
    this.#host = host
    this.#socket = socket
    socket.setTimeout(idleMs)
    socket.on('timeout', () => {
      if (this.#inner) this.#inner.emit('timeout')
      else socket.destroy()
    })
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('end', () => this.#end())
    socket.on('drain', () => {
      if (this.#waiting.length === 0) socket.resume()
    })
    // Closing follows, and nobody else waits for this connection.
    socket.on('error', () => {})
    socket.on('close', () => {
      host.closed(this)
      this.#inner?.destroy()
    })
  }

  /** All bytes of the request that `node:http` is working on, if they came in one piece and nothing else did. */
  get whole(): Buffer | null {
    const handed = this.#handed
    return handed && this.#isExact(handed) && handed.first.length === handed.bytes ? handed.first : null
  }

  /** `node:http` has read a request's head. */
  begun(request: IncomingMessage, response: ServerResponse): void {
    const handed = this.#handed
    if (handed === null) return
    handed.requests += 1
    handed.length = lengthOf(request, handed.first)
    response.once('close', () => {
      if (this.#handed !== handed) return
      this.#state = this.#isExact(handed) && request.complete ? 'between' : 'unclear'
      this.#handed = null
      if (this.#closing) this.closeWhenIdle()
    })
  }

  /** Closes the connection as soon as nothing is asked on it. */
  closeWhenIdle(): void {
    this.#closing = true
    if (this.#state === 'between') this.#socket.destroySoon()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  innerClosed(error: Error | null): void {
    // An answer that is being fetched was promised when its request was taken.
    if (this.#state === 'answering') this.#closing = true
    else this.#socket.destroy(error ?? undefined)
  }

  #isExact({ requests, length, bytes }: Handed): boolean {
    return requests === 1 && length === bytes
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
      if (this.#waiting.length === 0 && !this.#socket.writableNeedDrain) this.#socket.resume()
    }
    if (this.#ended) this.#end()
    if (this.#closing) this.closeWhenIdle()
  }

  #send({ text, written }: Octets): void {
    const socket = this.#socket
    const isTaken = written ? socket.write(text, 'latin1', written) : socket.write(text, 'latin1')
    // Who asks without reading is not asked for more.
    if (!isTaken) socket.pause()
  }

  #handOn(chunk: Buffer): void {
    const inner = this.#opened()
    if (this.#state === 'between') {
      this.#state = 'handed-on'
      this.#handed = { first: chunk, bytes: 0, requests: 0, length: Number.NaN }
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
