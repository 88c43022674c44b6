import type { Mark } from './shared-store.ts'

/** Leases share the keys of values; a value never begins like one. */
export const LEASE = 'lease:'

export const leaseToken = (unique: string): string => `${LEASE}${unique}`

export const isLease = (stored: string): boolean => stored.startsWith(LEASE)

/** What was found inside an envelope. */
export interface Opened {
  readonly json: string
  /** Milliseconds since 1970: at this instant the value ends, whatever time the store still gives it. */
  readonly expiresAt: number
}

/**
 * Wraps values for the store. A value counts only from the source that it was loaded from, in the life and epoch of the
 * store in which it was written, and for the shape that it was written in: whatever else is there is as good as nothing.
 */
export interface Envelope {
  seal(opened: Opened): string
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
    seal: ({ json, expiresAt }) => `${prefix}${Math.floor(expiresAt).toString(36)};${json}`,
    open(stored) {
      if (!stored.startsWith(prefix)) return null
      const end = stored.indexOf(';', prefix.length)
      if (end < 0) return null
      return { json: stored.slice(end + 1), expiresAt: Number.parseInt(stored.slice(prefix.length, end), 36) }
    },
  }
}
