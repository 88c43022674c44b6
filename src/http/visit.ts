import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AnswerType } from './negotiation.ts'
import type { KnownViewer } from './viewers.ts'

/** One request on its way through the {@link Front}. */
export interface Visit {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Its name in answers and in the log. */
  readonly id: string
  /** When it arrived, on the process's monotonic clock, in milliseconds. */
  readonly arrived: number
  /** Null for GET. */
  readonly body: Buffer | null
  /** The content type of its answer. */
  readonly type: AnswerType
  readonly statements: { count: number }
  viewer: KnownViewer
  /** Names and values in turns. */
  limitHeaders: readonly string[]
}
