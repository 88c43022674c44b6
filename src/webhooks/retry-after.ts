/** A webhook lives no longer, so a longer wait means nothing. */
const LONGEST_S = 86_400

/** As RFC 9110 has senders write it; the older forms are not worth guessing at. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/**
 * Whole seconds that a receiver asks us to stay away, a day at most; null when it does not say so intelligibly.
 * @param now milliseconds since 1970
 */
export function retryAfterSeconds(header: string | undefined, now: number): number | null {
  if (header === undefined) return null
  if (/^\d+$/.test(header)) return Math.min(LONGEST_S, Number(header))
  const until = HTTP_DATE.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(until) ? null : Math.min(LONGEST_S, Math.max(0, Math.ceil((until - now) / 1_000)))
}
