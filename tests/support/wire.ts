import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'

/** An HTTP request as it goes over the wire. */
export interface WireRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface WireAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** What was sent, decompressed. */
  readonly text: string
}

/** Asks over connections that stay open, as many at once as there are questions; adds no header and keeps nothing. */
export interface Wire extends Disposable {
  send(url: string, request: WireRequest): Promise<WireAnswer>
}

/** Longer than the server lets any request take: giving up first would leave the outcome open. */
const TIMEOUT_MS = 15_000

export function openWire(): Wire {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  return {
    async send(url, { method, path, headers, body }) {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const sent = request(`${url}${path}`, { agent, method, headers, timeout: TIMEOUT_MS }, resolve)
        sent.once('timeout', () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)))
        sent.once('error', reject)
        sent.end(body)
      })
      const bytes = await buffer(response)
      const isGzip = response.headers['content-encoding'] === 'gzip'
      return {
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: (isGzip ? gunzipSync(bytes) : bytes).toString(),
      }
    },
    [Symbol.dispose]: () => agent.destroy(),
  }
}
