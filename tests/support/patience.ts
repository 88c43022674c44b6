/**
 * Milliseconds that tests let Redis take to answer. It takes less than one, but on a busy machine a process may not be run
 * for a tenth of a second, which is what the server waits by itself.
 */
export const REDIS_PATIENCE_MS = 1_000
