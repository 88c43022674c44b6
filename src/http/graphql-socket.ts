import type { WebSocket } from '@fastify/websocket'
import type { FastifyRequest } from 'fastify'
import { CloseCode } from 'graphql-ws'
import { HonzikError } from '../domain/error.ts'
import type { GraphQLContext } from '../graphql/context.ts'
import { createNotes } from '../graphql/notes.ts'
import type { RequestScope } from '../graphql/scope.ts'
import type { SocketConnection, SocketOperation, SocketServer } from '../graphql/socket.ts'
import { deadline } from './deadline.ts'
import { FOLLOWING_MS } from './graphql-stream.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { RateLimit } from './rate-limit.ts'
import { type KnownViewer, type Viewers, viewerLabel } from './viewers.ts'

export interface SocketRoute {
  readonly sockets: SocketServer
  readonly viewers: Viewers
  readonly createContext: (scope: RequestScope) => GraphQLContext
  /** Null: no limit. */
  readonly rateLimit: RateLimit | null
  /** Milliseconds that an answer may take. */
  readonly timeoutMs: number
  readonly lifecycle: Lifecycle
}

/** Operations under way at once on one connection. */
const OPERATIONS_MAX = 100
/** Milliseconds between two signs of life that are asked for; who gives none until the next is gone. */
const PING_MS = 20_000

/** Serves a connection that speaks `graphql-transport-ws`, until it closes. */
export function serveSocket(socket: WebSocket, request: FastifyRequest, route: SocketRoute): void {
  const { log } = request
  const connection: SocketConnection = {
    operations: new Map(),
    async begin(given, follows, underWay) {
      const authorization = given ?? request.headers.authorization
      // Anew for each operation: a connection may outlive what its viewer once proved.
      const viewer = route.viewers.known(authorization) ?? (await route.viewers.read(authorization))
      const refused = await refusalOf(viewer, underWay, request, route)
      return operationOf(socket, request, route, { viewer, follows, refused })
    },
  }
  const fail = (error: unknown) => {
    log.error({ err: error }, 'fault')
    socket.close(CloseCode.InternalServerError, 'Internal server error')
  }
  const closed = route.sockets.opened(
    {
      protocol: socket.protocol,
      send: (text) => sent(socket, text),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (hear) => socket.on('message', (data) => hear(String(data)).catch(fail)),
    },
    connection,
  )
  const pings = keepAlive(socket)
  socket.on('error', (error) => log.debug({ err: error }, 'socket'))
  socket.once('close', (code, reason) => {
    clearInterval(pings)
    closed(code, String(reason)).catch(fail)
  })
}

/** Why an operation may not begin; null: it may. */
async function refusalOf(
  { viewer }: KnownViewer,
  underWay: number,
  { socket }: FastifyRequest,
  { rateLimit }: SocketRoute,
): Promise<HonzikError | null> {
  if (underWay > OPERATIONS_MAX)
    return new HonzikError('RATE_LIMITED', `At most ${OPERATIONS_MAX} subscriptions on one connection.`)
  if (rateLimit === null) return null
  const label = viewer.role === 'nobody' ? `ip ${socket.remoteAddress}` : viewerLabel(viewer)
  const { allowed, resetSeconds: retryAfterSeconds } = await rateLimit.count(label)
  const message = `At most ${rateLimit.perMinute} requests a minute.`
  return allowed ? null : new HonzikError('RATE_LIMITED', message, { retryAfterSeconds })
}

interface Beginning {
  readonly viewer: KnownViewer
  readonly follows: boolean
  readonly refused: HonzikError | null
}

function operationOf(
  socket: WebSocket,
  { log }: FastifyRequest,
  { createContext, timeoutMs, lifecycle }: SocketRoute,
  { viewer: { viewer, label }, follows, refused }: Beginning,
): SocketOperation {
  const arrived = performance.now()
  const limit = follows
    ? deadline(FOLLOWING_MS, socket, lifecycle.farewell)
    : deadline(timeoutMs, socket, lifecycle.lastCall)
  const ending = new AbortController()
  const notes = createNotes((fault) => log.error({ err: fault }, 'fault'))
  const tutorSignal = AbortSignal.any([limit.tutorSignal, ending.signal])
  return {
    refused,
    context: createContext({ viewer, signal: limit.signal, tutorSignal, notes, cacheMode: 'USE', view: null }),
    [Symbol.dispose]() {
      ending.abort()
      limit[Symbol.dispose]()
      const { operation = null, codes, cause } = notes
      const ms = Math.round((performance.now() - arrived) * 10) / 10
      log.info({ operation, viewer: label, ms, ...(codes.length > 0 && { codes }), cause }, 'subscription')
    },
  }
}

/** Whoever reads slowly slows down what is sent to them, and nobody else. */
const sent = (socket: WebSocket, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) resolve()
    else socket.send(text, (error) => (error ? reject(error) : resolve()))
  })

function keepAlive(socket: WebSocket): NodeJS.Timeout {
  let isAlive = true
  socket.on('pong', () => {
    isAlive = true
  })
  return setInterval(() => {
    if (!isAlive) socket.terminate()
    isAlive = false
    if (socket.readyState === socket.OPEN) socket.ping()
  }, PING_MS)
}
