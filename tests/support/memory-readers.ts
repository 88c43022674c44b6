import type { UserId } from '../../src/domain/ids.ts'
import { isOver } from '../../src/domain/job.ts'
import type { Message } from '../../src/domain/message.ts'
import type { MessagePlace } from '../../src/domain/page.ts'
import { type Practice, RECENT_DAYS } from '../../src/domain/practice.ts'
import type { Readers } from '../../src/loaders/readers.ts'
import { daysOf, type Learner, type Learners } from './memory-state.ts'

/** Reads what is committed at the moment of the call. */
export function createMemoryReaders(committed: () => Learners): Omit<Readers, 'usage' | 'listWebhooks' | 'deliveries'> {
  /** What `pick` says of each learner that exists; null leaves one out. */
  function eachOf<Value>(ids: readonly UserId[], pick: (learner: Learner) => Value | null): ReadonlyMap<UserId, Value> {
    const found = new Map<UserId, Value>()
    for (const id of ids) {
      const learner = committed().get(id)
      const value = learner === undefined ? null : pick(learner)
      if (value !== null) found.set(id, value)
    }
    return found
  }

  return {
    users: async (ids) => eachOf(ids, ({ user }) => user),
    async userIdsByTelegramId(telegramIds) {
      const asked = new Set(telegramIds)
      const users = [...committed().values()].map(({ user }) => user)
      return new Map(users.filter((user) => asked.has(user.telegramId)).map((user) => [user.telegramId, user.id]))
    },
    settings: async (ids) => eachOf(ids, ({ settings }) => settings),
    stars: async (ids) => eachOf(ids, ({ stars }) => stars),
    practice: async (ids) => eachOf(ids, practiceOf),
    practiceDays: async (ranges) =>
      ranges.map(({ userId, from, to }) => {
        const learner = committed().get(userId)
        return learner === undefined ? [] : daysOf(learner).filter(({ date }) => from <= date && date <= to)
      }),
    messages: async (slices) =>
      slices.map(({ userId, after, limit }) => {
        const newestFirst = [...(committed().get(userId)?.messages ?? [])].sort(byPlace)
        return newestFirst.filter((message) => after === null || byPlace(message, after) > 0).slice(0, limit)
      }),
    said: async (ids) => {
      const asked = new Set(ids)
      const found = [...committed().values()].flatMap(({ messages, exchanges }) =>
        messages
          .filter(({ id }) => asked.has(id))
          .map((message) => [message.id, { message, exchange: exchanges.get(message.id) ?? null }] as const),
      )
      return new Map(found)
    },
    speeches: async (ids) => {
      const found = entriesOf(committed(), ids, ({ speeches }) => speeches)
      return new Map([...found].map(([id, { format, audio }]) => [id, { format, bytes: audio.length }]))
    },
    async speech(id) {
      for (const { user, speeches } of committed().values()) {
        const speech = speeches.get(id)
        if (speech) return { id, userId: user.id, format: speech.format, audio: speech.audio }
      }
      return null
    },
    async recording(id) {
      for (const { recordings } of committed().values()) {
        const recording = recordings.get(id)
        if (recording) return recording
      }
      return null
    },
    async backlog() {
      const waiting = [...committed().values()].flatMap(({ jobs }) => [...jobs.values()].filter((job) => !isOver(job)))
      const [since = null] = waiting.map(({ createdAt }) => createdAt).toSorted()
      return { jobs: waiting.length, since }
    },
    jobs: async (ids) => entriesOf(committed(), ids, ({ jobs }) => jobs),
    jobUpdates: async (slices) =>
      slices.map(({ jobId, after }) =>
        [...committed().values()]
          .flatMap(({ jobUpdates }) => jobUpdates)
          .filter((update) => update.jobId === jobId && update.revision > (after ?? -1)),
      ),
    async lastActive(before, count) {
      const all = [...committed().values()].flatMap(({ messages }) => messages).sort((a, b) => b.id - a.id)
      const newest = all.filter(({ id }) => before === null || id < before).slice(0, count)
      const next = newest.length < count ? null : (newest.at(-1)?.id ?? null)
      return { ids: [...new Set(newest.map(({ userId }) => userId))], next }
    },
    async listUsers(after, limit) {
      const users = [...committed().values()].map(({ user }) => user).sort((a, b) => a.id - b.id)
      return users.filter(({ id }) => after === null || id > after.id).slice(0, limit)
    },
  }
}

/** What all learners have under some keys. */
function entriesOf<Key, Value>(
  learners: Learners,
  keys: readonly Key[],
  pick: (learner: Learner) => ReadonlyMap<Key, Value>,
): ReadonlyMap<Key, Value> {
  const asked = new Set(keys)
  return new Map([...learners.values()].flatMap((learner) => [...pick(learner)].filter(([key]) => asked.has(key))))
}

function practiceOf(learner: Learner): Practice {
  const days = daysOf(learner)
  const sum = (of: 'messagesCount' | 'wordsSaid' | 'scoredWords') => days.reduce((total, day) => total + day[of], 0)
  return {
    recentDays: days.toReversed().slice(0, RECENT_DAYS),
    totalMessages: sum('messagesCount'),
    totalWords: sum('wordsSaid'),
    scoredWords: sum('scoredWords'),
    maxStreak: Math.max(0, ...days.map(({ streakDay }) => streakDay)),
    timezone: learner.settings.timezone,
  }
}

/** Newest first; messages of one instant by descending id. */
function byPlace(a: Message, b: MessagePlace): number {
  if (a.createdAt !== b.createdAt) return a.createdAt > b.createdAt ? -1 : 1
  return b.id - a.id
}
