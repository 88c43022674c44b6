import type { IncomingMessage } from 'node:http'
import type { CacheStatus } from '../graphql/notes.ts'

/** How a request went, for whoever follows requests. */
export interface Outcome {
  readonly method: string | undefined
  readonly route: string | null
  readonly status: number
  /** The whole answer was sent. */
  readonly finished: boolean
  readonly sql: number
  readonly type: 'query' | 'mutation' | 'subscription' | undefined
  readonly operation: string | null | undefined
  readonly cache: CacheStatus | null
  readonly codes: readonly string[]
}

/** One request that is followed. */
export interface RequestTrace {
  readonly traceId: string
  /** Runs `work` as something that the request asks for. */
  run<T>(work: () => T): T
  /** To be called once, when the request is over. */
  end(outcome: Outcome): void
}

/** Follows requests on their way through the process. Where nobody wants to know, there is none of this. */
export interface RequestTraces {
  /** That of a request, which begins when it is first asked for. @param arrived on the process's monotonic clock */
  of(request: IncomingMessage, arrived: number): RequestTrace
  /** One of a request that was never parsed. @param traceparent its header */
  begin(traceparent: string | string[] | undefined, arrived: number): RequestTrace
}
