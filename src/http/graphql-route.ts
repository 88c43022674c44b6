import { type ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { badInput } from '../domain/error.ts'
import type { GraphQLContext } from '../graphql/context.ts'
import { cacheStatus, type RequestNotes } from '../graphql/notes.ts'
import { type AnswerReporter, reportWhenOver } from './answered.ts'
import { deadline } from './deadline.ts'
import type { FailedDocuments } from './failed-documents.ts'
import { scopeOf } from './graphql-scope.ts'
import { type SocketRoute, serveSocket } from './graphql-socket.ts'
import { answerStream, type StreamRoute, wantsStream } from './graphql-stream.ts'
import { readMultipart } from './multipart.ts'
import { acceptsGzip, encodingsOf, GZIP_FROM, gzipped } from './negotiation.ts'
import { registerRateLimit } from './rate-limit.ts'
import { VARY } from './whole.ts'

export interface GraphQLRoute extends StreamRoute, SocketRoute {
  readonly apollo: ApolloServer<GraphQLContext>
  readonly failedDocuments: FailedDocuments
  readonly answered: AnswerReporter
  /** The page for a browser that comes to look; null where there is none. */
  readonly sendExplorer: ((reply: FastifyReply) => FastifyReply) | null
}

const ACCEPTABLE = /\*\/\*|application\/(\*|json|graphql-response\+json)/i

/** `/graphql`: GraphQL over HTTP, and the explorer for browsers. */
export async function registerGraphQL(server: FastifyInstance, route: GraphQLRoute): Promise<void> {
  await server.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      reportWhenOver(request, reply, route.answered)
      const { authorization } = request.headers
      request.viewer = (route.viewers.known(authorization) ?? (await route.viewers.read(authorization))).viewer
    })
    if (route.rateLimit) registerRateLimit(scope, route.rateLimit)

    scope.route({
      method: ['PUT', 'PATCH', 'DELETE'],
      url: '/graphql',
      handler: async (_, reply) => {
        reply.code(405).header('allow', 'GET, POST')
        throw badInput('method', 'must be GET or POST.')
      },
    })
    scope.route({
      method: 'POST',
      url: '/graphql',
      handler: (request, reply) => respond(request, reply, route),
    })
    scope.route({
      method: 'GET',
      url: '/graphql',
      handler: async (request, reply) => {
        if (route.sendExplorer && wantsExplorer(request)) return route.sendExplorer(reply)
        return respond(request, reply, route)
      },
      wsHandler: (socket, request) => serveSocket(socket, request, route),
    })
  })
}

function respond(request: FastifyRequest, reply: FastifyReply, route: GraphQLRoute) {
  const respondNow = () => (wantsStream(request) ? answerStream(request, reply, route) : answer(request, reply, route))
  return request.trace ? request.trace.run(respondNow) : respondNow()
}

async function answer(request: FastifyRequest, reply: FastifyReply, route: GraphQLRoute): Promise<FastifyReply> {
  const { apollo, createContext, countStatements, timeoutMs, failedDocuments } = route
  // Before anything runs: a change that is kept must not be answered as if it had been refused.
  if (!ACCEPTABLE.test(request.headers.accept ?? '*/*')) {
    reply.code(406)
    throw badInput('accept', 'must allow application/graphql-response+json or application/json.')
  }
  if (request.isMultipart()) request.body = await readMultipart(request)
  const failed = failedDocuments.recall(request)
  if (failed) {
    request.notes.codes = failed.codes
    return send(request, reply, withSpecifiedStatus(failed.response, request.notes))
  }
  using limit = deadline(timeoutMs, reply.raw, route.lastCall)
  const context = createContext(scopeOf(request, limit))
  const executed = countStatements(request.statements, () =>
    apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest: toApollo(request), context: async () => context }),
  )
  const response = await limit.race(executed)
  failedDocuments.note(request, response)
  if (request.notes.query) reply.header('x-cache', cacheStatus(request.notes.cache))
  return send(request, reply, withSpecifiedStatus(response, request.notes))
}

function toApollo(request: FastifyRequest) {
  const headers = new HeaderMap()
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  // Browsers ask first before they send a token to another origin, so that there is nothing to be prevented.
  if (request.isMultipart()) headers.set('apollo-require-preflight', 'true')
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

async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, headers, body }: HTTPGraphQLResponse,
): Promise<FastifyReply> {
  reply
    .code(status ?? 200)
    .header('vary', VARY)
    .header('cache-control', 'no-store')
  if (request.notes.query) reply.header('age', 0)
  for (const [name, value] of headers) reply.header(name, value)
  const bytes = Buffer.from(await textOf(body))
  if (bytes.length <= GZIP_FROM || !acceptsGzip(encodingsOf(request.headers))) return reply.send(bytes)
  const compressed = await gzipped(bytes)
  return reply.header('content-encoding', 'gzip').header('content-length', compressed.length).send(compressed)
}

async function textOf(body: HTTPGraphQLResponse['body']): Promise<string> {
  if (body.kind === 'complete') return body.string
  const chunks: string[] = []
  for await (const chunk of body.asyncIterator) chunks.push(chunk)
  return chunks.join('')
}

/** A browser's navigation: GET, prefers HTML, asks nothing. */
function wantsExplorer({ method, headers, query }: FastifyRequest): boolean {
  const asks = typeof query === 'object' && query !== null && 'query' in query
  return method === 'GET' && !asks && (headers.accept ?? '').includes('text/html')
}
