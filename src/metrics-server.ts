import type { FastifyBaseLogger } from 'fastify'
import type { Config } from './config.ts'
import type { Core } from './core.ts'
import { gaugesOf } from './gauges.ts'
import { createLifecycle } from './http/lifecycle.ts'
import { registerMetrics } from './http/metrics-route.ts'
import { createHttpServer } from './http/server.ts'
import { urlOf } from './urls.ts'

/** Says how a process is that answers no requests. */
export interface MetricsServer extends AsyncDisposable {
  /** Where it listens, such as `http://127.0.0.1:9464`. */
  readonly url: string
  /** Readiness says no from now on. */
  drain(): void
}

/** Milliseconds that an answer may take; the same as of a server that asks no model. */
const TIMEOUT_MS = 10_000
/** Milliseconds that the last answers get at the end; whoever reads numbers can read them elsewhere. */
const FAREWELL_MS = 500

/** Serves `/metrics` and `/health/…`, by the rules of a server that answers requests. @throws when the port is taken */
export async function startMetricsServer(
  config: Config & { readonly metricsPort: number },
  core: Core,
  log: FastifyBaseLogger,
): Promise<MetricsServer> {
  const { health, metrics } = gaugesOf(config, core)
  const lifecycle = createLifecycle()
  const traces = core.tracing?.requests ?? null
  const server = await createHttpServer({ ...config, log, lifecycle, health, traces, timeoutMs: TIMEOUT_MS })
  registerMetrics(server, { ...config, metrics })
  await server.listen({ port: config.metricsPort, host: config.host })
  return {
    url: urlOf(server.server.address(), config.host),
    drain: lifecycle.drain,
    async [Symbol.asyncDispose]() {
      const end = setTimeout(() => server.server.closeAllConnections(), FAREWELL_MS)
      await server.close()
      clearTimeout(end)
    },
  }
}
