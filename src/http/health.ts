import { type ComponentHealth, type ComponentStatus, disabled, type Health, overallStatus } from '../domain/health.ts'

export interface HealthDeps {
  readonly version: string
  /** Resolves when the database answers. */
  readonly pingDatabase: () => Promise<void>
  /** Resolves when the shared cache does all that it has to; null where there is none. */
  readonly pingCache: (() => Promise<void>) | null
  /** Whether models answer, as far as the last calls have shown. */
  readonly ai: () => ComponentStatus
}

/** Milliseconds that one look stays good, so that a public query cannot be used to load the database. */
const FRESH_MS = 500

/** Tells the service's health; callers at the same moment share one look. */
export function createHealth({ version, pingDatabase, pingCache, ai }: HealthDeps): () => Promise<Health> {
  let look: Promise<readonly [database: ComponentHealth, redis: ComponentHealth]> | undefined
  let lookedAt = Number.NEGATIVE_INFINITY

  return async () => {
    if (look === undefined || performance.now() - lookedAt > FRESH_MS) {
      lookedAt = performance.now()
      look = Promise.all([probe(pingDatabase), pingCache ? probe(pingCache) : disabled])
    }
    const [database, redis] = await look
    const components = { database, redis, ai: { status: ai() } }
    return {
      status: overallStatus(components),
      version,
      uptimeSeconds: Math.round(process.uptime() * 10) / 10,
      ...components,
    }
  }
}

async function probe(ping: () => Promise<void>): Promise<ComponentHealth> {
  const begun = performance.now()
  try {
    await ping()
    return { status: 'HEALTHY', latencyMs: Math.round((performance.now() - begun) * 100) / 100 }
  } catch {
    return { status: 'UNAVAILABLE', latencyMs: null }
  }
}
