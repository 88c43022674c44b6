import type { IncomingMessage } from 'node:http'
import type { Outcome, RequestTrace, RequestTraces } from '../http/request-traces.ts'
import type { Facts, Spans } from './spans.ts'

/** A span for each request, in the words of OpenTelemetry's conventions for HTTP and GraphQL servers. */
export function createRequestSpans(spans: Spans): RequestTraces {
  const known = new WeakMap<IncomingMessage, RequestTrace>()

  function begin(header: string | string[] | undefined, began: number): RequestTrace {
    // More than one says nothing.
    const traceparent = typeof header === 'string' ? header : undefined
    const { traceId, run, end } = spans.begin({ kind: 'request', traceparent, began })
    return { traceId, run, end: (outcome) => end(nameOf(outcome), factsOf(outcome), errorOf(outcome)) }
  }

  return {
    begin,
    of: (request, arrived) => known.getOrInsertComputed(request, () => begin(request.headers['traceparent'], arrived)),
  }
}

/** Such as `query Home`; what was no operation, by its method and route. */
const nameOf = ({ type, operation, method, route }: Outcome): string =>
  type ? [type, operation].filter(Boolean).join(' ') : `${method} ${route}`

const factsOf = ({ method, route, status, finished, sql, type, operation, cache, codes }: Outcome): Facts => ({
  ...(method !== undefined && { 'http.request.method': method }),
  ...(route !== null && { 'http.route': route, 'url.path': route }),
  'http.response.status_code': status,
  'honzik.sql': sql,
  ...(type && { 'graphql.operation.type': type }),
  ...(operation && { 'graphql.operation.name': operation }),
  ...(cache && { 'honzik.cache.status': cache }),
  ...(codes.length > 0 && { 'honzik.codes': codes.join(' ') }),
  ...(!finished && { 'honzik.aborted': true }),
})

/** What a caller did wrong is no error of this server's. */
const errorOf = ({ status, codes }: Outcome): string | undefined =>
  codes.find((code) => OURS.has(code)) ?? (status >= 500 ? String(status) : undefined)

const OURS = new Set(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE', 'UPSTREAM_UNAVAILABLE'])
