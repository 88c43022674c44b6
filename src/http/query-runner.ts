import type { FastifyBaseLogger } from 'fastify'
import type { ExecutionResult } from 'graphql'
import type { Footprint } from '../cache/footprint.ts'
import type { Made } from '../cache/response-cache.ts'
import type { View } from '../cache/view.ts'
import type { GraphQLContext } from '../graphql/context.ts'
import { cacheStatus, createNotes, OPERATION_NAME_MAX, type RequestNotes } from '../graphql/notes.ts'
import type { PreparedQuery, Variables } from '../graphql/prepared-query.ts'
import type { QueryErrors } from '../graphql/query-errors.ts'
import type { RequestScope } from '../graphql/scope.ts'
import type { RequestTraces } from './request-traces.ts'
import type { Visit } from './visit.ts'
import { etagOf, type Whole } from './whole.ts'

export interface QueryRunnerOptions {
  readonly createContext: (scope: RequestScope) => GraphQLContext
  /** Runs `work` and adds the SQL statements that it causes to `into`. */
  readonly countStatements: <T>(into: { count: number }, work: () => T) => T
  readonly queryErrors: QueryErrors
  readonly log: FastifyBaseLogger
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface Run {
  readonly visit: Visit
  readonly query: PreparedQuery
  readonly variables: Variables
  readonly view: View
  readonly footprint: Footprint
  readonly limit: Pick<AbortSignal, 'throwIfAborted'>
}

/** Thrown when a query is for somebody else to explain; nothing was done for it. */
export const HAND_ON = new Error('to be answered by whoever comes next')

const NEVER = new AbortController().signal

/** Runs a prepared query for a request. */
export type QueryRunner = (run: Run) => Promise<Made<Whole>>

export function createQueryRunner(options: QueryRunnerOptions): QueryRunner {
  const { createContext, countStatements, log } = options

  return async ({ visit, query, variables, view, limit, footprint }) => {
    const notes = createNotes((fault) => log.error({ reqId: visit.id, err: fault }, 'fault'))
    const context = createContext({
      viewer: visit.viewer.viewer,
      signal: limit,
      // No query whose answer may be kept asks the tutor.
      tutorSignal: NEVER,
      notes,
      cacheMode: view.mode,
      view: { ...view, tally: notes.cache.tally, footprint },
    })
    const result = await countStatements(visit.statements, () => query.run(context, variables))
    if (result === null) throw HAND_ON
    const value = wholeOf(query, result, notes, options)
    return { value, bytes: value.etag === null ? null : value.octets.length, footprint }
  }
}

/** The same, each run as a part of its request's trace. */
export const followedRunner =
  (run: QueryRunner, traces: RequestTraces): QueryRunner =>
  (wanted) =>
    traces.of(wanted.visit.request, wanted.visit.arrived).run(() => run(wanted))

/** An answer with errors is for its own request only. */
function wholeOf(
  { name, policy }: PreparedQuery,
  result: ExecutionResult,
  notes: RequestNotes,
  { queryErrors, now }: QueryRunnerOptions,
): Whole {
  const { errors, data } = result
  const answer = errors ? { errors: queryErrors(errors, notes), data } : { data }
  const bytes = Buffer.from(`${JSON.stringify(answer)}\n`)
  return {
    operation: name?.slice(0, OPERATION_NAME_MAX) ?? null,
    scope: policy.scope,
    octets: bytes.toString('latin1'),
    etag: errors ? null : etagOf(bytes),
    madeAt: now(),
    codes: notes.codes,
    cause: notes.cause,
    status: cacheStatus(notes.cache),
    gzip: null,
  }
}
