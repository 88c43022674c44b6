import DataLoader from 'dataloader'
import type { Kind } from '../cache/kind.ts'
import type { View } from '../cache/view.ts'
import type { TelegramId, UserId } from '../domain/ids.ts'
import type { Message } from '../domain/message.ts'
import type { Practice, PracticeDay } from '../domain/practice.ts'
import type { UserSettings } from '../domain/settings.ts'
import type { Stars } from '../domain/stars.ts'
import type { LearnerDay, UsageDay } from '../domain/usage.ts'
import type { User } from '../domain/user.ts'
import type { ListPolicy } from './policies.ts'
import type { DayRange, MessageSlice } from './readers.ts'
import type { Sources } from './sources.ts'

/** The loaders of one request: each batches the lookups of one kind and remembers them until the request ends. */
export interface Loaders {
  readonly user: DataLoader<UserId, User | null>
  readonly userIdByTelegramId: DataLoader<TelegramId, UserId | null>
  readonly settings: DataLoader<UserId, UserSettings | null>
  readonly stars: DataLoader<UserId, Stars | null>
  readonly practice: DataLoader<UserId, Practice | null>
  readonly practiceDays: DataLoader<DayRange, readonly PracticeDay[], string>
  readonly messages: DataLoader<MessageSlice, readonly Message[], string>
  readonly usage: DataLoader<LearnerDay, UsageDay | null, string>
}

export interface LoaderDeps {
  readonly sources: Sources
  /** How this request may read caches. */
  readonly view: () => Promise<View>
  /** Aborted when nobody waits for the request any more: nothing new is read then. */
  readonly signal: AbortSignal
}

/** As many keys as one statement takes well. */
const MAX_BATCH = 500

export function createLoaders(deps: LoaderDeps): Loaders {
  const { sources } = deps
  return {
    user: byKey('user', deps, sources.profile),
    userIdByTelegramId: byKey('userIdByTelegramId', deps, sources.telegramId),
    settings: byKey('settings', deps, sources.settings),
    stars: byKey('stars', deps, sources.stars),
    practice: byKey('practice', deps, sources.practice),
    practiceDays: byPosition('practiceDays', deps, sources.practiceDays, rangeKey, sources.lists.practiceDays),
    messages: byPosition('messages', deps, sources.messages, sliceKey, sources.lists.messages),
    usage: byPosition('usage', deps, sources.usage, ({ userId, date }) => `${userId} ${date}`, null),
  }
}

/** A loader of cached things; null where there is none. */
function byKey<Key, Value>(
  name: string,
  { view, signal }: LoaderDeps,
  kind: Kind<Key, Value>,
): DataLoader<Key, Value | null> {
  return new DataLoader(
    async (keys) => {
      signal.throwIfAborted()
      const found = await kind.getMany(keys, await view())
      return keys.map((key) => found.get(key) ?? null)
    },
    { name, maxBatchSize: MAX_BATCH },
  )
}

/**
 * A loader over a read that answers in the order of the questions; equal questions have equal texts.
 * @param policy of what belongs to one learner; null for what no response that is kept may show
 */
function byPosition<Question extends { readonly userId: UserId }, Answer>(
  name: string,
  { view, signal }: LoaderDeps,
  read: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  textOf: (question: Question) => string,
  policy: ListPolicy<UserId> | null,
): DataLoader<Question, Answer, string> {
  return new DataLoader(
    async (questions) => {
      signal.throwIfAborted()
      const opened = await view()
      if (opened.tally) opened.tally.loads += questions.length
      for (const { userId } of questions) noteList(opened, policy, userId)
      return read(questions)
    },
    { name, maxBatchSize: MAX_BATCH, cacheKeyFn: textOf },
  )
}

/** Before it is read: a change that comes after the reading then finds the response under the tag. */
export function noteList<Owner>({ footprint, at }: View, policy: ListPolicy<Owner> | null, owner: Owner): void {
  if (footprint === null) return
  if (policy) footprint.add(policy.tagOf(owner))
  footprint.endBy(policy ? at + policy.ttlMs : Number.NEGATIVE_INFINITY)
}

const rangeKey = ({ userId, from, to }: DayRange): string => `${userId} ${from} ${to}`

const sliceKey = ({ userId, after, limit }: MessageSlice): string =>
  `${userId} ${after?.createdAt} ${after?.id} ${limit}`
