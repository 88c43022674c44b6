/** Longer waits are no promises that anybody keeps. */
const LONGEST_MS = 86_400_000

/**
 * How long a server asks us to stay away, in milliseconds; undefined when it does not say, or not in a way that can be
 * understood. `retry-after-ms` is exact and goes first; `retry-after` has seconds or an HTTP date.
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const exact = milliseconds(headers.get('retry-after-ms'), 1)
  return exact ?? milliseconds(headers.get('retry-after'), 1_000) ?? untilDate(headers.get('retry-after'))
}

/** The same in whole seconds, at least one. */
export function retryAfterSeconds(headers: Headers): number | undefined {
  const wait = retryAfterMs(headers)
  return wait === undefined ? undefined : Math.max(1, Math.ceil(wait / 1_000))
}

function milliseconds(header: string | null, unit: number): number | undefined {
  if (header === null || !/^\s*\d+(\.\d+)?\s*$/.test(header)) return undefined
  return Math.min(LONGEST_MS, Number(header) * unit)
}

function untilDate(header: string | null): number | undefined {
  const wait = Date.parse(header ?? '') - Date.now()
  return Number.isNaN(wait) ? undefined : Math.min(LONGEST_MS, Math.max(0, wait))
}
