import { type ComponentHealth, disabled, type Health, overallStatus } from '../domain/health.ts'

export interface HealthDeps {
  readonly version: string
  /** Resolves when the database answers. */
  readonly pingDatabase: () => Promise<void>
}

/** Milliseconds that one look stays good, so that a public query cannot be used to load the database. */
const FRESH_MS = 500

/** Tells the service's health; callers at the same moment share one look. */
export function createHealth({ version, pingDatabase }: HealthDeps): () => Promise<Health> {
  let look: Promise<ComponentHealth> | undefined
  let lookedAt = Number.NEGATIVE_INFINITY

  async function probe(): Promise<ComponentHealth> {
    const begun = performance.now()
    try {
      await pingDatabase()
      return { status: 'HEALTHY', latencyMs: Math.round((performance.now() - begun) * 100) / 100 }
    } catch {
      return { status: 'UNAVAILABLE', latencyMs: null }
    }
  }

  return async () => {
    if (look === undefined || performance.now() - lookedAt > FRESH_MS) {
      lookedAt = performance.now()
      look = probe()
    }
    const components = { database: await look, redis: disabled, ai: { status: disabled.status } }
    return {
      status: overallStatus(components),
      version,
      uptimeSeconds: Math.round(process.uptime() * 10) / 10,
      ...components,
    }
  }
}
