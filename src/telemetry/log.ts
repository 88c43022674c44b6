import { type DestinationStream, type Logger, pino } from 'pino'
import pretty from 'pino-pretty'

/** Properties of the drivers' errors that repeat what learners wrote. */
const PRIVATE = ['query', 'params', 'parameters', 'args', 'detail', 'where', 'internalQuery']

/**
 * One JSON object a line, or, on a terminal, the same for people to read.
 * @param destination where the lines go instead of to standard output
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = { level, base: null, redact: { paths: PRIVATE.map((name) => `err.${name}`), remove: true } }
  if (destination) return pino(options, destination)
  if (!process.stdout.isTTY) return pino(options)
  return pino(
    options,
    pretty({ sync: true, singleLine: true, translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname' }),
  )
}
