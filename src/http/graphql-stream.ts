import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { badInput } from '../domain/error.ts'
import type { GraphQLContext } from '../graphql/context.ts'
import type { RequestScope } from '../graphql/scope.ts'
import type { StreamHandler } from '../graphql/stream.ts'
import { isFollowing, isSubscription } from '../graphql/subscription-request.ts'
import { deadline } from './deadline.ts'
import { scopeOf } from './graphql-scope.ts'
import { keepOpen } from './keep-open.ts'
import type { Lifecycle } from './lifecycle.ts'

export interface StreamRoute {
  readonly stream: StreamHandler
  readonly createContext: (scope: RequestScope) => GraphQLContext
  /** Runs `work` and adds the SQL statements that it causes to `into`. */
  readonly countStatements: <T>(into: { count: number }, work: () => T) => T
  /** Milliseconds that a stream may take. */
  readonly timeoutMs: number
  /** Aborted when the server stops and waits no longer. */
  readonly lastCall: AbortSignal
  readonly lifecycle: Lifecycle
}

/** Milliseconds that something may be followed; then its client comes back. */
export const FOLLOWING_MS = 15 * 60_000

const EVENTS = 'text/event-stream'

/** Whether a request is to be answered with events. Some clients accept them for whatever they ask. */
export function wantsStream({ headers, body, query }: FastifyRequest): boolean {
  const accept = headers.accept ?? ''
  if (!accept.includes(EVENTS)) return false
  return !accept.includes('json') || isSubscription(recordOf(body) ?? recordOf(query) ?? {})
}

/** Answers with server-sent events, one for each part as it comes, until the operation is over. */
export async function answerStream(request: FastifyRequest, reply: FastifyReply, route: StreamRoute): Promise<void> {
  if (request.isMultipart()) throw badInput('content-type', 'must be application/json for what is streamed.')
  using limit = isFollowing(recordOf(request.body) ?? recordOf(request.query) ?? {})
    ? deadline(FOLLOWING_MS, reply.raw, route.lifecycle.farewell)
    : deadline(route.timeoutMs, reply.raw, route.lastCall)
  const context = route.createContext(scopeOf(request, limit))
  await route.countStatements(request.statements, async () => {
    const [body, { headers }] = await route.stream({
      method: request.method,
      url: request.url,
      headers: { get: (name) => (name === 'accept' ? EVENTS : headerOf(request, name)) },
      body: recordOf(request.body),
      raw: request,
      context,
    })
    // A text instead of events says what is wrong with the request, in words of the library's own.
    if (body === null || typeof body === 'string')
      throw badInput('query', `must be that of a subscription${saying(body)}`)
    reply.hijack()
    // Proxies such as nginx would keep the events back until there are enough of them.
    reply.raw.writeHead(200, { ...plainHeaders(reply), ...headers, 'x-accel-buffering': 'no' })
    await pipe(body, reply.raw, limit.signal)
  })
}

async function pipe(events: AsyncIterable<string>, response: ServerResponse, signal: AbortSignal): Promise<void> {
  using _ = keepOpen(response)
  try {
    for await (const event of events) {
      // Who has gone reads no more; the work ends by itself, as it is told so.
      if (!response.destroyed && !response.write(event)) await drained(response, signal)
    }
  } finally {
    response.end()
  }
}

/** Waits until the reader has caught up, or nobody waits any more. */
const drained = (response: ServerResponse, signal: AbortSignal): Promise<unknown> =>
  once(response, 'drain', { signal }).catch(() => {})

const headerOf = ({ headers }: FastifyRequest, name: string): string | null => {
  const value = headers[name]
  return Array.isArray(value) ? value.join(', ') : (value ?? null)
}

const recordOf = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : null

function saying(body: string | null): string {
  const message = body === null ? undefined : /"message":"([^"]*)"/.exec(body)?.[1]
  return message === undefined ? '.' : `: ${message}.`
}

/** The headers that plugins have set already. */
export const plainHeaders = (reply: FastifyReply): Record<string, string | number | string[]> =>
  Object.fromEntries(
    Object.entries(reply.getHeaders()).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
