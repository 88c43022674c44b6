/** The part of a time to live that is left to chance. */
const SPREAD = 0.1

/**
 * Shortens a time to live by up to a tenth, so that what was filled together does not vanish together.
 * Never lengthens it: a limit is a limit.
 * @param random from 0 up to 1
 * @returns whole milliseconds, at least 1
 */
export const jittered = (ttlMs: number, random: number): number =>
  Math.max(1, Math.floor(ttlMs * (1 - SPREAD * random)))
