import type { Transaction } from '../../src/commands/unit-of-work.ts'
import { addDays, type CalendarDate, toTimestamp } from '../../src/domain/calendar.ts'
import { type TelegramId, userIdFromRow } from '../../src/domain/ids.ts'
import type { PracticeDay } from '../../src/domain/practice.ts'
import { createMemoryJobs } from './memory-jobs.ts'
import { createMemoryMessages } from './memory-messages.ts'
import type { MemoryQueueTransaction } from './memory-queues.ts'
import { createMemorySchedule } from './memory-schedule.ts'
import { change, type Learners, type Tables, withEntry } from './memory-state.ts'
import { createMemoryUpkeep } from './memory-upkeep.ts'
import { createMemoryWebhooks } from './memory-webhooks.ts'

/** The repositories of one transaction, over the copy that is its own. */
export function createMemoryTransaction(
  learners: Learners,
  { webhooks, agenda }: Pick<Tables, 'webhooks' | 'agenda'>,
  purged: string[],
  queues: MemoryQueueTransaction,
  next: { readonly userId: () => number; readonly messageId: () => number },
): Transaction {
  return {
    users: createUsers(learners, next.userId),
    messages: createMemoryMessages(learners, next.messageId),
    ...createMemoryJobs(learners, queues),
    ...createMemoryWebhooks(learners, webhooks, queues),
    ...createMemorySchedule(learners, agenda, queues),
    upkeep: createMemoryUpkeep(learners, agenda),
    settings: {
      async update(id, changes) {
        if (!learners.has(id)) return null
        return change(learners, id, ({ settings }) => ({ settings: { ...settings, ...changes } })).settings
      },
    },
    practice: createPractice(learners),
    stars: {
      find: async (id) => learners.get(id)?.stars ?? null,
      add: async (id, earned) =>
        change(learners, id, ({ stars: { total, available, lifetime } }) => ({
          stars: { total: total + earned, available: available + earned, lifetime: lifetime + earned },
        })).stars,
    },
    caches: {
      async purge(tags) {
        purged.push(...tags)
      },
    },
    acts: {
      find: async (id, key) => learners.get(id)?.acts.get(key) ?? null,
      async remember(id, key, act) {
        if (learners.get(id)?.acts.has(key)) throw new Error(`the key ${key} was used before`)
        change(learners, id, ({ acts }) => ({ acts: withEntry(acts, key, act) }))
      },
      async complete(messageId, practised) {
        for (const [id, { acts }] of learners)
          for (const [key, act] of acts)
            if (act.messageId === messageId)
              change(learners, id, () => ({ acts: withEntry(acts, key, { ...act, practised }) }))
      },
    },
  }
}

function createUsers(learners: Learners, nextUserId: () => number): Transaction['users'] {
  const findByTelegramId = (telegramId: TelegramId) =>
    [...learners.values()].find(({ user }) => user.telegramId === telegramId)?.user ?? null

  return {
    find: async (id) => learners.get(id)?.user ?? null,
    findByTelegramId: async (telegramId) => findByTelegramId(telegramId),
    async insert({ settings, ...profile }, now) {
      const id = userIdFromRow(nextUserId())
      if (findByTelegramId(profile.telegramId)) return null
      const at = toTimestamp(now)
      const user = { id, ...profile, createdAt: at, updatedAt: at }
      const stars = { total: 0, available: 0, lifetime: 0 }
      learners.set(id, { user, settings, stars, ...nothingYet() })
      return user
    },
    async update(id, changes, now) {
      const known = learners.get(id)
      if (!known || Object.keys(changes).length === 0) return known?.user ?? null
      return change(learners, id, ({ user }) => ({ user: { ...user, ...changes, updatedAt: toTimestamp(now) } })).user
    },
    delete: async (id) => learners.delete(id),
  }
}

const nothingYet = () => ({
  days: new Map(),
  acts: new Map(),
  messages: [],
  exchanges: new Map(),
  jobs: new Map(),
  jobUpdates: [],
  recordings: new Map(),
  speeches: new Map(),
  spokenAt: new Map(),
  reminded: new Set<CalendarDate>(),
  deliveries: new Map(),
})

function createPractice(learners: Learners): Transaction['practice'] {
  return {
    // Transactions run one after another, so there is nobody to keep out.
    begin: async (id) => learners.get(id)?.settings.timezone ?? null,
    async count(id, date, { words, score }) {
      const { days } = change(learners, id, ({ days: before }) => {
        const day = dayOf(before, date)
        const counted = {
          ...day,
          messagesCount: day.messagesCount + 1,
          wordsSaid: day.wordsSaid + words,
          scoredWords: day.scoredWords + words * score,
        }
        return { days: linked(withEntry(before, date, counted), date) }
      })
      return dayOf(days, date)
    },
    find: async (id, date) => learners.get(id)?.days.get(date) ?? null,
  }
}

type Days = ReadonlyMap<CalendarDate, PracticeDay>

const dayOf = (days: Days, date: CalendarDate): PracticeDay =>
  days.get(date) ?? { date, messagesCount: 0, wordsSaid: 0, scoredWords: 0, streakDay: 0 }

/** The days with the streak of `from`, and of the days that follow it without a gap, counted anew. */
function linked(days: Days, from: CalendarDate): Days {
  const result = new Map(days)
  let streakDay = days.get(addDays(from, -1))?.streakDay ?? 0
  for (let date = from, day = days.get(date); day; date = addDays(date, 1), day = days.get(date)) {
    streakDay += 1
    result.set(date, { ...day, streakDay })
  }
  return result
}
