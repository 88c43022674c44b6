import {
  type GraphQLArgument,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getNamedType,
  isIntrospectionType,
  isLeafType,
  isObjectType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql'
import { LIMITS } from '../../src/graphql/limits.ts'
import type { Choices, RandomArguments, WrittenArgument } from './random-arguments.ts'

export interface OperationOptions {
  /** Fields whose type is an interface or a union are left out; ours has none. */
  readonly schema: GraphQLSchema
  /** A value for an argument such as `User.statsRange.days`; undefined leaves it to its default. */
  readonly argument: (coordinate: string, random: () => number) => unknown
  /** Which fields to use, by coordinate; by default all but `Query.honzikReply`, which asks a model. */
  readonly uses?: (coordinate: string) => boolean
  /** Levels of fields at most; what the server allows when left out. */
  readonly depth?: number
  /** Whether to use `__schema` and `__type` too. */
  readonly introspection?: boolean
}

/** A piece of a document and what it weighs. */
export interface Part {
  readonly text: string
  /** Values that it may bring, counted as the server does. */
  readonly cost: number
  /** Levels of fields. */
  readonly depth: number
  /** The variables in it, those of its fragments included. */
  readonly variables: readonly string[]
}

interface Fragment extends Part {
  readonly name: string
  readonly on: string
}

type Field = GraphQLField<unknown, unknown>

/** What a response name stands for below a type: the same in all of a document, so that its fields merge. */
interface Call {
  readonly field: Field
  readonly text: string
  /** How many items it may bring. */
  readonly items: number
  readonly variables: readonly string[]
}

/** The selections of one document. Its fragments are shared by its operations. */
export class RandomSelections {
  readonly #choices: Choices
  readonly #arguments: RandomArguments
  readonly #options: OperationOptions
  readonly #depth: number
  readonly #calls = new Map<string, Call>()
  readonly #fragments: Fragment[] = []
  #left = 50

  constructor(choices: Choices, args: RandomArguments, options: OperationOptions) {
    this.#choices = choices
    this.#arguments = args
    this.#options = options
    this.#depth = options.depth ?? LIMITS.depth
  }

  fragments(): string[] {
    return this.#fragments.map(({ name, on, text }) => `fragment ${name} on ${on} ${text}`)
  }

  /** @param level 1 for the fields of the root */
  of(parent: GraphQLObjectType, level: number): Part {
    const parts: Part[] = []
    const count = 1 + this.#choices.below(5)
    do {
      this.#left -= 1
      parts.push(this.#selection(parent, level))
    } while (parts.length < count && this.#left > 0)
    return joined(`{ ${parts.map(({ text }) => text).join(' ')} }`, parts)
  }

  #selection(parent: GraphQLObjectType, level: number): Part {
    if (this.#left <= 0 || !this.#choices.chance(0.25)) return this.#field(parent, level)
    return this.#choices.chance(0.5) ? this.#spread(parent, level) : this.#inline(parent, level)
  }

  #inline(parent: GraphQLObjectType, level: number): Part {
    const condition = this.#choices.chance(0.6) ? ` on ${parent.name}` : ''
    const directives = this.#directives(0.4)
    const inner = this.of(parent, level)
    return joined(`...${condition}${directives.text} ${inner.text}`, [directives, inner])
  }

  #spread(parent: GraphQLObjectType, level: number): Part {
    const fitting = this.#fragments.filter(({ on, depth }) => on === parent.name && level + depth - 1 <= this.#depth)
    const known = this.#choices.chance(0.5) ? this.#choices.of(fitting) : undefined
    const fragment = known ?? this.#newFragment(parent, level)
    const directives = this.#directives(0.3)
    return joined(`...${fragment.name}${directives.text}`, [directives, fragment])
  }

  #newFragment(parent: GraphQLObjectType, level: number): Fragment {
    const inner = this.of(parent, level)
    // Others know of it from now on only, so it cannot spread itself.
    const fragment = { ...inner, name: `F${this.#fragments.length + 1}`, on: parent.name }
    this.#fragments.push(fragment)
    return fragment
  }

  #field(parent: GraphQLObjectType, level: number): Part {
    const { name, call } = this.#named(parent, level)
    const directives = this.#directives(0.1)
    const type = getNamedType(call.field.type)
    const inner = isObjectType(type) ? this.of(type, level + 1) : NOTHING
    const alias = name === call.field.name ? '' : `${name}: `
    return {
      text: `${alias}${call.text}${directives.text} ${inner.text}`.trimEnd(),
      cost: this.#costOf(parent, call.field) + call.items * inner.cost,
      depth: 1 + inner.depth,
      variables: [...call.variables, ...directives.variables, ...inner.variables],
    }
  }

  /** A response name and what it stands for. */
  #named(parent: GraphQLObjectType, level: number): { readonly name: string; readonly call: Call } {
    const fields = this.#fieldsOf(parent, level)
    const field = this.#choices.of(fields) ?? TypeNameMetaFieldDef
    const name = this.#choices.chance(0.15) ? this.#alias(fields) : field.name
    const key = `${parent.name}.${name}`
    const call = this.#calls.get(key) ?? this.#newCall(parent, field)
    // The name may be taken by something that is too deep for this place.
    if (!this.#fits(call.field, level)) return { name: TypeNameMetaFieldDef.name, call: TYPENAME }
    this.#calls.set(key, call)
    return { name, call }
  }

  /** Some aliases are the names of other fields. */
  #alias(fields: readonly Field[]): string {
    const named = this.#choices.chance(0.3) ? this.#choices.of(fields)?.name : undefined
    return named === undefined || named.startsWith('__') ? `a${1 + this.#choices.below(9)}` : named
  }

  #newCall(parent: GraphQLObjectType, field: Field): Call {
    const written = field.args.map((arg) => this.#write(`${parent.name}.${field.name}.${arg.name}`, arg))
    const shown = written.filter(({ text }) => text !== undefined).map(({ name, text }) => `${name}: ${text}`)
    const list = (this.#choices.chance(0.3) ? shown.toReversed() : shown).join(', ')
    return {
      field,
      text: list === '' ? field.name : `${field.name}(${list})`,
      items: itemsAtMost(written),
      variables: written.flatMap(({ variable }) => variable ?? []),
    }
  }

  #write(coordinate: string, argument: GraphQLArgument): WrittenArgument {
    const { argument: drawn, schema } = this.#options
    // Those of introspection.
    if (argument.name === 'includeDeprecated')
      return this.#arguments.write(coordinate, argument, () => this.#choices.chance(0.5))
    if (coordinate === 'Query.__type.name')
      return this.#arguments.write(coordinate, argument, () => this.#choices.of(Object.keys(schema.getTypeMap())))
    return this.#arguments.write(coordinate, argument, () => drawn(coordinate, this.#choices.random))
  }

  #fieldsOf(parent: GraphQLObjectType, level: number): Field[] {
    const { schema, uses = (coordinate) => coordinate !== 'Query.honzikReply', introspection } = this.#options
    const own = Object.values(parent.getFields()).filter(
      ({ name }) => isIntrospectionType(parent) || uses(`${parent.name}.${name}`),
    )
    const meta = introspection && parent === schema.getQueryType() ? [SchemaMetaFieldDef, TypeMetaFieldDef] : []
    return [...own, ...meta, TypeNameMetaFieldDef].filter((field) => this.#fits(field, level))
  }

  #fits({ type }: Field, level: number): boolean {
    const named = getNamedType(type)
    return isLeafType(named) || (isObjectType(named) && level < this.#depth && this.#left > 0)
  }

  #directives(probability: number): Part {
    if (!this.#choices.chance(probability)) return NOTHING
    const written = (this.#choices.of(CONDITIONS) ?? []).map((directive) => {
      const isUsual = () => !this.#choices.chance(0.2)
      const draw = () => isUsual() === (directive === GraphQLIncludeDirective)
      const args = directive.args.map((arg) => this.#arguments.write('@if', arg, draw))
      const text = args.map(({ name, text }) => `${name}: ${text}`)
      return { ...NOTHING, text: ` @${directive.name}(${text})`, variables: args.flatMap((it) => it.variable ?? []) }
    })
    return joined(written.map(({ text }) => text).join(''), written)
  }

  /** A field that asks a model is one of at most four. */
  #costOf(parent: GraphQLObjectType, { name }: Field): number {
    return parent === this.#options.schema.getQueryType() && name === 'honzikReply' ? LIMITS.cost / 4 : 1
  }
}

const NOTHING: Part = { text: '', cost: 0, depth: 0, variables: [] }

const TYPENAME: Call = { field: TypeNameMetaFieldDef, text: TypeNameMetaFieldDef.name, items: 1, variables: [] }

const CONDITIONS = [
  [GraphQLIncludeDirective],
  [GraphQLSkipDirective],
  [GraphQLIncludeDirective, GraphQLSkipDirective],
  [GraphQLSkipDirective, GraphQLIncludeDirective],
]

const joined = (text: string, parts: readonly Part[]): Part => ({
  text,
  cost: parts.reduce((sum, { cost }) => sum + cost, 0),
  depth: Math.max(0, ...parts.map(({ depth }) => depth)),
  variables: parts.flatMap(({ variables }) => variables),
})

function itemsAtMost(args: readonly WrittenArgument[]): number {
  const asked = args.find(({ name }) => name === 'first' || name === 'days')?.value
  return typeof asked === 'number' && asked > 1 ? asked : 1
}
