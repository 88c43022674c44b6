export type ComponentStatus = 'HEALTHY' | 'UNAVAILABLE' | 'DISABLED'

export interface ComponentHealth {
  readonly status: ComponentStatus
  /** Milliseconds; null when the component did not answer. */
  readonly latencyMs: number | null
}

export interface Health {
  readonly status: 'HEALTHY' | 'DEGRADED' | 'UNHEALTHY'
  readonly version: string
  readonly uptimeSeconds: number
  readonly database: ComponentHealth
  readonly redis: ComponentHealth
  readonly ai: { readonly status: ComponentStatus }
}

export const disabled: ComponentHealth = { status: 'DISABLED', latencyMs: null }

/** Nothing works without the database; everything works without the others, only slower or simpler. */
export function overallStatus({ database, redis, ai }: Pick<Health, 'database' | 'redis' | 'ai'>): Health['status'] {
  if (database.status !== 'HEALTHY') return 'UNHEALTHY'
  return redis.status === 'UNAVAILABLE' || ai.status === 'UNAVAILABLE' ? 'DEGRADED' : 'HEALTHY'
}
