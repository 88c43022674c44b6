import {
  type GraphQLArgument,
  type GraphQLInputType,
  GraphQLNonNull,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isNullableType,
  isRequiredArgument,
} from 'graphql'

/** Decisions out of a stream of numbers from 0 up to 1; zeros make the plainest of everything. */
export class Choices {
  readonly random: () => number

  constructor(random: () => number) {
    this.random = random
  }

  chance(probability: number): boolean {
    return this.random() >= 1 - probability
  }

  /** A whole number from 0 up to `count`. */
  below(count: number): number {
    return Math.floor(this.random() * count)
  }

  of<Item>(items: readonly Item[]): Item | undefined {
    return items[this.below(items.length)]
  }
}

/** What an argument of a field or directive is in a document. */
export interface WrittenArgument {
  readonly name: string
  /** A literal, or a variable with its `$`; undefined where it is left out. */
  readonly text: string | undefined
  readonly variable?: string
  /** What it comes to. */
  readonly value: unknown
}

interface Variable {
  readonly declaration: string
  /** Of which argument it is; it may stand in for another of those. */
  readonly coordinate: string
  readonly value: unknown
}

/** The arguments of one document, some of them by variables. */
export class RandomArguments {
  /** What the request gives. */
  readonly given: Record<string, unknown> = {}
  readonly #choices: Choices
  readonly #variables = new Map<string, Variable>()

  constructor(choices: Choices) {
    this.#choices = choices
  }

  declarations(names: readonly string[]): string[] {
    return [...new Set(names)].flatMap((name) => this.#variables.get(name)?.declaration ?? [])
  }

  /** @param draw a value; undefined leaves the argument to its default */
  write(coordinate: string, argument: GraphQLArgument, draw: () => unknown): WrittenArgument {
    const { name, type } = argument
    const value = draw()
    if (value === undefined) return this.#leaveOut(coordinate, argument)
    if (this.#choices.chance(0.6)) return { name, text: literal(value, type, this.#choices), value }
    const known = [...this.#variables].filter(([, variable]) => variable.coordinate === coordinate)
    const reused = this.#choices.chance(0.3) ? this.#choices.of(known) : undefined
    if (reused) return { name, text: `$${reused[0]}`, variable: reused[0], value: reused[1].value }
    return this.#choices.chance(0.5)
      ? this.#withDefault(coordinate, argument, value, draw)
      : this.#declare(name, { coordinate, type: this.#typeOf(argument, value), value, given: value })
  }

  /** Not at all, or by a variable that is not given. */
  #leaveOut(coordinate: string, argument: GraphQLArgument): WrittenArgument {
    const { name, defaultValue: value } = argument
    if (isRequiredArgument(argument)) throw new TypeError(`${coordinate} needs a value`)
    if (this.#choices.chance(0.7)) return { name, text: undefined, value }
    return this.#declare(name, { coordinate, type: getNullableType(argument.type), value })
  }

  /** The default may be what counts, or be overruled. */
  #withDefault(coordinate: string, { name, type }: GraphQLArgument, value: unknown, draw: () => unknown) {
    const other = this.#choices.chance(0.5) ? (draw() ?? value) : undefined
    return this.#declare(name, {
      coordinate,
      // Null cannot overrule the default of a variable that is never null.
      type: value === null || this.#choices.chance(0.7) ? getNullableType(type) : type,
      fallback: literal(other ?? value, type, this.#choices),
      value,
      ...(other !== undefined && { given: value }),
    })
  }

  /** The argument's own type, or one that is a little stricter or laxer where that is valid. */
  #typeOf({ type, defaultValue }: GraphQLArgument, value: unknown): GraphQLInputType {
    if (isNonNullType(type)) return defaultValue !== undefined && this.#choices.chance(0.5) ? type.ofType : type
    return isNullableType(type) && value !== null && this.#choices.chance(0.3) ? new GraphQLNonNull(type) : type
  }

  #declare(name: string, made: Omit<Variable, 'declaration'> & Made): WrittenArgument {
    const { coordinate, type, fallback, value, given } = made
    const variable = `v${this.#variables.size + 1}`
    const declaration = `$${variable}: ${type}${fallback === undefined ? '' : ` = ${fallback}`}`
    this.#variables.set(variable, { declaration, coordinate, value })
    if (given !== undefined) this.given[variable] = given
    return { name, text: `$${variable}`, variable, value }
  }
}

interface Made {
  readonly type: GraphQLInputType
  readonly fallback?: string
  readonly given?: unknown
}

/** A value as it stands in a document, of several ways to write it one. */
function literal(value: unknown, outer: GraphQLInputType, choices: Choices): string {
  const type = getNullableType(outer)
  if (value === null) return 'null'
  if (isListType(type)) {
    const items: readonly unknown[] = Array.isArray(value) ? value : [value]
    return `[${items.map((item) => literal(item, type.ofType, choices)).join(', ')}]`
  }
  if (isInputObjectType(type)) {
    const fields = type.getFields()
    const written = Object.entries(Object(value)).flatMap(([name, inner]) => {
      const field = fields[name]
      return field ? [`${name}: ${literal(inner, field.type, choices)}`] : []
    })
    return `{${written.join(', ')}}`
  }
  if (typeof value !== 'string' || isEnumType(type)) return String(value)
  const isInteger = NUMERIC.has(getNamedType(type).name) && /^(0|-?[1-9]\d*)$/.test(value)
  return isInteger && choices.chance(0.5) ? value : JSON.stringify(value)
}

/** Scalars of text that take whole numbers too. */
const NUMERIC = new Set(['ID', 'BigInt'])
