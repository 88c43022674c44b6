import { hash } from 'node:crypto'
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  stripIgnoredCharacters,
  type TypeNode,
} from 'graphql'
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit'
import type { OperationPolicy } from './cache-policy.ts'
import { isCompilable } from './compilable.ts'
import type { GraphQLContext } from './context.ts'
import { LIMITS } from './limits.ts'

/** A query that is known to be valid, and whose answers may be kept whole. */
export interface PreparedQuery {
  /** As the document names it. */
  readonly name: string | null
  readonly policy: OperationPolicy
  /** The same for every spelling of the same document and operation. */
  readonly identity: string
  /** In the order of their names; whatever else a request calls variables changes nothing. */
  readonly variables: readonly string[]
  /** Null when it must not be run with these variables; then nothing was run. */
  run(context: GraphQLContext, variables: Variables): Promise<ExecutionResult | null>
}

export type Variables = Readonly<Record<string, unknown>>

/** A variable's value, in a list that is empty where there is none: null is not the same as left out. */
export const given = (variables: Variables, name: string): readonly unknown[] =>
  Object.hasOwn(variables, name) ? [variables[name]] : []

export interface PreparedQueryOptions {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly policy: OperationPolicy
  /** How many values the operation can bring with these variables; null when they do not fit. */
  readonly costWith: (variables: Variables) => number | null
}

/** A document that was asked for once may never come again: it is compiled when it does, which takes some milliseconds. */
const COMPILED_AT_USE = 3

/** Types whose values can make an operation neither larger nor smaller. */
const SIZELESS = new Set(['ID', 'String', 'BigInt', 'Date', 'DateTime'])

/** As many combinations of other variables as are remembered to be affordable. */
const REMEMBERED = 500

export class ValidQuery implements PreparedQuery {
  readonly name: string | null
  readonly policy: OperationPolicy
  readonly identity: string
  readonly variables: readonly string[]
  readonly #options: PreparedQueryOptions
  readonly #sizing: readonly string[]
  readonly #affordable = new Set<string>()
  #compiled: CompiledQuery | null = null
  #uses = 0

  constructor(options: PreparedQueryOptions, source: string) {
    const { operation, policy } = options
    const defined = (operation.variableDefinitions ?? []).map(
      ({ variable, type }) => [variable.name.value, type] as const,
    )
    this.#options = options
    this.name = operation.name?.value ?? null
    this.policy = policy
    this.identity = hash('sha256', `${this.name ?? ''}\n${stripIgnoredCharacters(source)}`, 'base64url')
    this.variables = defined.map(([name]) => name).sort()
    this.#sizing = defined.filter(([, type]) => !SIZELESS.has(namedType(type))).map(([name]) => name)
  }

  async run(contextValue: GraphQLContext, variableValues: Variables): Promise<ExecutionResult | null> {
    if (!this.#isAffordable(variableValues)) return null
    const compiled = await this.#compiledAtLast()?.query(undefined, contextValue, variableValues)
    if (compiled && !compiled.errors) return compiled
    // Again in the ordinary way, so that errors are exactly what they are elsewhere: whatever was read is remembered.
    const { schema, document } = this.#options
    const result = await execute({ schema, document, contextValue, variableValues, operationName: this.name })
    return result.data === undefined ? null : result
  }

  #isAffordable(variables: Variables): boolean {
    const sizes = JSON.stringify(this.#sizing.map((name) => given(variables, name)))
    if (this.#affordable.has(sizes)) return true
    const cost = this.#options.costWith(variables)
    if (cost === null || cost > LIMITS.cost) return false
    if (this.#affordable.size >= REMEMBERED) this.#affordable.clear()
    this.#affordable.add(sizes)
    return true
  }

  #compiledAtLast(): CompiledQuery | null {
    this.#uses += 1
    const { schema, document, operation } = this.#options
    if (this.#uses === COMPILED_AT_USE && isCompilable(document, operation)) {
      const compiled = compileQuery(schema, document, this.name ?? undefined)
      if (isCompiledQuery(compiled)) this.#compiled = compiled
    }
    return this.#compiled
  }
}

const namedType = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type))
