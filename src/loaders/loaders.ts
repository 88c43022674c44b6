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
  return {
    user: byKey('user', signal, readers.users, null),
    userIdByTelegramId: byKey('userIdByTelegramId', signal, readers.userIdsByTelegramId, null),
    settings: byKey('settings', signal, readers.settings, null),
    stars: byKey('stars', signal, readers.stars, null),
    practice: byKey('practice', signal, readers.practice, noPractice),
    practiceDays: byPosition('practiceDays', signal, readers.practiceDays, rangeKey),
    messages: byPosition('messages', signal, readers.messages, sliceKey),
  }
}

/** A loader over a read that answers with what it found by key; `absent` stands for what it did not find. */
function byKey<Key, Row, Absent>(
  name: string,
  signal: AbortSignal,
  read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Row>>,
  absent: Absent,
): DataLoader<Key, Row | Absent> {
  return new DataLoader(
    async (keys) => {
      signal.throwIfAborted()
      const found = await read(keys)
      return keys.map((key) => found.get(key) ?? absent)
    },
    { name, maxBatchSize: MAX_BATCH },
  )
}

/** A loader over a read that answers in the order of the questions; equal questions have equal texts. */
function byPosition<Question, Answer>(
  name: string,
  signal: AbortSignal,
  read: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  textOf: (question: Question) => string,
): DataLoader<Question, Answer, string> {
  return new DataLoader(
    async (questions) => {
      signal.throwIfAborted()
      return read(questions)
    },
    { name, maxBatchSize: MAX_BATCH, cacheKeyFn: textOf },
  )
}

const rangeKey = ({ userId, from, to }: DayRange): string => `${userId} ${from} ${to}`

const sliceKey = ({ userId, after, limit }: MessageSlice): string =>
  `${userId} ${after?.createdAt} ${after?.id} ${limit}`
