import { describe, expect, test } from 'vitest'
import { updateWebhook } from '../../src/commands/change-webhook.ts'
import { addDays, dayAt, parseTimeZone } from '../../src/domain/calendar.ts'
import type { Webhook } from '../../src/domain/delivery.ts'
import type { UserId } from '../../src/domain/ids.ts'
import { readErrand } from '../../src/work/errand-task.ts'
import { runErrand } from '../../src/work/errands.ts'
import { somebody } from '../contracts/suite.ts'
import { Delivering, webhookMeans } from '../support/delivering.ts'

const never = new AbortController().signal
const zoneOf = (name: string) => parseTimeZone('timezone', name)

class Evenings extends Delivering {
  async learner(timezone: string, notificationsEnabled = true): Promise<UserId> {
    const input = somebody({ settings: { timezone, notificationsEnabled } })
    const made = await this.perform(({ users, now }) => users.insert(input, now))
    if (made === null) throw new Error('the Telegram id is taken')
    return made.id
  }

  /** Counts practice on each of so many days before today, in the learner's own zone. */
  async practise(id: UserId, timezone: string, ...daysAgo: readonly number[]): Promise<void> {
    const today = dayAt(this.now, zoneOf(timezone))
    await this.perform(async ({ practice }) => {
      await practice.begin(id)
      for (const ago of daysAgo) await practice.count(id, addDays(today, -ago), { words: 1, score: 90 })
    })
  }

  /** What a minute's tick leads to, to its end. */
  async tick(): Promise<void> {
    await this.perform(({ schedule }) => schedule.queue({ kind: 'REMINDERS' }))
    await this.workOff()
  }

  async workOff(): Promise<void> {
    const queue = this.database.queues.of('errands', readErrand)
    for (let due = await queue.take(10); due.length > 0; due = await queue.take(10))
      for (const entry of due) await runErrand(() => this, entry, never)
  }

  async remindersOf(webhook: Webhook): Promise<readonly Record<string, unknown>[]> {
    return (await this.logOf(webhook)).map(({ payload }) => JSON.parse(payload).data)
  }
}

async function evening(at: string) {
  const world = new Evenings()
  world.now = Temporal.Instant.from(at)
  const webhook = await world.register('https://hooks.example.com/', ['STREAK_REMINDER'])
  return { world, webhook }
}

describe('a learner whose streak ends tonight', () => {
  test('is told of with what a bot needs, and not by name', async () => {
    const { world, webhook } = await evening('2026-11-23T18:00:00Z')
    const id = await world.learner('Europe/Prague')
    await world.practise(id, 'Europe/Prague', 3, 2, 1)
    await world.tick()
    const [user] = (await world.database.readers.users([id])).values()
    const [delivery] = await world.logOf(webhook)
    expect(JSON.parse(delivery?.payload ?? '')).toEqual({
      type: 'streak.reminder',
      timestamp: '2026-11-23T18:00:00.000Z',
      data: {
        userId: String(id),
        telegramId: user?.telegramId,
        currentStreak: 3,
        date: '2026-11-23',
        timezone: 'Europe/Prague',
      },
    })
    expect(delivery).toMatchObject({ event: 'STREAK_REMINDER', userId: id, status: 'PENDING' })
  })

  test('is told of once a day, however often it is looked for', async () => {
    const { world, webhook } = await evening('2026-11-23T18:00:00Z')
    const id = await world.learner('Europe/Prague')
    await world.practise(id, 'Europe/Prague', 1)
    for (let minute = 0; minute < 240; minute += 10) {
      await world.tick()
      world.pass({ minutes: 10 })
    }
    expect(await world.logOf(webhook)).toHaveLength(1)
    world.pass({ hours: 20 })
    await world.practise(id, 'Europe/Prague', 1)
    await world.tick()
    expect(await world.logOf(webhook)).toHaveLength(2)
  })

  test('is told of once, when their zone changes in the evening too', async () => {
    const { world, webhook } = await evening('2026-11-23T18:30:00Z')
    const id = await world.learner('Europe/Prague')
    await world.practise(id, 'Europe/Prague', 1)
    await world.tick()
    await world.perform(({ settings }) => settings.update(id, { timezone: zoneOf('Europe/London') }))
    world.pass({ hours: 1 })
    await world.tick()
    expect(await world.logOf(webhook)).toHaveLength(1)
  })

  test('is not told of when they have practised, have no streak, or want no reminders', async () => {
    const { world, webhook } = await evening('2026-11-23T18:00:00Z')
    const [done, lapsed, unwilling] = [
      await world.learner('Europe/Prague'),
      await world.learner('Europe/Prague'),
      await world.learner('Europe/Prague', false),
    ]
    await world.practise(done, 'Europe/Prague', 1, 0)
    await world.practise(lapsed, 'Europe/Prague', 2)
    await world.practise(unwilling, 'Europe/Prague', 1)
    await world.tick()
    expect(await world.logOf(webhook)).toEqual([])
  })

  test('is told of to each webhook that wants it; nothing is looked for when none does', async () => {
    const { world, webhook } = await evening('2026-11-23T18:00:00Z')
    const means = webhookMeans(world.vault)
    const id = await world.learner('Europe/Prague')
    await world.practise(id, 'Europe/Prague', 1)
    await world.perform(updateWebhook({ id: webhook.id, enabled: false }, means))
    await world.tick()
    await world.perform(updateWebhook({ id: webhook.id, enabled: true }, means))
    const other = await world.register('https://example.com/', ['STREAK_REMINDER'])
    await world.tick()
    expect(await world.logOf(webhook)).toHaveLength(1)
    expect(await world.logOf(other)).toHaveLength(1)
  })

  test('is one of many: of all of a zone, each once', async () => {
    const { world, webhook } = await evening('2026-11-23T18:00:00Z')
    const ids = new Set<string>()
    for (let count = 0; count < 1_001; count += 1) {
      const id = await world.learner('Europe/Prague')
      if (count % 20 !== 0) continue
      await world.practise(id, 'Europe/Prague', 1)
      ids.add(String(id))
    }
    await world.tick()
    const reminders = await world.remindersOf(webhook)
    expect(reminders).toHaveLength(ids.size)
    expect(new Set(reminders.map(({ userId }) => userId))).toEqual(ids)
  })

  test('is not told of at night, when everything was down until then', async () => {
    const { world, webhook } = await evening('2026-11-23T20:59:00Z')
    const id = await world.learner('Europe/Prague')
    await world.practise(id, 'Europe/Prague', 1)
    await world.perform(({ reminders, schedule }) =>
      reminders
        .begin([{ timezone: zoneOf('Europe/Prague'), date: dayAt(world.now, zoneOf('Europe/Prague')) }])
        .then(([begun]) => begun && schedule.queue({ kind: 'EVENING', evening: begun, after: null })),
    )
    world.pass({ minutes: 1 })
    await world.workOff()
    await world.tick()
    expect(await world.logOf(webhook)).toEqual([])
  })
})

/** The instants of a day at which the reminder for a zone comes, looked for each ten minutes; in the zone's own time. */
async function remindedAt(timezone: string, from: string): Promise<readonly string[]> {
  const { world, webhook } = await evening(from)
  const id = await world.learner(timezone)
  const times: string[] = []
  await world.practise(id, timezone, 1)
  let today = dayAt(world.now, zoneOf(timezone))
  for (let count = 0; count < 3 * 144; count += 1) {
    const before = (await world.logOf(webhook)).length
    await world.tick()
    const local = world.now.toZonedDateTimeISO(timezone)
    if ((await world.logOf(webhook)).length > before) times.push(local.toString({ timeZoneName: 'never' }))
    world.pass({ minutes: 10 })
    const date = dayAt(world.now, zoneOf(timezone))
    // A minute past midnight they make up for it, as if they had practised late.
    if (date !== today) await world.practise(id, timezone, 1)
    today = date
  }
  return times
}

describe('the evening', () => {
  test.each([
    ['Europe/Prague', '2026-11-23T00:00:00Z', ['23T19:00:00+01:00', '24T19:00:00+01:00', '25T19:00:00+01:00']],
    ['Asia/Kathmandu', '2026-11-23T00:00:00Z', ['23T19:05:00+05:45', '24T19:05:00+05:45', '25T19:05:00+05:45']],
    ['America/St_Johns', '2026-11-23T12:00:00Z', ['23T19:00:00-03:30', '24T19:00:00-03:30', '25T19:00:00-03:30']],
    ['Pacific/Kiritimati', '2026-11-23T00:00:00Z', ['23T19:00:00+14:00', '24T19:00:00+14:00', '25T19:00:00+14:00']],
    ['Pacific/Pago_Pago', '2026-11-23T12:00:00Z', ['23T19:00:00-11:00', '24T19:00:00-11:00', '25T19:00:00-11:00']],
  ])('begins at seven in %s', async (zone, from, times) => {
    expect(await remindedAt(zone, from)).toEqual(times.map((time) => `2026-11-${time}`))
  })

  test('begins at seven on the day before, of and after the change to winter and to summer time', async () => {
    expect(await remindedAt('Europe/Prague', '2026-10-24T00:00:00Z')).toEqual([
      '2026-10-24T19:00:00+02:00',
      '2026-10-25T19:00:00+01:00',
      '2026-10-26T19:00:00+01:00',
    ])
    expect(await remindedAt('America/New_York', '2026-03-07T12:00:00Z')).toEqual([
      '2026-03-07T19:00:00-05:00',
      '2026-03-08T19:00:00-04:00',
      '2026-03-09T19:00:00-04:00',
    ])
  })
})
