import { GraphQLError } from 'graphql'
import { type Loaders, renameUser, type User } from './data.ts'
import { mayReach, type Viewer } from './viewer.ts'

/** What every request's resolvers are given. */
export interface Context {
  readonly viewer: Viewer | null
  readonly loaders: Loaders
}

/** The part of our schema that the bench asks for. */
export const typeDefs = /* GraphQL */ `
  scalar Date

  enum Level { BEGINNER INTERMEDIATE ADVANCED NATIVE }
  enum ConversationStyle { FRIENDLY TUTOR CASUAL }
  enum VoiceSpeed { VERY_SLOW SLOW NORMAL NATIVE }
  enum CorrectionsLevel { MINIMAL BALANCED DETAILED }
  enum Character { HONZIK NOVAKOVA }

  type User {
    id: ID!
    username: String
    firstName: String!
    nativeLanguage: String!
    level: Level!
    settings: UserSettings!
    stars: Stars!
    statsRange(days: Int! = 7): [DailyStats!]!
  }

  type UserSettings {
    conversationStyle: ConversationStyle!
    voiceSpeed: VoiceSpeed!
    correctionsLevel: CorrectionsLevel!
    character: Character!
    timezone: String!
    notificationsEnabled: Boolean!
  }

  type Stars {
    total: Int!
    available: Int!
    lifetime: Int!
  }

  type DailyStats {
    date: Date!
    messagesCount: Int!
    wordsSaid: Int!
    correctPercent: Int!
    streakDay: Int!
  }

  input UpdateUserInput {
    id: ID!
    firstName: String
  }

  type UpdateUserPayload {
    user: User!
  }

  type Query {
    user(id: ID!): User
  }

  type Mutation {
    updateUser(input: UpdateUserInput!): UpdateUserPayload
  }
`

export const resolvers = {
  Query: {
    user(_: unknown, { id }: { readonly id: string }, { viewer, loaders }: Context) {
      requireReach(viewer, id)
      return /^\d{1,18}$/.test(id) ? loaders.users.load(id) : null
    },
  },
  User: {
    settings: ({ id }: User, _: unknown, { loaders }: Context) => loaders.settings.load(id),
    stars: ({ id }: User, _: unknown, { loaders }: Context) => loaders.stars.load(id),
    statsRange({ id }: User, { days }: { readonly days: number }, { loaders }: Context) {
      if (days < 1 || days > 366) throw badInput('days must be 1 to 366.')
      return loaders.stats(id, days)
    },
  },
  Mutation: {
    async updateUser(_: unknown, { input }: { readonly input: UpdateUserInput }, { viewer }: Context) {
      requireReach(viewer, input.id)
      const firstName = input.firstName?.trim() ?? ''
      if (firstName.length < 1 || firstName.length > 64) throw badInput('firstName must have 1 to 64 characters.')
      const user = await renameUser(input.id, firstName)
      if (user === null) throw new GraphQLError('There is no such learner.', { extensions: { code: 'NOT_FOUND' } })
      return { user }
    },
  },
}

interface UpdateUserInput {
  readonly id: string
  readonly firstName?: string | null
}

function requireReach(viewer: Viewer | null, id: string): void {
  const code = viewer === null ? 'UNAUTHENTICATED' : 'FORBIDDEN'
  if (!mayReach(viewer, id)) throw new GraphQLError('That is not for you to see.', { extensions: { code } })
}

const badInput = (message: string) => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })
