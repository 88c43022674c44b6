import { createHash, timingSafeEqual } from 'node:crypto'
import { BlockList, isIPv6 } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HonzikError } from '../domain/error.ts'

/** What the service counts and measures. */
export interface Metrics {
  /** The media type of what is read. */
  readonly contentType: string
  /** All of it as it is now, in Prometheus' text format 0.0.4. */
  readonly read: () => Promise<string>
}

export interface MetricsRoute {
  readonly metrics: Metrics
  /** Whoever has it may read; null: only callers on this machine may. */
  readonly metricsToken: string | null
}

/** `GET /metrics`: what is counted and measured, for Prometheus. */
export function registerMetrics(server: FastifyInstance, { metrics, metricsToken }: MetricsRoute): void {
  server.get('/metrics', async (request, reply) => {
    if (metricsToken === null) requireLocal(request)
    else requireToken(request, metricsToken)
    return reply
      .header('cache-control', 'no-store')
      .type(metrics.contentType)
      .send(await metrics.read())
  })
}

function requireToken({ headers }: FastifyRequest, token: string): void {
  const [, given] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? []
  if (given === undefined || !timingSafeEqual(digest(given), digest(token)))
    throw new HonzikError('UNAUTHENTICATED', 'Metrics are for those who have METRICS_TOKEN.')
}

/** Of equal length, as the comparison needs. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8)
LOOPBACK.addAddress('::1', 'ipv6')

/** A proxy on this machine passes on what comes from elsewhere, and says so. */
function requireLocal({ headers, socket }: FastifyRequest): void {
  const { remoteAddress: address = '' } = socket
  const isPassedOn = 'forwarded' in headers || 'x-forwarded-for' in headers || 'x-real-ip' in headers
  if (isPassedOn || !LOOPBACK.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'))
    throw new HonzikError('FORBIDDEN', 'Metrics are for callers on this machine, as METRICS_TOKEN is not set.')
}
