import { readFileSync } from 'node:fs'
import type { Resolvers } from './generated/schema-types.ts'
import { Mutation } from './resolvers/mutation.ts'
import { Query } from './resolvers/query.ts'
import { Message, User } from './resolvers/user.ts'
import { BigIntScalar, DateScalar, DateTimeScalar } from './scalars.ts'

/** The schema definition, which is the source; see `npm run codegen`. */
export const typeDefs = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8')

export const resolvers: Resolvers = {
  BigInt: BigIntScalar,
  Date: DateScalar,
  DateTime: DateTimeScalar,
  Message,
  Mutation,
  Query,
  User,
}
