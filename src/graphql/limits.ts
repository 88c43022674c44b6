import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases'
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth'
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives'
import type { GraphQLError, ValidationContext, ValidationRule } from 'graphql'

/** What one operation may ask for. `docs/reference/limits.md` says so to callers. */
export const LIMITS = {
  /** Nesting of fields; one conversation inside another would be 9. */
  depth: 8,
  aliases: 30,
  /** Values that an answer can bring, with every page as long as it was asked for. */
  cost: 50_000,
  directives: 20,
  /** Lexical tokens of the whole document. */
  tokens: 2000,
  /** Validation stops after as many errors. */
  errors: 5,
} as const

/** The library throws by default, which ends as an internal error; reported, a limit is a validation error. */
const reported = {
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null, error: GraphQLError) => {
      context?.reportError(error)
    },
  ],
}

export const limitRules: ValidationRule[] = [
  maxDepthRule({ n: LIMITS.depth, flattenFragments: true, ...reported }),
  // Without an empty list the library would excuse `__typename`.
  maxAliasesRule({ n: LIMITS.aliases, allowList: [], ...reported }),
  maxDirectivesRule({ n: LIMITS.directives, ...reported }),
]
