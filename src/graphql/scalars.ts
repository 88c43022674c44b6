import { GraphQLError, GraphQLScalarType, type GraphQLScalarTypeConfig, Kind, print } from 'graphql'
import { GraphQLBigInt, GraphQLDate, GraphQLDateTime } from 'graphql-scalars'

/*
 * The library says what the scalars are and checks what comes in; what goes out is already in its final form,
 * because entities are plain JSON data. Inputs are handed on as text: the domain makes dates, instants and ids of them.
 */

export const DateScalar = textual('Date', GraphQLDate, (value) => iso(GraphQLDate.parseValue(value)).slice(0, 10))

export const DateTimeScalar = textual('DateTime', GraphQLDateTime, (value) => iso(GraphQLDateTime.parseValue(value)))

/** Not parsed by the library: it turns small values into numbers, and warns that the process should be patched. */
export const BigIntScalar = textual('BigInt', GraphQLBigInt, (value) => {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  // A JSON number beyond 2^53 has lost digits before it arrives here: which id was meant is unknown.
  if (typeof text !== 'string' || !/^(0|-?[1-9]\d*)$/.test(text))
    throw new GraphQLError('BigInt cannot represent this value: give an integer, past 2^53 as a string.')
  return text
})

function textual<In, Out>(
  name: string,
  library: GraphQLScalarType<In, Out>,
  parse: (value: unknown) => string,
): GraphQLScalarType<string, string> {
  const { serialize: _, parseLiteral: __, ...rest } = library.toConfig()
  const config: GraphQLScalarTypeConfig<string, string> = {
    ...rest,
    name,
    serialize: String,
    parseValue: parse,
    parseLiteral(node) {
      try {
        if (node.kind === Kind.STRING || (name === 'BigInt' && node.kind === Kind.INT)) return parse(node.value)
        throw new GraphQLError(`${name} cannot represent ${print(node)}.`)
      } catch (error) {
        // With its place in the document, the error can name the argument.
        throw new GraphQLError(error instanceof Error ? error.message : String(error), { nodes: node })
      }
    },
  }
  return new GraphQLScalarType(config)
}

function iso(value: unknown): string {
  if (!(value instanceof Date)) throw new TypeError('the scalar library no longer parses dates to Date')
  return value.toISOString()
}
