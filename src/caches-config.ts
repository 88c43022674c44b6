/** What is cached, for how long and how much of it. */
export interface CachesConfig {
  readonly cacheEnabled: boolean
  /** Seconds that cached values live at most. */
  readonly cacheTtls: { readonly user: number; readonly stats: number; readonly other: number; readonly openai: number }
  /** Bytes that the process's own memory may keep of cached values. */
  readonly cacheL1MaxBytes: number
  /** Bytes that one cached value may have; larger ones are not kept. */
  readonly cacheEntryMaxBytes: number
  /** Whether whole answers are kept, besides what they are made from. */
  readonly cacheResponses: boolean
  readonly cacheL1Consistency: 'strict' | 'bounded'
}

/** What the variables say. */
export interface CachesVariables {
  readonly CACHE_ENABLED: 'true' | 'false'
  readonly REDIS_CACHE_TTL_DEFAULT: number
  readonly REDIS_CACHE_TTL_USER: number
  readonly REDIS_CACHE_TTL_STATS: number
  readonly REDIS_CACHE_TTL_OPENAI: number
  readonly CACHE_L1_MAX_MB: number
  readonly CACHE_ENTRY_MAX_KB: number
  readonly CACHE_RESPONSES: 'true' | 'false'
  readonly CACHE_L1_CONSISTENCY: CachesConfig['cacheL1Consistency']
}

export const cachesIn = (data: CachesVariables): CachesConfig => ({
  cacheEnabled: data.CACHE_ENABLED === 'true',
  cacheTtls: {
    user: data.REDIS_CACHE_TTL_USER,
    stats: data.REDIS_CACHE_TTL_STATS,
    other: data.REDIS_CACHE_TTL_DEFAULT,
    openai: data.REDIS_CACHE_TTL_OPENAI,
  },
  cacheL1MaxBytes: data.CACHE_L1_MAX_MB * 1024 * 1024,
  cacheEntryMaxBytes: data.CACHE_ENTRY_MAX_KB * 1024,
  cacheResponses: data.CACHE_RESPONSES === 'true',
  cacheL1Consistency: data.CACHE_L1_CONSISTENCY,
})
