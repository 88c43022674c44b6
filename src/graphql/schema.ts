import { readFileSync } from 'node:fs'
import { makeExecutableSchema } from '@graphql-tools/schema'
import { GraphQLScalarType, Kind, parse } from 'graphql'
import type { Resolvers } from './generated/schema-types.ts'
import { CachedCopy } from './resolvers/cache.ts'
import { Job } from './resolvers/job.ts'
import { Mutation } from './resolvers/mutation.ts'
import { Query } from './resolvers/query.ts'
import { Subscription } from './resolvers/subscription.ts'
import { Message, TutorUsage, User } from './resolvers/user.ts'
import { Webhook, WebhookDelivery } from './resolvers/webhook.ts'
import { BigIntScalar, DateScalar, DateTimeScalar } from './scalars.ts'
import { UploadScalar } from './upload.ts'

/** The schema definition, which is the source; see `npm run codegen`. */
export const typeDefs = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8')

const resolvers: Resolvers = {
  BigInt: described(BigIntScalar),
  CachedCopy,
  Date: described(DateScalar),
  DateTime: described(DateTimeScalar),
  Job,
  Message,
  Mutation,
  Query,
  Subscription,
  TutorUsage,
  Upload: described(UploadScalar),
  User,
  Webhook,
  WebhookDelivery,
}

/** Types and resolvers in one. */
export const schema = makeExecutableSchema({ typeDefs, resolvers })

/** The scalar with the schema's own description, which the library's would hide from the explorer. */
function described<In, Out>(scalar: GraphQLScalarType<In, Out>): GraphQLScalarType<In, Out> {
  const definition = parse(typeDefs).definitions.find(
    (each) => each.kind === Kind.SCALAR_TYPE_DEFINITION && each.name.value === scalar.name,
  )
  const description = definition && 'description' in definition ? definition.description?.value : undefined
  return new GraphQLScalarType({ ...scalar.toConfig(), description })
}
