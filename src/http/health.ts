import type { Clock } from '../domain/calendar.ts'
import {
  type Backlog,
  type ComponentHealth,
  type ComponentStatus,
  disabled,
  type Health,
  jobsHealth,
  overallStatus,
} from '../domain/health.ts'

export interface HealthDeps {
  readonly version: string
  /** Resolves when the shared cache does all that it has to; null where there is none. */
  readonly pingCache: (() => Promise<void>) | null
  /** Whether models answer, as far as the last calls have shown. */
  readonly ai: () => ComponentStatus
  /** What waits, as the database says, which shows that it answers. */
  readonly backlog: () => Promise<Backlog>
  /** Jobs that may wait. */
  readonly jobsMax: number
  readonly clock: Clock
}

/** Milliseconds that one look stays good, so that a public query cannot be used to load the database. */
const FRESH_MS = 500

/** Tells the service's health; callers at the same moment share one look. */
export function createHealth(deps: HealthDeps): () => Promise<Health> {
  const { version, ai, jobsMax, clock } = deps
  let look: ReturnType<typeof lookAt> | undefined
  let lookedAt = Number.NEGATIVE_INFINITY

  return async () => {
    if (look === undefined || performance.now() - lookedAt > FRESH_MS) {
      lookedAt = performance.now()
      look = lookAt(deps)
    }
    const [database, redis, backlog] = await look
    const components = { database, redis, ai: { status: ai() }, jobs: jobsHealth(backlog, jobsMax, clock()) }
    return {
      status: overallStatus(components),
      version,
      uptimeSeconds: Math.round(process.uptime() * 10) / 10,
      ...components,
    }
  }
}

async function lookAt({ pingCache, backlog }: HealthDeps) {
  const [counted, reached] = await Promise.all([probe(backlog), pingCache && probe(pingCache)])
  return [counted.health, reached?.health ?? disabled, counted.answer] as const
}

async function probe<Answer>(ask: () => Promise<Answer>): Promise<{ health: ComponentHealth; answer: Answer | null }> {
  const begun = performance.now()
  try {
    const answer = await ask()
    const latencyMs = Math.round((performance.now() - begun) * 100) / 100
    return { health: { status: 'HEALTHY', latencyMs }, answer }
  } catch {
    return { health: { status: 'UNAVAILABLE', latencyMs: null }, answer: null }
  }
}
