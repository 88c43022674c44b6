import fc from 'fast-check'
import {
  type GraphQLSchema,
  Lexer,
  MaxIntrospectionDepthRule,
  parse,
  Source,
  type Token,
  TokenKind,
  validate,
} from 'graphql'
import { LIMITS, limitRules } from '../../src/graphql/limits.ts'
import { Choices, RandomArguments } from './random-arguments.ts'
import { type OperationOptions, type Part, RandomSelections } from './random-selections.ts'

export interface RandomOperation {
  readonly query: string
  /** Some may belong to other operations of the document. */
  readonly variables: Record<string, unknown>
  readonly operationName?: string
}

/** A valid query within the server's limits. The same numbers make the same one; zeros alone the plainest. */
export function operationFrom(random: () => number, options: OperationOptions): RandomOperation {
  for (;;) {
    const { cost, ...operation } = drawn(new Choices(random), options)
    if (cost <= LIMITS.cost && isWithinLimits(options.schema, operation.query)) return operation
  }
}

/** The same for property tests: it shrinks to plainer operations. */
export const randomOperations = (options: OperationOptions): fc.Arbitrary<RandomOperation> =>
  fc.array(fc.nat(CHOICE_MAX), { maxLength: 1000, size: 'max' }).map((choices) => {
    const rest = choices.values()
    return operationFrom(() => (rest.next().value ?? 0) / (CHOICE_MAX + 1), options)
  })

const CHOICE_MAX = 0xffff

function drawn(choices: Choices, options: OperationOptions): RandomOperation & { readonly cost: number } {
  const root = options.schema.getQueryType()
  if (!root) throw new TypeError('a schema without queries')
  const args = new RandomArguments(choices)
  const selections = new RandomSelections(choices, args, options)
  const count = choices.chance(0.25) ? 2 + choices.below(2) : 1
  const parts = Array.from({ length: count }, () => selections.of(root, 1))
  const names = count > 1 || choices.chance(0.4) ? parts.map((_, index) => `Q${index + 1}`) : ['']
  const operations = parts.map((part, index) => headOf(names[index] ?? '', part, args, choices) + part.text)
  const definitions = [...operations, ...selections.fragments()]
  const query = (choices.chance(0.3) ? definitions.toReversed() : definitions).join('\n')
  const operationName = count > 1 || choices.chance(0.5) ? choices.of(names) : ''
  return {
    query: choices.chance(0.5) ? respelt(query, choices) : query,
    variables: args.given,
    ...(operationName && { operationName }),
    cost: Math.max(...parts.map(({ cost }) => cost)),
  }
}

function headOf(name: string, { variables }: Part, args: RandomArguments, choices: Choices): string {
  const declared = args.declarations(variables)
  const list = declared.length > 0 ? `(${declared.join(', ')})` : ''
  // Where nothing follows the keyword, it may be left out.
  return name || list || choices.chance(0.3) ? `query ${name}${list} ` : ''
}

/** The cost is counted while drawing. */
const isWithinLimits = (schema: GraphQLSchema, query: string): boolean =>
  tokensOf(query).length <= LIMITS.tokens &&
  validate(schema, parse(query), [...limitRules, MaxIntrospectionDepthRule]).length === 0

/** The same tokens with other white space, commas and comments between them. */
function respelt(query: string, choices: Choices): string {
  const tokens = tokensOf(query)
  const gaps = [undefined, ...tokens].map((token, index) => gap([token, tokens[index]], choices))
  return tokens.reduce((text, { start, end }, index) => text + query.slice(start, end) + gaps[index + 1], gaps[0] ?? '')
}

function gap(neighbours: readonly (Token | undefined)[], choices: Choices): string {
  if (choices.chance(0.3)) return choices.of(GAPS) ?? ' '
  const mayTouch = neighbours.some((token) => token === undefined || TOUCHING.has(token.kind))
  return mayTouch && choices.chance(0.5) ? '' : ' '
}

const GAPS = ['\n', ', ', '\t', ' ,\n , ', '\r\n', '\uFEFF', '  ', ' # } a comment, { me { id } } "\n', '#\r']

const TOUCHING = new Set<TokenKind>([
  TokenKind.BRACE_L,
  TokenKind.BRACE_R,
  TokenKind.PAREN_L,
  TokenKind.PAREN_R,
  TokenKind.BRACKET_L,
  TokenKind.BRACKET_R,
  TokenKind.COLON,
  TokenKind.EQUALS,
  TokenKind.DOLLAR,
  TokenKind.AT,
  TokenKind.BANG,
])

function tokensOf(query: string): Token[] {
  const lexer = new Lexer(new Source(query))
  const tokens: Token[] = []
  while (lexer.advance().kind !== TokenKind.EOF) tokens.push(lexer.token)
  return tokens
}
