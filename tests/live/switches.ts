/** Guards of the cache that can be taken away here, to see that the checker notices. */
export const GUARDS = ['lease', 'life', 'fence', 'trust'] as const
export type Guard = (typeof GUARDS)[number]

/** What a live server does differently from `npm start`. */
export interface Switches {
  /** The guard that is taken away; null in earnest. */
  readonly weaken: Guard | null
  /** Where the bus is heard, when that is another way to Redis than the one for commands. */
  readonly busUrl: string | null
  /** Milliseconds between reading rows and handing them over. */
  readonly slowReadsMs: number
  /** Milliseconds that whatever is asked of the store waits at most, on its way there and again on its way back. */
  readonly slowStoreMs: number
}

const NAMES = {
  weaken: 'LIVE_WEAKEN',
  busUrl: 'LIVE_BUS_URL',
  slowReadsMs: 'LIVE_SLOW_READS_MS',
  slowStoreMs: 'LIVE_SLOW_STORE_MS',
} as const

export const readSwitches = (env: Readonly<Record<string, string | undefined>>): Switches => ({
  weaken: GUARDS.find((guard) => guard === env[NAMES.weaken]) ?? null,
  busUrl: env[NAMES.busUrl] ?? null,
  slowReadsMs: Number(env[NAMES.slowReadsMs] ?? 0),
  slowStoreMs: Number(env[NAMES.slowStoreMs] ?? 0),
})

export const switchesToEnv = ({ weaken, busUrl, slowReadsMs, slowStoreMs }: Switches): Record<string, string> => ({
  ...(weaken !== null && { [NAMES.weaken]: weaken }),
  ...(busUrl !== null && { [NAMES.busUrl]: busUrl }),
  [NAMES.slowReadsMs]: String(slowReadsMs),
  [NAMES.slowStoreMs]: String(slowStoreMs),
})
