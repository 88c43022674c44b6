import { GraphQLError } from 'graphql'
import { makeServer, type Server } from 'graphql-ws'
import type { HonzikError } from '../domain/error.ts'
import type { GraphQLContext } from './context.ts'
import { createErrorTeller, isFollowing, prepared } from './subscription-request.ts'

/** One subscription on a socket: what it may do, and what ends with it. */
export interface SocketOperation extends Disposable {
  readonly context: GraphQLContext
  /** Why it may not even begin; null: it may. */
  readonly refused: HonzikError | null
}

/** A connection, as far as the protocol needs to know it. */
export interface SocketConnection {
  /**
   * Begins an operation of whoever the connection's parameters, or else its headers, prove the caller to be.
   * @param authorization as in the header; undefined where the parameters have none
   * @param underWay how many there are on the connection, with this one
   */
  begin(authorization: string | undefined, follows: boolean, underWay: number): Promise<SocketOperation>
  /** What is under way, by the protocol's ids. */
  readonly operations: Map<string, SocketOperation>
}

export type SocketServer = Server<SocketConnection>

/** Answers subscriptions over WebSockets, by the protocol `graphql-transport-ws`. @param production hides the schema */
export function createSocketServer(options: { readonly production: boolean }): SocketServer {
  const tell = createErrorTeller(options)
  const end = ({ operations }: SocketConnection, id: string) => {
    operations.get(id)?.[Symbol.dispose]()
    operations.delete(id)
  }
  return makeServer<Record<string, unknown>, SocketConnection>({
    async onSubscribe(connection, id, payload) {
      const { connectionParams, extra } = connection
      // Counted before anything is waited for: many may come at once.
      const underWay = Object.keys(connection.subscriptions).length
      const operation = await extra.begin(authorizationIn(connectionParams), isFollowing({ ...payload }), underWay)
      // Nobody waits for it any more, so nobody will end it either.
      if (!(id in connection.subscriptions)) {
        operation[Symbol.dispose]()
        return [new GraphQLError('The subscription was given up.')]
      }
      extra.operations.set(id, operation)
      const { refused } = operation
      if (refused) return [new GraphQLError(refused.message, { originalError: refused })]
      return prepared(payload, operation.context)
    },
    onNext({ extra }, id, _, __, result) {
      const operation = extra.operations.get(id)
      if (!result.errors || !operation) return
      const errors = tell(result.errors, operation.context.notes).map((error) => error.toJSON())
      return { data: result.data ?? null, errors }
    },
    onError({ extra }, id, _, errors) {
      const operation = extra.operations.get(id)
      const told = operation ? tell(errors, operation.context.notes) : errors
      end(extra, id)
      return told.map((error) => error.toJSON())
    },
    onComplete: ({ extra }, id) => end(extra, id),
    onClose({ extra }) {
      for (const id of extra.operations.keys()) end(extra, id)
    },
  })
}

/** Browsers cannot give a socket headers. Clients spell the parameter either way. */
function authorizationIn(parameters: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const given = parameters?.['authorization'] ?? parameters?.['Authorization']
  return typeof given === 'string' ? given : undefined
}
