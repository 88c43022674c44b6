import type { FastifyInstance } from 'fastify'

/** Whether the server is on its way out. Requests are answered until the end; only readiness says no. */
export interface Lifecycle {
  readonly draining: boolean
  drain(): void
  /** Aborted when the server begins to close: whoever follows something has to do so elsewhere. */
  readonly farewell: AbortSignal
  bidFarewell(): void
  /** Aborted when what still runs has to be given up, and answered so. */
  readonly lastCall: AbortSignal
  callLast(): void
}

export function createLifecycle(): Lifecycle {
  let draining = false
  const farewell = new AbortController()
  const controller = new AbortController()
  return {
    get draining() {
      return draining
    },
    drain() {
      draining = true
    },
    farewell: farewell.signal,
    bidFarewell: () => farewell.abort(),
    lastCall: controller.signal,
    callLast: () => controller.abort(),
  }
}

/** While draining, every answer asks its client to come back on another connection; at the end, followers go. */
export function registerLifecycle(server: FastifyInstance, lifecycle: Lifecycle): void {
  server.addHook('preClose', async () => lifecycle.bidFarewell())
  server.addHook('onSend', async (_, reply) => {
    if (lifecycle.draining) reply.header('connection', 'close')
  })
}
