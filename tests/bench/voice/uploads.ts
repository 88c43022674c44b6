import { Agent, type ClientRequest, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { UPLOAD_TYPE } from './recording.ts'

/** An upload that was acknowledged. */
export interface Acknowledged {
  readonly jobId: string
  /** On the process's monotonic clock, in milliseconds: when its last byte was sent, or it was begun where it was sent at once. */
  readonly sentAt: number
  readonly acknowledgedAt: number
}

/** Pieces in which a slow link sends a body. */
const PIECES = 20

/** Uploads over connections that stay open, as many as there are uploads at once. */
export class Uploads implements Disposable {
  readonly #url: string
  readonly #headers: Record<string, string>
  readonly #agent: Agent

  constructor(url: string, token: string, atOnce: number) {
    this.#url = url
    this.#headers = { 'content-type': UPLOAD_TYPE, authorization: `Bearer ${token}` }
    this.#agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  }

  /**
   * @param linkMs how long the link takes for the body; 0: all of it is sent at once
   * @throws when it is refused
   */
  async send(body: Buffer, linkMs = 0): Promise<Acknowledged> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const headers = { ...this.#headers, 'content-length': body.length }
    const options = { agent: this.#agent, method: 'POST', headers }
    const asked = request(`${this.#url}/graphql`, options, (answer) => text(answer).then(resolve, reject))
    asked.on('error', reject)
    const sentAt = linkMs === 0 ? performance.now() : await trickle(asked, body, linkMs)
    if (linkMs === 0) asked.end(body)
    const answer = await promise
    const acknowledgedAt = performance.now()
    const jobId = /"id":"([0-9a-f-]{36})"/.exec(answer)?.[1]
    if (jobId === undefined) throw new Error(answer)
    return { jobId, sentAt, acknowledgedAt }
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }
}

/** When the last piece was sent. */
async function trickle(asked: ClientRequest, body: Buffer, linkMs: number): Promise<number> {
  const size = Math.ceil(body.length / PIECES)
  for (let at = 0; at + size < body.length; at += size) {
    asked.write(body.subarray(at, at + size))
    await sleep(linkMs / PIECES)
  }
  const sentAt = performance.now()
  asked.end(body.subarray(Math.floor((body.length - 1) / size) * size))
  return sentAt
}
