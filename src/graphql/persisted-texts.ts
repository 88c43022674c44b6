import type { ApolloServerOptions, BaseContext } from '@apollo/server'
import { createL1 } from '../cache/l1.ts'

type Store = NonNullable<NonNullable<Exclude<ApolloServerOptions<BaseContext>['persistedQueries'], false>>['cache']>

/** Texts of documents that clients have registered by their SHA-256, to send only that from then on. */
export interface PersistedTexts {
  /** Where Apollo Server registers them. */
  readonly store: Store
  /** Undefined for one that is not registered, or not any more. */
  textOf(sha256: string): string | undefined
}

/** Bytes that all of them may take; a client whose text is gone is asked to register it again. */
const MAX_BYTES = 8 * 1024 * 1024
/** Apollo Server's own, before each hash. */
const PREFIX = 'apq:'

export function createPersistedTexts(): PersistedTexts {
  const texts = createL1({ maxBytes: MAX_BYTES }).shelf<string, string>()
  const textOf = (key: string) => texts.get(key, 0) ?? undefined
  return {
    store: {
      get: async (key) => textOf(key),
      async set(key, text) {
        texts.put(key, key, text, { asOf: 0, bytes: text.length, expiresAt: Number.POSITIVE_INFINITY })
      },
      delete: async () => {},
    },
    textOf: (sha256) => textOf(`${PREFIX}${sha256}`),
  }
}
