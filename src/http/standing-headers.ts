import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import Fastify, { type FastifyInstance } from 'fastify'

export interface StandingHeadersOptions {
  readonly production: boolean
  readonly corsOrigins: readonly string[]
}

/** Where Apollo Sandbox runs; it calls us from the visitor's own browser. */
export const SANDBOX_ORIGIN = 'https://studio.apollographql.com'

/** The headers that every answer has, whatever it says. */
export async function registerStandingHeaders(server: FastifyInstance, options: StandingHeadersOptions): Promise<void> {
  await server.register(helmet, securityHeaders(options.production))
  await server.register(cors, corsOptions(originsOf(options)))
}

/**
 * The same headers, names and values in turns, for answers that are sent past the framework. They are what the plugins
 * themselves say to a request from each origin.
 */
export async function readStandingHeaders(options: StandingHeadersOptions) {
  await using server = { ...(await standing(options)) }
  const headersFor = async (origin: string | undefined) => {
    const { headers } = await server.inject({ url: '/', headers: { ...(origin !== undefined && { origin }) } })
    return Object.entries(headers).flatMap(([name, value]) =>
      OWN.has(name) || value === undefined ? [] : [name, String(value)],
    )
  }
  const none = await headersFor(undefined)
  const other = await headersFor('https://origin.invalid')
  const known = new Map<string, readonly string[]>()
  for (const origin of originsOf(options)) known.set(origin, await headersFor(origin))
  return (origin: string | undefined): readonly string[] => (origin === undefined ? none : (known.get(origin) ?? other))
}

/** What is said of one answer, and not of all. */
const OWN = new Set(['content-type', 'content-length', 'date', 'connection', 'keep-alive', 'vary'])

async function standing(options: StandingHeadersOptions) {
  const server = Fastify()
  await registerStandingHeaders(server, options)
  server.get('/', async () => '')
  return {
    inject: server.inject.bind(server),
    [Symbol.asyncDispose]: () => server.close(),
  }
}

const originsOf = ({ production, corsOrigins }: StandingHeadersOptions): readonly string[] =>
  production ? corsOrigins : [...corsOrigins, SANDBOX_ORIGIN]

const securityHeaders = (production: boolean) => ({
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  // Only a deployment behind TLS can promise to stay there.
  strictTransportSecurity: production && { maxAge: 31_536_000 },
  crossOriginResourcePolicy: { policy: 'cross-origin' as const },
  // These are about pages, of which we have one, or about browsers that are gone.
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
})

const corsOptions = (origins: readonly string[]) => ({
  origin: [...origins],
  methods: ['GET', 'POST'],
  allowedHeaders: [
    'authorization',
    'content-type',
    'cache-control',
    'if-none-match',
    'range',
    'if-range',
    'x-cache-debug',
    'apollo-require-preflight',
    'x-apollo-operation-name',
    'apollographql-client-name',
    'apollographql-client-version',
    'x-request-id',
  ],
  exposedHeaders: ['x-request-id', 'retry-after', 'x-cache', 'age', 'etag', 'content-range', 'accept-ranges'],
  maxAge: 600,
  // OPTIONS without a preflight's headers is a request like any other.
  strictPreflight: false,
})
