import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'

/** One JSON object a line, or, on a terminal, the same for people to read. */
export function createLog(level: string): Logger {
  const options = {
    level,
    base: null,
    redact: { paths: ['err.query', 'err.params', 'err.parameters', 'err.args'], remove: true },
  }
  if (!process.stdout.isTTY) return pino(options)
  return pino(
    options,
    pretty({ sync: true, singleLine: true, translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname' }),
  )
}
