import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { badInput, HonzikError } from '../domain/error.ts'
import type { Health } from '../domain/health.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { RequestNotes } from '../graphql/notes.ts'
import { sendError } from './errors.ts'
import { registerHealth } from './health-routes.ts'
import { type Lifecycle, registerLifecycle } from './lifecycle.ts'
import { registerRequestLog, requestId } from './request-log.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; nobody until the route has read the token. */
    viewer: Viewer
    notes: RequestNotes
    /** When the request arrived, on the process's monotonic clock, in milliseconds. */
    arrived: number
    statements: { count: number }
  }
}

export interface HttpServerOptions {
  readonly log: FastifyBaseLogger
  readonly production: boolean
  readonly corsOrigins: readonly string[]
  readonly lifecycle: Lifecycle
  readonly health: () => Promise<Health>
  /** Milliseconds that a request may take. */
  readonly timeoutMs: number
}

/** Bytes of a request body at most. */
export const BODY_MAX = 256 * 1024

/** Where Apollo Sandbox runs; it calls us from the visitor's own browser. */
export const SANDBOX_ORIGIN = 'https://studio.apollographql.com'

/** The HTTP server with everything that is the same for every route. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { log, production, corsOrigins, lifecycle, health, timeoutMs } = options
  const server = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_MAX,
    genReqId: requestId,
    frameworkErrors: (error, request, reply) => sendError(error, request, reply),
    // A request that was accepted is answered, also while shutting down.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // Slower than any honest client; keeps half-sent requests from piling up.
    requestTimeout: 30_000,
    http: { connectionsCheckingInterval: 5_000 },
    // Longer than any request is worked on, during which its connection is silent.
    connectionTimeout: Math.max(60_000, timeoutMs + 10_000),
    routerOptions: { maxParamLength: 100 },
  })
  registerRequestLog(server)
  registerLifecycle(server, lifecycle)
  await server.register(helmet, securityHeaders(production))
  await server.register(cors, corsOptions(production ? corsOrigins : [...corsOrigins, SANDBOX_ORIGIN]))
  readOnlyJson(server)
  server.setErrorHandler((error, request, reply) => sendError(error, request, reply))
  server.setNotFoundHandler((request, reply) =>
    sendError(new HonzikError('NOT_FOUND', 'There is nothing at this address; try /graphql.'), request, reply),
  )
  registerHealth(server, { health, lifecycle })
  return server
}

/** Bodies are JSON and nothing else: what browsers can send across origins without asking first is refused. */
function readOnlyJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) => {
    try {
      done(null, JSON.parse(String(body)))
    } catch {
      done(badInput('body', 'must be valid JSON.'))
    }
  })
}

const securityHeaders = (production: boolean) => ({
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  // Only a deployment behind TLS can promise to stay there.
  strictTransportSecurity: production && { maxAge: 31_536_000 },
  crossOriginResourcePolicy: { policy: 'cross-origin' as const },
})

const corsOptions = (origins: readonly string[]) => ({
  origin: [...origins],
  methods: ['GET', 'POST'],
  allowedHeaders: [
    'authorization',
    'content-type',
    'cache-control',
    'x-cache-debug',
    'apollo-require-preflight',
    'x-apollo-operation-name',
    'apollographql-client-name',
    'apollographql-client-version',
    'x-request-id',
  ],
  exposedHeaders: ['x-request-id', 'retry-after', 'x-cache'],
  maxAge: 600,
  // OPTIONS without a preflight's headers is a request like any other.
  strictPreflight: false,
})
