import { type ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { badInput, HonzikError } from '../domain/error.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { GraphQLContext } from '../graphql/context.ts'
import { cacheStatus, type RequestNotes } from '../graphql/notes.ts'
import { deadline } from './deadline.ts'
import { scopeOf } from './graphql-scope.ts'
import { answerStream, type StreamRoute, wantsStream } from './graphql-stream.ts'

export interface GraphQLRoute extends StreamRoute {
  readonly apollo: ApolloServer<GraphQLContext>
  /** Who an `Authorization` header proves the caller to be. */
  readonly readViewer: (authorization: string | undefined) => Promise<Viewer>
  /** Null: no limit. */
  readonly rateLimitPerMinute: number | null
  /** The page for a browser that comes to look; null where there is none. */
  readonly sendExplorer: ((reply: FastifyReply) => FastifyReply) | null
}

const ACCEPTABLE = /\*\/\*|application\/(\*|json|graphql-response\+json)/i

/** `/graphql`: GraphQL over HTTP, and the explorer for browsers. */
export async function registerGraphQL(server: FastifyInstance, route: GraphQLRoute): Promise<void> {
  await server.register(async (scope) => {
    scope.addHook('onRequest', async (request) => {
      request.viewer = await route.readViewer(request.headers.authorization)
    })
    if (route.rateLimitPerMinute !== null) await limitRate(scope, route.rateLimitPerMinute)

    scope.route({
      method: ['PUT', 'PATCH', 'DELETE'],
      url: '/graphql',
      handler: async (_, reply) => {
        reply.code(405).header('allow', 'GET, POST')
        throw badInput('method', 'must be GET or POST.')
      },
    })
    scope.route({
      method: ['GET', 'POST'],
      url: '/graphql',
      handler: async (request, reply) => {
        if (route.sendExplorer && wantsExplorer(request)) return route.sendExplorer(reply)
        return wantsStream(request) ? answerStream(request, reply, route) : answer(request, reply, route)
      },
    })
  })
}

async function answer(request: FastifyRequest, reply: FastifyReply, route: GraphQLRoute): Promise<FastifyReply> {
  const { apollo, createContext, countStatements, timeoutMs } = route
  // Before anything runs: a change that is kept must not be answered as if it had been refused.
  if (!ACCEPTABLE.test(request.headers.accept ?? '*/*')) {
    reply.code(406)
    throw badInput('accept', 'must allow application/graphql-response+json or application/json.')
  }
  using limit = deadline(timeoutMs, reply.raw, route.lastCall)
  const context = createContext(scopeOf(request, limit))
  const executed = countStatements(request.statements, () =>
    apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest: toApollo(request), context: async () => context }),
  )
  const response = await limit.race(executed)
  if (request.notes.query) reply.header('x-cache', cacheStatus(request.notes.cache))
  return send(reply, withSpecifiedStatus(response, request.notes))
}

function toApollo(request: FastifyRequest) {
  const headers = new HeaderMap()
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  const question = request.url.indexOf('?')
  return {
    method: request.method,
    headers,
    search: question < 0 ? '' : request.url.slice(question),
    body: request.body,
  }
}

/**
 * GraphQL over HTTP wants status 200 for a well-formed request whose document is wrong, as long as the answer's type
 * is `application/json`: only `application/graphql-response+json` lets a status speak of GraphQL.
 */
function withSpecifiedStatus(response: HTTPGraphQLResponse, { operation, codes }: RequestNotes): HTTPGraphQLResponse {
  const json = response.headers.get('content-type')?.startsWith('application/json') ?? false
  const aboutDocument = codes.includes('GRAPHQL_PARSE_FAILED') || codes.includes('GRAPHQL_VALIDATION_FAILED')
  const aboutVariables = operation !== undefined && codes.includes('BAD_USER_INPUT')
  return json && (aboutDocument || aboutVariables) ? { ...response, status: 200 } : response
}

async function send(reply: FastifyReply, { status, headers, body }: HTTPGraphQLResponse): Promise<FastifyReply> {
  reply.code(status ?? 200)
  for (const [name, value] of headers) reply.header(name, value)
  if (body.kind === 'complete') return reply.send(body.string)
  const chunks: string[] = []
  for await (const chunk of body.asyncIterator) chunks.push(chunk)
  return reply.send(chunks.join(''))
}

/** A browser's navigation: GET, prefers HTML, asks nothing. */
function wantsExplorer({ method, headers, query }: FastifyRequest): boolean {
  const asks = typeof query === 'object' && query !== null && 'query' in query
  return method === 'GET' && !asks && (headers.accept ?? '').includes('text/html')
}

async function limitRate(scope: FastifyInstance, perMinute: number): Promise<void> {
  await scope.register(rateLimit, {
    max: perMinute,
    timeWindow: 60_000,
    hook: 'preHandler',
    // Who is signed in has a limit of their own, wherever they come from.
    keyGenerator: ({ viewer, ip }) => (viewer.role === 'nobody' ? `ip ${ip}` : `${viewer.role} ${viewer.id}`),
    errorResponseBuilder: (_, { ttl }) =>
      new HonzikError('RATE_LIMITED', `At most ${perMinute} requests a minute.`, {
        retryAfterSeconds: Math.ceil(ttl / 1000),
      }),
  })
}
