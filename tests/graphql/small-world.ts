import { makeExecutableSchema } from '@graphql-tools/schema'
import { GraphQLError } from 'graphql'
import type { GraphQLContext } from '../../src/graphql/context.ts'
import { createNotes } from '../../src/graphql/notes.ts'
import { BigIntScalar, DateScalar } from '../../src/graphql/scalars.ts'

/** A schema with a little of everything that makes execution hard. */
const typeDefs = `
  directive @cacheControl(
    maxAge: Int, scope: CacheControlScope, staleWhileRevalidate: Int
  ) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  enum CacheControlScope { PUBLIC PRIVATE }
  scalar Date
  scalar BigInt
  enum Colour { RED BLUE }
  interface Named @cacheControl(maxAge: 60) { name: String! }
  type Cat implements Named @cacheControl(maxAge: 60) { name: String! lives: Int! friend: Named friends: [Named!]! }
  type Dog implements Named @cacheControl(maxAge: 60) { name: String! barks(times: Int = 2, loud: Boolean! = false): [String!]! }
  union Animal @cacheControl(maxAge: 60) = Cat | Dog
  input Place { x: Int! y: Int = 5 note: String }
  type Query {
    cat(id: ID = 1): Cat @cacheControl(maxAge: 60)
    animals(first: Int! = 3): [Animal!]! @cacheControl(maxAge: 60)
    matrix: [[Int]!] @cacheControl(maxAge: 60)
    colour(of: Colour = BLUE): Colour @cacheControl(maxAge: 60)
    colours(of: [Colour!]): [Colour!] @cacheControl(maxAge: 60)
    date(of: Date): Date @cacheControl(maxAge: 60)
    big(of: BigInt): BigInt @cacheControl(maxAge: 60)
    float(of: Float): Float @cacheControl(maxAge: 60)
    text(of: String): String @cacheControl(maxAge: 60)
    place(at: Place, all: [Place!]): String @cacheControl(maxAge: 60)
    broken: String @cacheControl(maxAge: 60)
    brokenCat: Cat! @cacheControl(maxAge: 60)
    secret: String
  }
  type Mutation { change: String }
`

const cat = (name: string) => ({ __typename: 'Cat', name, lives: 9 })
const dog = { __typename: 'Dog', name: 'Rex' }

const given = (_: unknown, { of }: { of?: unknown }) => of ?? null

export const smallSchema = makeExecutableSchema({
  typeDefs,
  resolvers: {
    Date: DateScalar,
    BigInt: BigIntScalar,
    Cat: {
      friend: async () => dog,
      friends: ({ name }: { name: string }) => [dog, Promise.resolve(cat(`${name}'s`))],
    },
    Dog: {
      barks: (_: unknown, { times, loud }: { times: number | null; loud: boolean }) =>
        Array.from({ length: times ?? 1 }, () => (loud ? 'HAF' : 'haf')),
    },
    Query: {
      cat: async (_: unknown, { id }: { id: string | null }) => (id === null ? null : cat(`Cat ${id}`)),
      animals: (_: unknown, { first }: { first: number }) =>
        Array.from({ length: first }, (_, n) => (n % 2 === 0 ? cat(`Cat ${n}`) : dog)),
      matrix: async () => [[1, null], [], [Promise.resolve(2)]],
      colour: given,
      colours: given,
      date: given,
      big: given,
      float: given,
      text: given,
      place: (_: unknown, args: object) => JSON.stringify(args),
      broken: () => Promise.reject(new GraphQLError('It is broken.', { extensions: { code: 'CONFLICT' } })),
      brokenCat: () => null,
    },
  },
})

/** The context of a request that nothing here looks into. */
export const idleContext = (): GraphQLContext => Object.assign(Object.create(null), { notes: createNotes(() => {}) })
