import type { FastifyRequest } from 'fastify'
import type { RequestScope } from '../graphql/scope.ts'
import type { Deadline } from './deadline.ts'

/** What a request's context is made from. */
export const scopeOf = (
  request: FastifyRequest,
  { signal, tutorSignal }: Pick<Deadline, 'signal' | 'tutorSignal'>,
): RequestScope => ({
  viewer: request.viewer,
  signal,
  tutorSignal,
  notes: request.notes,
  cacheMode: cacheModeOf(request.headers['cache-control']),
  view: null,
})

/** What the caller wants of caches (RFC 9111, 5.2.1): `no-store` forbids them, `no-cache` wants everything loaded anew. */
export function cacheModeOf(header: string | undefined): RequestScope['cacheMode'] {
  if (header === undefined) return 'USE'
  const directives = header.split(',').map((directive) => directive.trim().toLowerCase())
  if (directives.includes('no-store')) return 'BYPASS'
  return directives.includes('no-cache') ? 'REFRESH' : 'USE'
}
