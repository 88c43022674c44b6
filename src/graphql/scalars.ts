import { type GraphQLScalarTypeConfig, GraphQLError, GraphQLScalarType } from 'graphql'
import { GraphQLBigInt, GraphQLDate, GraphQLDateTime } from 'graphql-scalars'

/*
 * The library checks what comes in; what goes out is already in its final form, because entities are plain JSON data.
 * Inputs are handed on as text: the domain makes dates, instants and ids of them.
 */

export const DateScalar = textual('Date', GraphQLDate, (value) => iso(value).slice(0, 10))

export const DateTimeScalar = textual('DateTime', GraphQLDateTime, iso)

export const BigIntScalar = textual('BigInt', GraphQLBigInt, String)

function textual<In, Out>(
  name: string,
  library: GraphQLScalarType<In, Out>,
  toText: (value: unknown) => string,
): GraphQLScalarType<string, string> {
  const { serialize: _, parseValue, parseLiteral, ...rest } = library.toConfig()
  const config: GraphQLScalarTypeConfig<string, string> = {
    ...rest,
    name,
    serialize: String,
    parseValue: (value) => toText(parseValue(unambiguous(name, value))),
    parseLiteral: (node, variables) => toText(parseLiteral(node, variables)),
  }
  return new GraphQLScalarType(config)
}

/** A JSON number beyond 2^53 has already lost digits when it arrives here: which id was meant is unknown. */
function unambiguous(name: string, value: unknown): unknown {
  const usable = typeof value === 'string' || (typeof value === 'number' && Number.isSafeInteger(value))
  if (!usable) throw new GraphQLError(`${name} cannot represent this value; send it as a string.`)
  return value
}

function iso(value: unknown): string {
  if (!(value instanceof Date)) throw new TypeError('the scalar library no longer parses dates to Date')
  return value.toISOString()
}
