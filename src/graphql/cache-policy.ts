import {
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getDirectiveValues,
  getNamedType,
  type InlineFragmentNode,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql'
import type { CacheControlScope } from './generated/schema-types.ts'

/** How long and for whom an operation's whole answer may be kept. */
export interface OperationPolicy {
  readonly maxAgeMs: number
  readonly scope: CacheControlScope
  /** How long after that it may still be given while a new one is made. */
  readonly staleMs: number
}

/** What one field asks of the whole answer, in seconds; null when the answer must not be kept. */
type Demand = { readonly maxAge: number; readonly scope: CacheControlScope; readonly stale: number } | null

/** What one `@cacheControl` says. */
interface Hint {
  readonly maxAge?: number | null
  readonly scope?: CacheControlScope | null
  readonly staleWhileRevalidate?: number | null
}

/** Where in a document we are, and what was seen of it. */
interface Walk {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  /** Each fragment counts once. Its type condition, not its place, says what its fields are. */
  readonly seen: Set<string>
}

/** The schema is the same for everybody, and changes only with a release. */
const INTROSPECTION: Demand = { maxAge: 300, scope: 'PUBLIC', stale: 0 }

/**
 * Says of an operation how long its answer may be kept, by the hints of the schema and from the document alone.
 * Every field counts, wherever it hides and whatever the variables of `@skip` and `@include` say, so that one
 * document has one policy. What is not known to be cacheable is not.
 */
export class CachePolicies {
  readonly #schema: GraphQLSchema
  /** By coordinate: `User`, `User.stars`. */
  readonly #hints: ReadonlyMap<string, Hint>

  constructor(schema: GraphQLSchema) {
    this.#schema = schema
    this.#hints = new Map(hintsOf(schema))
  }

  /** Null when the answer must never be kept. */
  of(document: DocumentNode, operation: OperationDefinitionNode): OperationPolicy | null {
    if (operation.operation !== OperationTypeNode.QUERY) return null
    const fragments = new Map(
      document.definitions.flatMap((it) => (it.kind === Kind.FRAGMENT_DEFINITION ? [[it.name.value, it]] : [])),
    )
    const walk: Walk = { fragments, seen: new Set() }
    return strictest([...this.#demands(operation.selectionSet, this.#schema.getQueryType(), walk)])
  }

  *#demands(set: SelectionSetNode, parent: GraphQLNamedType | null | undefined, walk: Walk): Generator<Demand> {
    if (!isCompositeType(parent)) return yield null
    for (const selection of set.selections)
      if (selection.kind === Kind.FIELD) yield* this.#ofField(selection, parent, walk)
      else if (selection.kind === Kind.INLINE_FRAGMENT) yield* this.#ofFragment(selection, parent, walk)
      else yield* this.#ofSpread(selection, parent, walk)
  }

  *#ofSpread({ name }: FragmentSpreadNode, parent: GraphQLCompositeType, walk: Walk): Generator<Demand> {
    if (walk.seen.has(name.value)) return
    walk.seen.add(name.value)
    const fragment = walk.fragments.get(name.value)
    if (fragment) yield* this.#ofFragment(fragment, parent, walk)
    else yield null
  }

  *#ofFragment(
    { typeCondition, selectionSet }: InlineFragmentNode | FragmentDefinitionNode,
    parent: GraphQLCompositeType,
    walk: Walk,
  ): Generator<Demand> {
    const type = typeCondition ? this.#schema.getType(typeCondition.name.value) : parent
    yield* this.#demands(selectionSet, type, walk)
  }

  *#ofField({ name, selectionSet }: FieldNode, parent: GraphQLCompositeType, walk: Walk): Generator<Demand> {
    if (name.value === TypeNameMetaFieldDef.name) return
    if (parent === this.#schema.getQueryType() && META.has(name.value)) return yield INTROSPECTION
    const owners = this.#owners(parent, name.value)
    if (owners.length === 0) yield null
    for (const [owner, field] of owners) yield* this.#ofDefinition(owner, field)
    if (selectionSet) yield* this.#demands(selectionSet, getNamedType(owners[0]?.[1].type), walk)
  }

  /** The field as its parent defines it, and as each type does that may stand in for an abstract parent. */
  #owners(parent: GraphQLCompositeType, name: string): [GraphQLCompositeType, GraphQLField<unknown, unknown>][] {
    const types = isAbstractType(parent) ? [parent, ...this.#schema.getPossibleTypes(parent)] : [parent]
    return types.flatMap((type) => {
      const field = isUnionType(type) ? undefined : type.getFields()[name]
      return field ? [[type, field]] : []
    })
  }

  *#ofDefinition(owner: GraphQLCompositeType, { name, type }: GraphQLField<unknown, unknown>): Generator<Demand> {
    const returned = getNamedType(type)
    const own = this.#hints.get(`${owner.name}.${name}`)
    const inherited = this.#hints.get(returned.name)
    const inherits = isLeafType(returned) && owner !== this.#schema.getQueryType()
    if (inherits && !own) return
    const maxAge = own?.maxAge ?? inherited?.maxAge ?? (inherits ? Number.POSITIVE_INFINITY : 0)
    if (maxAge <= 0) return yield null
    yield {
      maxAge,
      scope: own?.scope ?? inherited?.scope ?? 'PRIVATE',
      stale: own?.staleWhileRevalidate ?? inherited?.staleWhileRevalidate ?? 0,
    }
  }
}

const META = new Set([SchemaMetaFieldDef.name, TypeMetaFieldDef.name])

function strictest(demands: readonly Demand[]): OperationPolicy | null {
  const known = demands.filter((demand) => demand !== null)
  // Nothing but `__typename` is nothing worth keeping.
  if (known.length === 0 || known.length < demands.length) return null
  return {
    maxAgeMs: 1000 * Math.min(...known.map(({ maxAge }) => maxAge)),
    scope: known.every(({ scope }) => scope === 'PUBLIC') ? 'PUBLIC' : 'PRIVATE',
    staleMs: 1000 * Math.min(...known.map(({ stale }) => stale)),
  }
}

function* hintsOf(schema: GraphQLSchema): Generator<[string, Hint]> {
  const directive = schema.getDirective('cacheControl')
  if (!directive) return
  const hintOf = (node: ASTNode | null | undefined): Hint | undefined =>
    node && 'directives' in node ? getDirectiveValues(directive, node) : undefined
  for (const type of Object.values(schema.getTypeMap())) {
    const hint = hintOf(type.astNode)
    if (hint) yield [type.name, hint]
    if (!('getFields' in type)) continue
    for (const [name, field] of Object.entries(type.getFields())) {
      const own = hintOf(field.astNode)
      if (own) yield [`${type.name}.${name}`, own]
    }
  }
}
