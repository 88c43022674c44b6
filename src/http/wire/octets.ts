import { STATUS_CODES } from 'node:http'
import type { Reply } from '../whole.ts'

const MS_PER_S = 1_000

/** Header lines as they go over the connection, of names and values in turns. */
export function linesOf(headers: readonly string[]): string {
  let lines = ''
  for (let at = 0; at < headers.length; at += 2) lines += `${headers[at]}: ${headers[at + 1]}\r\n`
  return lines
}

/** Writes answers as `node:http` writes them on a connection that stays open. */
export class Wording {
  readonly #end: string
  #date = ''
  #second = Number.NaN

  /** @param keepAliveMs that clients are told an idle connection stays open; 0 for no word about it */
  constructor(keepAliveMs: number) {
    const seconds = Math.floor(keepAliveMs / MS_PER_S)
    const keepAlive = keepAliveMs > 0 ? `Keep-Alive: timeout=${seconds}\r\n` : ''
    this.#end = `Connection: keep-alive\r\n${keepAlive}\r\n`
  }

  /**
   * @param lines that come before the reply's own headers
   * @param now milliseconds since 1970
   */
  of({ status, headers, body }: Reply, lines: string, now: number): string {
    const begin = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`
    return `${begin}${lines}${linesOf(headers)}Date: ${this.#dateAt(now)}\r\n${this.#end}${body ?? ''}`
  }

  #dateAt(now: number): string {
    const second = Math.floor(now / MS_PER_S)
    if (second !== this.#second) {
      this.#second = second
      this.#date = new Date(now).toUTCString()
    }
    return this.#date
  }
}
