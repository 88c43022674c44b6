import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http, { type IncomingMessage, type RequestListener } from 'node:http'
import https from 'node:https'
import { createServer, type Server, type Socket } from 'node:net'
import tls from 'node:tls'
import type { Certificates } from './certificates.ts'

export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string
}

export interface Receiver extends AsyncDisposable {
  readonly port: number
  /** Everything that has come so far; only those that speak HTTP know. */
  readonly received: readonly Received[]
  /** Every connection, whatever came of it. */
  readonly connections: () => number
}

export interface Place {
  /** @default '127.0.0.1' */
  readonly host?: string
  /** @default any that is free */
  readonly port?: number
  /** Null: without TLS. */
  readonly certificates: Certificates | null
}

/** A receiver of webhooks on this machine that takes note of what comes. */
export function startReceiver(place: Place, answer: RequestListener): Promise<Receiver> {
  const received: Received[] = []
  const listener: RequestListener = async (request, response) => {
    received.push(await whole(request))
    answer(request, response)
  }
  const { certificates } = place
  const server = certificates ? https.createServer(keysOf(certificates), listener) : http.createServer(listener)
  return listening(server, place, received)
}

/** A receiver that is told what to do with the bare connection, once the first bytes of a request have come. */
export function startOddReceiver(place: Place, behave: (socket: Socket) => void): Promise<Receiver> {
  const onSocket = (socket: Socket) => void socket.on('error', () => {}).once('data', () => behave(socket))
  const { certificates } = place
  return listening(certificates ? tls.createServer(keysOf(certificates), onSocket) : createServer(onSocket), place)
}

/** Writes the same as fast as it is taken, until nobody listens any more. */
export function writeForever(socket: Socket, text: string): void {
  const more = () => {
    while (!socket.destroyed && socket.write(text));
  }
  socket.on('drain', more)
  more()
}

const keysOf = ({ files }: Certificates) => ({ cert: readFileSync(files.certificate), key: readFileSync(files.key) })

async function listening(server: Server, { host = '127.0.0.1', port = 0 }: Place, received: readonly Received[] = []) {
  const sockets = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections++
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return {
    port: address.port,
    received,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

async function whole(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)])
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString(),
  }
}
