import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { OperatorError } from '../domain/error.ts'

/** Source: sqlite.org/rescode.html */
const SQLITE_BUSY = 5

/**
 * Takes the data folder for this process; the lock dies with the process, however it dies.
 * An exclusive SQLite transaction is the lock: the operating system releases it, so no stale lock file can stay behind.
 * @throws OperatorError when another process has it
 */
export function lockFolder(folder: string): Disposable {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'lock.sqlite')
  const lock = new DatabaseSync(path)
  try {
    lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    const busy = error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
    throw new OperatorError(
      busy
        ? `Another Honzík is using the data folder ${folder}. Stop it, or give this one a folder of its own with DATA_DIR.`
        : `The lock ${path} cannot be taken: ${String(error)}`,
      { cause: error },
    )
  }
  return { [Symbol.dispose]: () => lock.close() }
}
