/** Waits so many milliseconds, or until the signal is aborted. Never fails. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

export const sleep: Sleep = (ms, signal) => {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (signal.aborted) return Promise.resolve()
  const wake = () => {
    clearTimeout(timer)
    signal.removeEventListener('abort', wake)
    resolve()
  }
  const timer = setTimeout(wake, ms)
  signal.addEventListener('abort', wake)
  return promise
}
