import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { UPLOAD_TYPE } from './recording.ts'

/** An upload that was acknowledged. */
export interface Acknowledged {
  readonly jobId: string
  /** On the process's monotonic clock, when it was begun and when the acknowledgement had come, in milliseconds. */
  readonly begunAt: number
  readonly acknowledgedAt: number
}

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

  /** @throws when it is refused */
  async send(body: Buffer): Promise<Acknowledged> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const headers = { ...this.#headers, 'content-length': body.length }
    const begunAt = performance.now()
    const asked = request(`${this.#url}/graphql`, { agent: this.#agent, method: 'POST', headers }, (answer) =>
      text(answer).then(resolve, reject),
    )
    asked.on('error', reject)
    asked.end(body)
    const answer = await promise
    const acknowledgedAt = performance.now()
    const jobId = /"id":"([0-9a-f-]{36})"/.exec(answer)?.[1]
    if (jobId === undefined) throw new Error(answer)
    return { jobId, begunAt, acknowledgedAt }
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }
}
