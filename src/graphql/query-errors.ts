import type { GraphQLError, GraphQLFormattedError } from 'graphql'
import { type FormatOptions, formatFor } from './errors.ts'
import type { RequestNotes } from './notes.ts'
import { codesOf, noteErrors } from './request-notes.ts'

/** Gives a query's errors the form that callers see, and notes them, as it is done for every other operation. */
export type QueryErrors = (errors: readonly GraphQLError[], notes: RequestNotes) => readonly GraphQLFormattedError[]

export function createQueryErrors(options: FormatOptions): QueryErrors {
  const format = formatFor(options)
  return (errors, notes) => {
    noteErrors(errors, notes)
    const formatted = errors.map((error) => format(error.toJSON(), error))
    notes.codes = codesOf(formatted)
    return formatted
  }
}
