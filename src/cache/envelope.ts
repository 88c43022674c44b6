import type { Mark } from './shared-store.ts'

/** Leases share the keys of values; a value never begins like one. */
export const LEASE = 'lease:'

export const leaseToken = (unique: string): string => `${LEASE}${unique}`

export const isLease = (stored: string): boolean => stored.startsWith(LEASE)

/** What was found inside an envelope. */
export interface Opened {
  /** JSON, maybe compressed. */
  readonly body: string
  /** Milliseconds since 1970: at this instant the value ends, whatever time the store still gives it. */
  readonly expiresAt: number
  /** When it was loaded, in milliseconds since 1970; null where an earlier release has not said so. */
  readonly loadedAt: number | null
}

/**
 * Wraps values for the store. A value counts only from the source that it was loaded from, in the life and epoch of the
 * store in which it was written, and for the shape that it was written in: whatever else is there is as good as nothing.
 */
export interface Envelope {
  seal(opened: Opened & { readonly loadedAt: number }): string
  /** Null when this is not one of ours of now. */
  open(stored: string): Opened | null
}

/**
 * @param origin the source that the value was loaded from
 * @param version of the shape of what is inside, raised whenever older values should no longer be read
 */
export function createEnvelope(origin: string, { life, epoch }: Mark, version: number): Envelope {
  // One comparison of a short prefix decides: a hit must cost little more than the parsing of its JSON.
  const prefix = `${origin}/${life}/${epoch.toString(36)}/${version}:`
  return {
    seal: ({ body, expiresAt, loadedAt }) => `${prefix}${inDigits(expiresAt)}.${inDigits(loadedAt)};${body}`,
    open(stored) {
      if (!stored.startsWith(prefix)) return null
      const end = stored.indexOf(';', prefix.length)
      if (end < 0) return null
      const dot = stored.indexOf('.', prefix.length)
      return {
        body: stored.slice(end + 1),
        expiresAt: Number.parseInt(stored.slice(prefix.length, end), 36),
        loadedAt: dot < 0 || dot > end ? null : Number.parseInt(stored.slice(dot + 1, end), 36),
      }
    },
  }
}

/** Milliseconds since 1970 as they are written. */
export const inDigits = (instant: number): string => Math.floor(instant).toString(36)
