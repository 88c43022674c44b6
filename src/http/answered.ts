import type { FastifyReply, FastifyRequest } from 'fastify'
import { type CacheStatus, cacheStatus } from '../graphql/notes.ts'
import { wantsStream } from './graphql-stream.ts'

/** How an operation was answered, for whoever counts. */
export interface Answered {
  /** As the document names it; null without a name, undefined when there was none to run. */
  readonly operation: string | null | undefined
  /** Null for what is no query. */
  readonly cache: CacheStatus | null
  /** Of its errors, each once. */
  readonly codes: readonly string[]
  /** Whether whoever asked has shown who they are. */
  readonly signedIn: boolean
  /** From the request's arrival until its answer was given to the connection, or the framework was done with it. */
  readonly ms: number
}

/** Told of each answer; not of streams and sockets, which take as long as somebody follows them. */
export type AnswerReporter = (answered: Answered) => void

/** Tells of a request that the framework answers, once that is over. */
export function reportWhenOver(request: FastifyRequest, reply: FastifyReply, report: AnswerReporter): void {
  reply.raw.once('close', () => {
    const { notes, viewer, arrived } = request
    const isOperation = notes.operation !== undefined || notes.codes.length > 0
    if (!isOperation || request.ws || wantsStream(request)) return
    report({
      operation: notes.operation,
      cache: notes.query ? cacheStatus(notes.cache) : null,
      codes: notes.codes,
      signedIn: viewer.role !== 'nobody',
      ms: performance.now() - arrived,
    })
  })
}
