import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Where the server that is measured runs, alone, and where everything else does: load, PostgreSQL and Redis. */
const SERVER_CORE = '0'
const OTHER_CORE = '1'

const TASKSET = 'taskset'

const canPin = availableParallelism() > 1 && hasTaskset()

export const placement = canPin
  ? `each server alone on core ${SERVER_CORE}; load, PostgreSQL and Redis on core ${OTHER_CORE}`
  : 'nobody is bound to a core, for want of taskset or of a second core: the ratios are rough'

/** Moves this process to its core; whoever it starts afterwards inherits that. */
export function keepToOtherCore(): void {
  if (canPin) execFileSync(TASKSET, ['-a', '-c', '-p', OTHER_CORE, `${process.pid}`], { stdio: 'ignore' })
}

/** The command that runs a program on the server's core; it keeps its process id. */
export const onServerCore = (program: string, args: readonly string[]): readonly [string, readonly string[]] =>
  canPin ? [TASKSET, ['-c', SERVER_CORE, program, ...args]] : [program, args]

function hasTaskset(): boolean {
  try {
    execFileSync(TASKSET, ['-p', `${process.pid}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
