import { expect, test } from 'vitest'
import { disabled } from '../../src/domain/health.ts'
import { createLifecycle } from '../../src/http/lifecycle.ts'
import { createHttpServer } from '../../src/http/server.ts'
import { createLog } from '../../src/telemetry/log.ts'

test.each([10_000, 602_000])(
  'a connection may be silent for longer than a request of %i ms is worked on',
  async (timeoutMs) => {
    const server = await createHttpServer({
      log: createLog('silent'),
      production: false,
      corsOrigins: [],
      lifecycle: createLifecycle(),
      health: async () => ({
        status: 'HEALTHY',
        version: '0',
        uptimeSeconds: 0,
        database: disabled,
        redis: disabled,
        ai: { status: 'DISABLED' },
      }),
      timeoutMs,
    })
    expect(server.server.timeout).toBeGreaterThan(timeoutMs)
    await server.close()
  },
)
