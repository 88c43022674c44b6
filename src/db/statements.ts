import { AsyncLocalStorage } from 'node:async_hooks'

export interface StatementCount {
  /** SQL statements sent on behalf of one request, BEGIN and COMMIT not counted. */
  count: number
}

/** Attributes SQL statements to the request that caused them. */
export interface StatementCounter {
  /** Runs `work`; its statements, and those of everything it starts, are added to `into`. */
  run<T>(into: StatementCount, work: () => T): T
  /** To be called for each statement as it is sent. */
  note(): void
  /** All statements of this process, whoever caused them. */
  readonly total: number
}

export function createStatementCounter(): StatementCounter {
  const current = new AsyncLocalStorage<StatementCount>()
  let total = 0
  return {
    run: (into, work) => current.run(into, work),
    get total() {
      return total
    },
    note() {
      total += 1
      const request = current.getStore()
      if (request) request.count += 1
    },
  }
}
