import type { HTTPGraphQLResponse } from '@apollo/server'
import type { FastifyRequest } from 'fastify'
import { createL1 } from '../cache/l1.ts'
import type { RequestNotes } from '../graphql/notes.ts'
import { isRecord } from './asked.ts'
import { answerType } from './negotiation.ts'

/** What a document that cannot be run was answered with. */
interface Failure {
  readonly response: HTTPGraphQLResponse
  readonly codes: RequestNotes['codes']
}

/** What it has to be known of a request. */
export interface FailingRequest extends Pick<FastifyRequest, 'method' | 'headers' | 'body'> {
  readonly notes: Pick<RequestNotes, 'codes' | 'operation'>
}

/**
 * Remembers how documents failed that were not even run: whoever sends one again is told the same without its being
 * parsed and validated again. They have a small place of their own.
 */
export interface FailedDocuments {
  recall(request: FailingRequest): Failure | undefined
  /** Does nothing for what depends on more than the document. */
  note(request: FailingRequest, response: HTTPGraphQLResponse): void
}

const MAX_BYTES = 2 * 1024 * 1024
/** Longer ones would push out too many others. */
const TEXT_MAX = 20_000

/** What is said of a document alone. */
const FAILURES = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED'])

export function createFailedDocuments(): FailedDocuments {
  const failures = createL1({ maxBytes: MAX_BYTES }).shelf<string, Failure>()
  return {
    recall(request) {
      const key = keyOf(request)
      return key === null ? undefined : (failures.get(key, 0) ?? undefined)
    },
    note(request, response) {
      const key = keyOf(request)
      const { codes, operation } = request.notes
      if (key === null || response.body.kind !== 'complete') return
      if (operation !== undefined || codes.length === 0 || !codes.every((code) => FAILURES.has(code))) return
      const bytes = key.length + response.body.string.length
      failures.put(key, key, { response, codes }, { asOf: 0, bytes, expiresAt: Number.POSITIVE_INFINITY })
    },
  }
}

/** Remembers none. */
export const forgetful: FailedDocuments = { recall: () => undefined, note() {} }

/** The document and what else its failure depends on; null where there is none, or there may be more to it. */
function keyOf({ method, body, headers }: FailingRequest): string | null {
  if (method !== 'POST' || headers['x-cache-debug'] !== undefined || !isRecord(body)) return null
  const { query, operationName = null, variables = null, ...rest } = body
  if (typeof query !== 'string' || query === '' || query.length > TEXT_MAX) return null
  const isPlain = Object.keys(rest).length === 0 && (variables === null || isRecord(variables))
  if (!isPlain || !(operationName === null || typeof operationName === 'string')) return null
  return JSON.stringify([answerType(headers.accept), operationName, query])
}
