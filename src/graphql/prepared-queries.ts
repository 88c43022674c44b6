import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql'
import { createL1, type Shelf } from '../cache/l1.ts'
import { CachePolicies } from './cache-policy.ts'
import { costOf } from './cost.ts'
import { LIMITS, limitRules } from './limits.ts'
import { type PreparedQuery, ValidQuery, type Variables } from './prepared-query.ts'

export interface PreparedQueriesOptions {
  readonly schema: GraphQLSchema
  /** Refuses introspection. */
  readonly production: boolean
}

/** Bytes that documents may take, counted as several times their text: what is made from it is larger. */
const GOOD_BYTES = 32 * 1024 * 1024
const OTHER_BYTES = 2 * 1024 * 1024
const TIMES_ITS_TEXT = 30

/** Longer texts are not worth a place: they are prepared by whoever answers everything. */
const TEXT_MAX = 20_000

type Texts<Value> = Shelf<string, Value>

/**
 * Documents that have been parsed, validated and judged, by their text. What is no valid query, or a query whose answer
 * must not be kept, is remembered as well, in a place of its own: nobody can push the good ones out with it.
 */
export class PreparedQueries {
  readonly #schema: GraphQLSchema
  readonly #rules: readonly ValidationRule[]
  readonly #policies: CachePolicies
  readonly #good: Texts<PreparedQuery> = createL1({ maxBytes: GOOD_BYTES }).shelf()
  readonly #others: Texts<true> = createL1({ maxBytes: OTHER_BYTES }).shelf()

  constructor({ schema, production }: PreparedQueriesOptions) {
    this.#schema = schema
    this.#rules = [...specifiedRules, ...limitRules, ...(production ? [NoSchemaIntrospectionCustomRule] : [])]
    this.#policies = new CachePolicies(schema)
  }

  /** Null for whatever is not a valid query whose answers may be kept. */
  of(query: string, operationName: string | null): PreparedQuery | null {
    // No operation is called by nothing, which is not the same as not to be called.
    if (query.length > TEXT_MAX || operationName === '') return null
    // No name that an operation can have has this character in it.
    const text = `${operationName ?? ''}\0${query}`
    const known = this.#good.get(text, 0)
    if (known) return known
    if (this.#others.get(text, 0)) return null
    const prepared = this.#prepared(query, operationName)
    const kept = { asOf: 0, bytes: text.length * TIMES_ITS_TEXT, expiresAt: Number.POSITIVE_INFINITY }
    if (prepared) this.#good.put(text, text, prepared, kept)
    else this.#others.put(text, text, true, { ...kept, bytes: text.length })
    return prepared
  }

  #prepared(query: string, operationName: string | null): PreparedQuery | null {
    const document = parsed(query)
    if (document === null) return null
    const operation = getOperationAST(document, operationName)
    // The policy first: it costs less, and whatever has none needs no validation here.
    const policy = operation ? this.#policies.of(document, operation) : null
    if (!operation || policy === null) return null
    if (validate(this.#schema, document, this.#rules, { maxErrors: 1 }).length > 0) return null
    const schema = this.#schema
    const costWith = (variables: Variables) =>
      costOf({ schema, query: document, variables, ...(operationName !== null && { operationName }) })
    return new ValidQuery({ schema, document, operation, policy, costWith }, query)
  }
}

function parsed(query: string): DocumentNode | null {
  try {
    return parse(query, { maxTokens: LIMITS.tokens })
  } catch (error) {
    if (error instanceof GraphQLError) return null
    throw error
  }
}
