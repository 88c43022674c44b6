import { eq, sql } from 'drizzle-orm'
import type { Transaction } from '../commands/unit-of-work.ts'
import { toTimestamp } from '../domain/calendar.ts'
import type { UserId } from '../domain/ids.ts'
import { createActs } from './acts.ts'
import { createDeliveryWriter } from './delivery-writer.ts'
import { createJobWriter } from './job-writer.ts'
import { createMessageWriter } from './message-writer.ts'
import type { Orm } from './orm.ts'
import { createPracticeWriter } from './practice-writer.ts'
import type { QueueEngine } from './queue.ts'
import { rawIn } from './raw.ts'
import { first, only } from './rows.ts'
import { createReminderWriter, createScheduleWriter } from './schedule-writer.ts'
import { cacheInvalidation, stars, userSettings, users } from './schema.ts'
import { createUpkeepWriter } from './upkeep-writer.ts'
import { createVoiceWriter } from './voice-writer.ts'
import { createWebhookWriter } from './webhook-writer.ts'

/** The repositories of one running transaction. */
export function createTransaction(orm: Orm, queues: Pick<QueueEngine, 'within'>): Transaction {
  const queue = queues.within(rawIn(orm))
  return {
    users: createUserWriter(orm),
    settings: {
      async update(id, changes) {
        const nothing = Object.keys(changes).length === 0
        const rows = nothing
          ? await orm.select().from(userSettings).where(eq(userSettings.userId, id)).execute()
          : await orm.update(userSettings).set(changes).where(eq(userSettings.userId, id)).returning().execute()
        return first(rows.map(({ userId: _, ...settings }) => settings))
      },
    },
    practice: createPracticeWriter(orm),
    stars: createStarsWriter(orm),
    caches: {
      async purge(tags) {
        if (tags.length > 0)
          await orm
            .insert(cacheInvalidation)
            .values(tags.map((tag) => ({ tag })))
            .execute()
      },
    },
    acts: createActs(orm),
    messages: createMessageWriter(orm),
    jobs: createJobWriter(orm, queue),
    ...createVoiceWriter(orm),
    webhooks: createWebhookWriter(orm),
    deliveries: createDeliveryWriter(orm, queue),
    schedule: createScheduleWriter(orm, queue),
    reminders: createReminderWriter(orm),
    upkeep: createUpkeepWriter(orm),
  }
}

function createUserWriter(orm: Orm): Transaction['users'] {
  const byId = (id: UserId) => eq(users.id, id)
  return {
    find: async (id) => first(await orm.select().from(users).where(byId(id)).execute()),
    findByTelegramId: async (telegramId) =>
      first(await orm.select().from(users).where(eq(users.telegramId, telegramId)).execute()),
    async insert({ settings, ...profile }, now) {
      const at = toTimestamp(now)
      const inserted = first(
        await orm
          .insert(users)
          .values({ ...profile, createdAt: at, updatedAt: at })
          .onConflictDoNothing({ target: users.telegramId })
          .returning()
          .execute(),
      )
      if (inserted === null) return null
      await orm
        .insert(userSettings)
        .values({ userId: inserted.id, ...settings })
        .execute()
      await orm.insert(stars).values({ userId: inserted.id }).execute()
      return inserted
    },
    async update(id, changes, now) {
      if (Object.keys(changes).length === 0) return first(await orm.select().from(users).where(byId(id)).execute())
      const rows = await orm
        .update(users)
        .set({ ...changes, updatedAt: toTimestamp(now) })
        .where(byId(id))
        .returning()
        .prepare('update_user')
        .execute()
      return first(rows)
    },
    delete: async (id) => (await orm.delete(users).where(byId(id)).returning({ id: users.id }).execute()).length > 0,
  }
}

function createStarsWriter(orm: Orm): Transaction['stars'] {
  const counts = { total: stars.total, available: stars.available, lifetime: stars.lifetime }
  return {
    find: async (id) => first(await orm.select(counts).from(stars).where(eq(stars.userId, id)).execute()),
    async add(id, earned) {
      const rows = await orm
        .update(stars)
        .set({
          total: sql`${stars.total} + ${earned}`,
          available: sql`${stars.available} + ${earned}`,
          lifetime: sql`${stars.lifetime} + ${earned}`,
        })
        .where(eq(stars.userId, id))
        .returning(counts)
        .prepare('add_stars')
        .execute()
      return only(rows)
    },
  }
}
