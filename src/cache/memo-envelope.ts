import { inDigits, leaseToken } from './envelope.ts'

/** A value as it is remembered. */
export interface Entry<Value> {
  readonly value: Value
  /** The value as text. */
  readonly json: string
  /** Milliseconds since 1970. */
  readonly computedAt: number
  /** Milliseconds since 1970: at this instant it ends, whatever time the store still gives it. */
  readonly expiresAt: number
}

/** A value as it is stored. */
export interface Sealed extends Pick<Entry<unknown>, 'computedAt' | 'expiresAt'> {
  /** The value as text, maybe compressed. */
  readonly body: string
}

/** Wraps the values that answer one question. Whatever else stands in the place is as good as nothing. */
export interface MemoEnvelope {
  seal(sealed: Sealed): string
  /** Null when this answers something else, comes from another source, or has another shape. */
  open(stored: string): Sealed | null
}

export interface MemoEnvelopeOptions {
  /** The source that values belong to, such as a database. */
  readonly origin: string
  readonly policy: string
  /** Of the shape of what is inside. */
  readonly version: number
  /** What is asked. */
  readonly fingerprint: string
}

export function createMemoEnvelope({ origin, policy, version, fingerprint }: MemoEnvelopeOptions): MemoEnvelope {
  const prefix = `${origin}/${policy}/${version}/${fingerprint}:`
  return {
    seal: ({ body, computedAt, expiresAt }) => `${prefix}${inDigits(expiresAt)}.${inDigits(computedAt)};${body}`,
    open(stored) {
      if (!stored.startsWith(prefix)) return null
      const end = stored.indexOf(';', prefix.length)
      const [expiresAt = Number.NaN, computedAt = Number.NaN] = stored
        .slice(prefix.length, end)
        .split('.')
        .map((digits) => Number.parseInt(digits, 36))
      return { body: stored.slice(end + 1), expiresAt, computedAt }
    },
  }
}

/** The same whatever was asked. */
export function openedAny(stored: string, options: Omit<MemoEnvelopeOptions, 'fingerprint'>): Sealed | null {
  const { origin, policy, version } = options
  const start = `${origin}/${policy}/${version}/`
  const fingerprint = stored.slice(start.length, stored.indexOf(':', start.length))
  return createMemoEnvelope({ ...options, fingerprint }).open(stored)
}

/** Says what it is for, so that those who want something else in the same place do not wait for it. */
export const memoLease = (aim: string, unique: string): string => leaseToken(`${aim}:${unique}`)

export const isLeaseFor = (stored: string, aim: string): boolean => stored.startsWith(leaseToken(`${aim}:`))

const prefixOfFailure = (lease: string): string => `failed:${lease.slice(lease.lastIndexOf(':') + 1)}:`

/** Tells those who wait for the lease that what they wait for failed. */
export const failureNote = (lease: string, failure: string): string => `${prefixOfFailure(lease)}${failure}`

/** The failure of exactly this lease, or null: another one's is that of those who waited for that. */
export function failureOf(stored: string, lease: string): string | null {
  const prefix = prefixOfFailure(lease)
  return stored.startsWith(prefix) ? stored.slice(prefix.length) : null
}
