import type { FastifyInstance } from 'fastify'
import type { Health } from '../domain/health.ts'
import type { Lifecycle } from './lifecycle.ts'

export interface HealthRoutes {
  readonly health: () => Promise<Health>
  readonly lifecycle: Lifecycle
}

/** `/health/live`: the process runs. `/health/ready`: send it requests. */
export function registerHealth(server: FastifyInstance, { health, lifecycle }: HealthRoutes): void {
  server.get('/health/live', async (_, reply) => {
    reply.header('cache-control', 'no-store')
    return { status: 'LIVE' }
  })

  server.get('/health/ready', async (_, reply) => {
    const state = await health()
    const ready = state.status !== 'UNHEALTHY' && !lifecycle.draining
    reply.code(ready ? 200 : 503).header('cache-control', 'no-store')
    return { ...state, draining: lifecycle.draining }
  })
}
