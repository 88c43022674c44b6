import { constants } from 'node:os'

/** Milliseconds within which the same Ctrl+C may arrive a second time, by way of npm. */
const ECHO_MS = 500

/** Signals to a whole process group arrive twice, once from npm: only a second Ctrl+C by hand means "now". */
export function nextSignal(): Promise<'SIGTERM' | 'SIGINT'> {
  return new Promise((resolve) => {
    let begun: number | undefined
    const stop = (signal: 'SIGTERM' | 'SIGINT') => {
      if (signal === 'SIGINT' && begun !== undefined && performance.now() - begun > ECHO_MS)
        process.exit(128 + constants.signals.SIGINT)
      begun ??= performance.now()
      resolve(signal)
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })
}
