import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { Undelivered } from './delivery.ts'

export interface Post {
  readonly url: URL
  /** The only ones that are connected to, whatever the name may mean by then. */
  readonly addresses: readonly string[]
  readonly headers: Record<string, string>
  readonly body: string
  /** Ends everything. */
  readonly signal: AbortSignal
  /** Milliseconds after which the next address is tried beside one that does not answer. */
  readonly patienceMs: number
  /** Certificate authorities to trust instead of the system's. */
  readonly ca?: string | undefined
}

/** What of an answer matters. */
export interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
}

const BODY_BYTES = 16_384
const HEADER_BYTES = 16_384

/**
 * Posts once, on a connection of its own: no proxy, no redirects, no cookies, nothing kept of the answer's body.
 * @throws Undelivered when there is no status, whatever the reason
 */
export function post(wanted: Post): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const isSecure = wanted.url.protocol === 'https:'
  let stage: 'connection' | 'tls' | 'response' = 'connection'
  let answer: Answer | null = null
  const request = (isSecure ? https : http).request(wanted.url, optionsOf(wanted))
  const end = (cause?: unknown) => {
    request.destroy()
    if (answer === null) reject(new Undelivered(stage, cause))
    else resolve(answer)
  }
  const onAnswer = (response: IncomingMessage) => {
    answer = answerOf(response)
    // A receiver may finish its answer, since some take who leaves before for a client that has gone; but only a short one.
    countBytes(response, (bytes) => bytes > BODY_BYTES && end())
  }

  request.once('socket', (socket) => {
    socket.once('connect', () => {
      stage = isSecure ? 'tls' : 'response'
    })
    socket.once('secureConnect', () => {
      stage = 'response'
    })
  })
  // Errors may come in numbers, and after the answer too; the first end counts. Whatever happens, a close comes last.
  request.on('error', end).on('close', end)
  request.once('response', onAnswer)
  request.once('upgrade', (response, socket) => {
    socket.destroy()
    onAnswer(response)
  })
  request.end(wanted.body)
  return promise
}

function optionsOf({ url, addresses, headers, signal, patienceMs, ca }: Post): https.RequestOptions {
  return {
    method: 'POST',
    headers,
    signal,
    agent: new (url.protocol === 'https:' ? https : http).Agent({
      // The global agent keeps connections, and may have been told to use a proxy.
      keepAlive: false,
      lookup: alwaysThese(addresses),
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: patienceMs,
    }),
    maxHeaderSize: HEADER_BYTES,
    // Said aloud, because NODE_TLS_REJECT_UNAUTHORIZED=0 changes what is not.
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
  }
}

/** With `autoSelectFamily` Node asks for all addresses at once; for a host that is an address itself, not at all. */
function alwaysThese(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_name, _options, callback) => callback(null, all)
}

const answerOf = ({ statusCode = 0, headers }: IncomingMessage): Answer => ({
  status: statusCode,
  retryAfter: headers['retry-after'],
})

function countBytes(response: IncomingMessage, count: (bytes: number) => void): void {
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    count(bytes)
  })
}
