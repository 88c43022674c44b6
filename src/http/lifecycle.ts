import type { FastifyInstance } from 'fastify'

/** Whether the server is on its way out. Requests are answered until the end; only readiness says no. */
export interface Lifecycle {
  readonly draining: boolean
  drain(): void
}

export function createLifecycle(): Lifecycle {
  let draining = false
  return {
    get draining() {
      return draining
    },
    drain() {
      draining = true
    },
  }
}

/** While draining, every answer asks its client to come back on another connection. */
export function registerLifecycle(server: FastifyInstance, lifecycle: Lifecycle): void {
  server.addHook('onSend', async (_, reply) => {
    if (lifecycle.draining) reply.header('connection', 'close')
  })
}
