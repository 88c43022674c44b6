import { ApolloClient, ApolloLink, gql, InMemoryCache, Observable } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { print } from 'graphql'
import { createClient as createStreamClient } from 'graphql-sse'
import { createClient as createSocketClient } from 'graphql-ws'

/** What a client was told, answer by answer. */
export type Answers = AsyncIterable<unknown>

export interface FollowingClient extends Disposable {
  follow(query: string, variables: Record<string, unknown>): Answers
}

/** @param url the server's, without a path */
export type OpenClient = (url: string, token: string) => FollowingClient

const socketClient = (url: string, token: string) =>
  createSocketClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  })

const streamClient = (url: string, token: string) =>
  createStreamClient({
    url: `${url}/graphql`,
    headers: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  })

/** Each client as its own documentation says. */
export const CLIENTS: Readonly<Record<string, OpenClient>> = {
  'graphql-ws': (url, token) => {
    const client = socketClient(url, token)
    return {
      follow: (query, variables) => client.iterate({ query, variables }),
      [Symbol.dispose]: () => void client.dispose(),
    }
  },
  'graphql-sse': (url, token) => {
    const client = streamClient(url, token)
    return {
      follow: (query, variables) => client.iterate({ query, variables }),
      [Symbol.dispose]: () => client.dispose(),
    }
  },
  'Apollo Client over a WebSocket': (url, token) => {
    const socket = socketClient(url, token)
    return apolloClient(new GraphQLWsLink(socket), () => void socket.dispose())
  },
  'Apollo Client over server-sent events': (url, token) => {
    const stream = streamClient(url, token)
    return apolloClient(streamLink(stream), () => stream.dispose())
  },
}

/** The link that graphql-sse's documentation has for Apollo Client. */
const streamLink = (client: ReturnType<typeof streamClient>) =>
  new ApolloLink(
    ({ query, operationName, variables }) =>
      new Observable<ApolloLink.Result>((sink) => {
        const error = (thrown: unknown) => sink.error(thrown)
        return client.subscribe<ApolloLink.Result['data'] & Record<string, unknown>>(
          { query: print(query), variables, ...(operationName !== undefined && { operationName }) },
          { next: (result) => sink.next(result as ApolloLink.Result), error, complete: () => sink.complete() },
        )
      }),
  )

function apolloClient(link: ApolloLink, dispose: () => void): FollowingClient {
  const client = new ApolloClient({ link, cache: new InMemoryCache() })
  return {
    follow: (query, variables) => iterated(client.subscribe({ query: gql(query), variables, errorPolicy: 'all' })),
    [Symbol.dispose]() {
      client.stop()
      dispose()
    },
  }
}

interface Told<Value> {
  subscribe(observer: { next: (value: Value) => void; error: (error: unknown) => void; complete: () => void }): {
    unsubscribe(): void
  }
}

/** An observable, to be read as the other clients' answers are. */
function iterated<Value>(observable: Told<Value>): AsyncIterable<Value> {
  let stop = () => {}
  return new ReadableStream<Value>({
    start(controller) {
      const subscription = observable.subscribe({
        next: (value) => controller.enqueue(value),
        error: (error) => controller.error(error),
        complete: () => controller.close(),
      })
      stop = () => subscription.unsubscribe()
    },
    cancel: () => stop(),
  })
}
