import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { Client, cacheExchange, fetchExchange } from 'urql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestEmbedded } from '../support/databases.ts'
import { createLearner } from '../support/people.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'

const READ = 'query Level($id: ID!) { user(id: $id) { id level telegramId } }'
const WRITE = 'mutation Promote($input: UpdateUserInput!) { updateUser(input: $input) { user { id level } } }'

let app: TestApp
let headers: Record<string, string>
let id: string
let telegramId: string
let nextTelegramId = 100

beforeAll(async () => {
  app = await startTestApp({ openDatabase: openTestEmbedded })
})
afterAll(() => app[Symbol.asyncDispose]())

async function meet(): Promise<void> {
  nextTelegramId += 1
  telegramId = String(nextTelegramId)
  const learner = await createLearner(app, { telegramId })
  id = String(learner)
  headers = { authorization: `Bearer ${await app.tokenOf('user', learner)}` }
}

interface Answer {
  readonly data: unknown
  readonly error: string | undefined
}

type Ask = (document: string, variables: Record<string, unknown>) => Promise<Answer>

/** Each client as its own documentation says, with nothing set but the address and the token. */
const CLIENTS: Record<string, () => { query: Ask; mutate: Ask }> = {
  '@apollo/client': () => {
    const client = new ApolloClient({
      link: new HttpLink({ uri: `${app.url}/graphql`, headers }),
      cache: new InMemoryCache(),
    })
    return {
      query: async (document, variables) => {
        const { data, error } = await client.query({ query: gql(document), variables, errorPolicy: 'all' })
        return { data, error: error?.message }
      },
      mutate: async (document, variables) => {
        const { data, error } = await client.mutate({ mutation: gql(document), variables, errorPolicy: 'all' })
        return { data, error: error?.message }
      },
    }
  },
  urql: () => {
    const client = new Client({
      url: `${app.url}/graphql`,
      exchanges: [cacheExchange, fetchExchange],
      fetchOptions: { headers },
      preferGetMethod: false,
    })
    return {
      query: async (document, variables) => {
        const { data, error } = await client.query(document, variables)
        return { data, error: error?.message }
      },
      mutate: async (document, variables) => {
        const { data, error } = await client.mutation(document, variables)
        return { data, error: error?.message }
      },
    }
  },
  fetch: () => {
    const ask: Ask = async (query, variables) => {
      const answer: { data?: unknown; errors?: { message: string }[] } = JSON.parse(
        await (await app.post({ query, variables }, headers)).text(),
      )
      return { data: answer.data, error: answer.errors?.[0]?.message }
    }
    return { query: ask, mutate: ask }
  },
}

describe.each(Object.entries(CLIENTS))('%s', (_, create) => {
  test('reads, changes, and sees an error', async () => {
    await meet()
    const client = create()
    expect(await client.query(READ, { id })).toMatchObject({ data: { user: { id, level: 'BEGINNER', telegramId } } })
    expect(await client.mutate(WRITE, { input: { id, level: 'ADVANCED' } })).toMatchObject({
      data: { updateUser: { user: { id, level: 'ADVANCED' } } },
    })
    expect((await client.query(READ, { id: '999999' })).error).toContain('No such learner')
  })
})
