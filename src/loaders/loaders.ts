import DataLoader from 'dataloader'
import type { TelegramId, UserId } from '../domain/ids.ts'
import type { Message } from '../domain/message.ts'
import { noPractice, type Practice, type PracticeDay } from '../domain/practice.ts'
import type { UserSettings } from '../domain/settings.ts'
import type { Stars } from '../domain/stars.ts'
import type { User } from '../domain/user.ts'
import type { DayRange, MessageSlice, Readers } from './readers.ts'

/** The loaders of one request: each batches the lookups of one kind and remembers them until the request ends. */
export interface Loaders {
  readonly user: DataLoader<UserId, User | null>
  readonly userIdByTelegramId: DataLoader<TelegramId, UserId | null>
  readonly settings: DataLoader<UserId, UserSettings | null>
  readonly stars: DataLoader<UserId, Stars | null>
  readonly practice: DataLoader<UserId, Practice>
  readonly practiceDays: DataLoader<DayRange, readonly PracticeDay[], string>
  readonly messages: DataLoader<MessageSlice, readonly Message[], string>
}

export interface LoaderDeps {
  readonly readers: Readers
  /** Aborted when nobody waits for the request any more: nothing new is read then. */
  readonly signal: AbortSignal
}

/** As many keys as one statement takes well. */
const MAX_BATCH = 500

export function createLoaders({ readers, signal }: LoaderDeps): Loaders {
  const byKey = <Key, Row>(
    name: string,
    read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Row>>,
  ): DataLoader<Key, Row | null> =>
    new DataLoader(
      async (keys) => {
        signal.throwIfAborted()
        const found = await read(keys)
        return keys.map((key) => found.get(key) ?? null)
      },
      { name, maxBatchSize: MAX_BATCH },
    )

  const byPosition = <Key, Row>(
    name: string,
    cacheKeyFn: (key: Key) => string,
    read: (keys: readonly Key[]) => Promise<readonly Row[]>,
  ): DataLoader<Key, Row, string> =>
    new DataLoader(
      (keys) => {
        signal.throwIfAborted()
        return read(keys)
      },
      { name, maxBatchSize: MAX_BATCH, cacheKeyFn },
    )

  return {
    user: byKey('user', readers.users),
    userIdByTelegramId: byKey('userIdByTelegramId', readers.userIdsByTelegramId),
    settings: byKey('settings', readers.settings),
    stars: byKey('stars', readers.stars),
    practice: new DataLoader(
      async (ids) => {
        signal.throwIfAborted()
        const found = await readers.practice(ids)
        return ids.map((id) => found.get(id) ?? noPractice)
      },
      { name: 'practice', maxBatchSize: MAX_BATCH },
    ),
    practiceDays: byPosition('practiceDays', ({ userId, from, to }) => `${userId} ${from} ${to}`, readers.practiceDays),
    messages: byPosition(
      'messages',
      ({ userId, after, limit }) => `${userId} ${after?.createdAt} ${after?.id} ${limit}`,
      readers.messages,
    ),
  }
}
