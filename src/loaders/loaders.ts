import DataLoader from 'dataloader'
import type { Kind } from '../cache/kind.ts'
import type { View } from '../cache/view.ts'
import type { JobId, MessageId, TelegramId, UserId } from '../domain/ids.ts'
import type { Job } from '../domain/job.ts'
import type { Message } from '../domain/message.ts'
import type { Practice, PracticeDay } from '../domain/practice.ts'
import type { UserSettings } from '../domain/settings.ts'
import type { Stars } from '../domain/stars.ts'
import type { LearnerDay, UsageDay } from '../domain/usage.ts'
import type { User } from '../domain/user.ts'
import type { SpeechFacts } from '../domain/voice.ts'
import type { ListPolicy } from './policies.ts'
import type { DayRange, MessageSlice, Said } from './readers.ts'
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
  readonly job: DataLoader<JobId, Job | null>
  readonly said: DataLoader<MessageId, Said | null>
  readonly speech: DataLoader<MessageId, SpeechFacts | null>
}

export interface LoaderDeps {
  readonly sources: Sources
  /** How this request may read caches. */
  readonly view: () => Promise<View>
  /** Throws once nobody waits for the request any more: nothing new is read then. */
  readonly signal: Pick<AbortSignal, 'throwIfAborted'>
}

/** As many keys as one statement takes well. */
const MAX_BATCH = 500

export const createLoaders = (deps: LoaderDeps): Loaders => new LoadersOnDemand(deps)

/** Makes each loader when it is first asked for: most requests need few of them. */
class LoadersOnDemand implements Loaders {
  readonly #deps: LoaderDeps
  readonly #made: { -readonly [Name in keyof Loaders]?: Loaders[Name] } = {}

  constructor(deps: LoaderDeps) {
    this.#deps = deps
  }

  get user() {
    this.#made.user ??= byKey('user', this.#deps, this.#deps.sources.profile)
    return this.#made.user
  }

  get userIdByTelegramId() {
    this.#made.userIdByTelegramId ??= byKey('userIdByTelegramId', this.#deps, this.#deps.sources.telegramId)
    return this.#made.userIdByTelegramId
  }

  get settings() {
    this.#made.settings ??= byKey('settings', this.#deps, this.#deps.sources.settings)
    return this.#made.settings
  }

  get stars() {
    this.#made.stars ??= byKey('stars', this.#deps, this.#deps.sources.stars)
    return this.#made.stars
  }

  get practice() {
    this.#made.practice ??= byKey('practice', this.#deps, this.#deps.sources.practice)
    return this.#made.practice
  }

  get practiceDays() {
    const { practiceDays, lists } = this.#deps.sources
    this.#made.practiceDays ??= byPosition('practiceDays', this.#deps, practiceDays, rangeKey, lists.practiceDays)
    return this.#made.practiceDays
  }

  get messages() {
    const { messages, lists } = this.#deps.sources
    this.#made.messages ??= byPosition('messages', this.#deps, messages, sliceKey, lists.messages)
    return this.#made.messages
  }

  get usage() {
    this.#made.usage ??= byPosition('usage', this.#deps, this.#deps.sources.usage, dayKey, null)
    return this.#made.usage
  }

  get job() {
    this.#made.job ??= byPlainKey('job', this.#deps, this.#deps.sources.jobs)
    return this.#made.job
  }

  get said() {
    this.#made.said ??= byPlainKey('said', this.#deps, this.#deps.sources.said)
    return this.#made.said
  }

  get speech() {
    this.#made.speech ??= byPlainKey('speech', this.#deps, this.#deps.sources.speeches)
    return this.#made.speech
  }
}

/** A loader of cached things; null where there is none. */
function byKey<Key, Value>(
  name: string,
  { view, signal }: LoaderDeps,
  kind: Kind<Key, Value>,
): DataLoader<Key, Value | null> {
  return new DataLoader<Key, Value | null>(
    async (keys) => {
      signal.throwIfAborted()
      const opened = await view()
      const [only] = keys
      if (only !== undefined && keys.length === 1) return [await kind.get(only, opened)]
      const found = await kind.getMany(keys, opened)
      return keys.map((key) => found.get(key) ?? null)
    },
    { name, maxBatchSize: MAX_BATCH },
  )
}

/** A loader of things that nothing keeps, and no response that is kept may show; null where there is none. */
function byPlainKey<Key, Value>(
  name: string,
  { view, signal }: LoaderDeps,
  read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): DataLoader<Key, Value | null> {
  return new DataLoader<Key, Value | null>(
    async (keys) => {
      signal.throwIfAborted()
      const { tally, footprint } = await view()
      if (tally) tally.loads += keys.length
      footprint?.endBy(Number.NEGATIVE_INFINITY)
      const found = await read(keys)
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

const dayKey = ({ userId, date }: LearnerDay): string => `${userId} ${date}`

const rangeKey = ({ userId, from, to }: DayRange): string => `${userId} ${from} ${to}`

const sliceKey = ({ userId, after, limit }: MessageSlice): string =>
  `${userId} ${after?.createdAt} ${after?.id} ${limit}`
