import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import type { GraphQLContext } from './context.ts'
import { costPlugin } from './cost.ts'
import { type FormatOptions, formatFor } from './errors.ts'
import { LIMITS, limitRules } from './limits.ts'
import type { PersistedTexts } from './persisted-texts.ts'
import { requestNotesPlugin } from './request-notes.ts'
import { schema } from './schema.ts'

export interface GraphQLServerOptions extends Pick<FormatOptions, 'traceId'> {
  readonly persisted: Pick<PersistedTexts, 'store'>
  /** Hides the schema: no introspection, no suggestions in error messages. */
  readonly production: boolean
}

export function createGraphQLServer({
  production,
  persisted,
  traceId,
}: GraphQLServerOptions): ApolloServer<GraphQLContext> {
  return new ApolloServer<GraphQLContext>({
    schema,
    introspection: !production,
    hideSchemaDetailsFromClientErrors: production,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    persistedQueries: { cache: persisted.store, ttl: null },
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    status400ForVariableCoercionErrors: true,
    parseOptions: { maxTokens: LIMITS.tokens },
    validationRules: limitRules,
    validationOptions: { maxErrors: LIMITS.errors },
    formatError: formatFor({ production, traceId }),
    logger: silent,
    plugins: [
      requestNotesPlugin,
      costPlugin,
      // It wraps every resolver, which doubles the cost of execution.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  })
}

/** What the library has to say arrives as errors, which the request log writes down. */
const silent = { debug() {}, info() {}, warn() {}, error() {} }
