import type { AddressInfo, Socket } from 'node:net'
import { Duplex } from 'node:stream'

/** What an inner socket tells the wire that it is part of. */
export interface InnerSocketOwner {
  /** The HTTP parser is done with this connection. */
  innerClosed(error: Error | null): void
}

type Done = (error?: Error | null) => void

/**
 * What `node:http` has in the place of a connection: it reads what the wire hands on, and writes to the connection
 * itself. It has those of a socket's properties and methods that servers use.
 */
export class InnerSocket extends Duplex {
  readonly owner: InnerSocketOwner
  readonly #socket: Socket

  constructor(owner: InnerSocketOwner, socket: Socket) {
    super({
      allowHalfOpen: true,
      decodeStrings: false,
      readableHighWaterMark: socket.readableHighWaterMark,
      writableHighWaterMark: socket.writableHighWaterMark,
    })
    this.owner = owner
    this.#socket = socket
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort
  }

  get remoteFamily(): string | undefined {
    return this.#socket.remoteFamily
  }

  get localAddress(): string | undefined {
    return this.#socket.localAddress
  }

  get localPort(): number | undefined {
    return this.#socket.localPort
  }

  get bytesRead(): number {
    return this.#socket.bytesRead
  }

  get bytesWritten(): number {
    return this.#socket.bytesWritten
  }

  address(): AddressInfo | object {
    return this.#socket.address()
  }

  /** The wire passes on the connection's `timeout` event. */
  setTimeout(milliseconds: number, callback?: () => void): this {
    this.#socket.setTimeout(milliseconds)
    if (callback) this.once('timeout', callback)
    return this
  }

  setNoDelay(noDelay?: boolean): this {
    this.#socket.setNoDelay(noDelay)
    return this
  }

  setKeepAlive(enable?: boolean, initialDelay?: number): this {
    this.#socket.setKeepAlive(enable, initialDelay)
    return this
  }

  ref(): this {
    this.#socket.ref()
    return this
  }

  unref(): this {
    this.#socket.unref()
    return this
  }

  /** Closes once everything has been written. */
  destroySoon(): void {
    if (this.writable) this.end()
    if (this.writableFinished) this.destroy()
    else this.once('finish', () => this.destroy())
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: Done): void {
    const told = once(done)
    this.#socket.write(chunk, encoding, told)
    this.#tellIfTaken(told)
  }

  override _writev(chunks: { chunk: Buffer | string; encoding: BufferEncoding }[], done: Done): void {
    const told = once(done)
    const last = chunks.length - 1
    this.#socket.cork()
    for (const [index, { chunk, encoding }] of chunks.entries())
      this.#socket.write(chunk, encoding, index === last ? told : undefined)
    this.#socket.uncork()
    this.#tellIfTaken(told)
  }

  override _final(done: Done): void {
    this.#socket.end(() => done())
  }

  /** As a socket does: what the system has taken at once is not waited for, so that the next may follow at once. */
  #tellIfTaken(told: Done): void {
    if (this.#socket.writableLength === 0 && !this.#socket.errored) told()
  }

  override _destroy(error: Error | null, done: Done): void {
    this.owner.innerClosed(error)
    done(error)
  }
}

/** The first call counts. */
function once(done: Done): Done {
  let isDone = false
  return (error) => {
    if (isDone) return
    isDone = true
    done(error)
  }
}
