import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Errand, ErrandAttempt } from '../../src/commands/schedule-writes.ts'
import { parseTimeZone, toTimestamp } from '../../src/domain/calendar.ts'
import { fresh } from '../../src/domain/delivery.ts'
import type { JobId, MessageId, UserId } from '../../src/domain/ids.ts'
import type { Job, JobChanges } from '../../src/domain/job.ts'
import type { Evening } from '../../src/domain/webhook-event.ts'
import { readErrand } from '../../src/work/errand-task.ts'
import { aReply } from '../support/a-reply.ts'
import { NOW } from '../support/test-app.ts'
import { day, type OpenContractDatabase, openSuite, type Suite, said } from './suite.ts'

const PRAGUE: Evening = { timezone: parseTimeZone('timezone', 'Europe/Prague'), date: day('2026-11-23') }
const TOKYO: Evening = { timezone: parseTimeZone('timezone', 'Asia/Tokyo'), date: day('2026-11-23') }

/** What every implementation must do for scheduled work. Needs a database with queues. */
export function describeSchedule(name: string, open: OpenContractDatabase): void {
  describe(`scheduled work over ${name}`, () => {
    const suite = openSuite(open)
    beforeEach(async () => {
      await takeErrands(suite)
      for (const { id } of await suite.readers.listUsers(null, 10_000)) await suite.run(({ users }) => users.delete(id))
    })
    describe('a task', () => describeClaims(suite))
    describe('errands', () => describeErrands(suite))
    describe('reminders', () => describeReminders(suite))
    describe('old messages', () => describeRetention(suite))
    describe('what has had its time', () => describeUpkeep(suite))
  })
}

async function takeErrands({ queues }: Suite) {
  const queue = queues.of('errands', readErrand)
  const entries = await queue.take(1_000)
  for (const entry of entries) await queue.finish(entry)
  return entries
}

function describeClaims(suite: Suite): void {
  const claim = (due: Temporal.Instant, task: 'REMINDERS' | 'RETENTION' | 'UPKEEP' = 'UPKEEP') =>
    suite.run(({ schedule }) => schedule.claim(task, due))

  test('is taken once for each time, whoever tries at the same moment', async () => {
    for (const due of [NOW, NOW.add({ hours: 24 })]) {
      const claims = await Promise.all(Array.from({ length: 8 }, () => claim(due)))
      expect(claims.filter(Boolean)).toHaveLength(1)
    }
  })

  test('is not taken for a time before one for which it was', async () => {
    await claim(NOW.add({ hours: 100 }))
    expect(await claim(NOW.add({ hours: 90 }))).toBe(false)
    expect(await claim(NOW.add({ hours: 101 }))).toBe(true)
  })

  test('that a wrong clock has taken for a time far ahead is taken all the same', async () => {
    await claim(NOW.add({ hours: 24 * 3_650 }))
    expect(await claim(NOW.add({ hours: 200 }))).toBe(true)
  })

  test('is none of the others', async () => {
    const due = NOW.add({ hours: 300 })
    expect(await claim(due, 'UPKEEP')).toBe(true)
    expect(await claim(due, 'RETENTION')).toBe(true)
    expect(await claim(due, 'REMINDERS')).toBe(true)
  })

  test('is not taken by who cannot keep it', async () => {
    const due = NOW.add({ hours: 400 })
    const failing = suite.run(async ({ schedule }) => {
      await schedule.claim('UPKEEP', due)
      await schedule.queue({ kind: 'UPKEEP' })
      throw new Error('at the very end')
    })
    await expect(failing).rejects.toThrow('at the very end')
    expect(await takeErrands(suite)).toEqual([])
    expect(await claim(due)).toBe(true)
  })
}

function describeErrands(suite: Suite): void {
  test('are taken as they were queued', async () => {
    const errands: Errand[] = [
      { kind: 'REMINDERS' },
      { kind: 'UPKEEP' },
      { kind: 'RETENTION', before: toTimestamp(NOW) },
      { kind: 'EVENING', evening: PRAGUE, after: null },
    ]
    for (const errand of errands) await suite.run(({ schedule }) => schedule.queue(errand))
    const taken = await takeErrands(suite)
    expect(new Set(taken.map(({ task }) => task))).toEqual(new Set(errands))
  })

  test('are ended once, by whoever holds them', async () => {
    await suite.run(({ schedule }) => schedule.queue({ kind: 'UPKEEP' }))
    const [entry] = await suite.queues.of('errands', readErrand).take(1)
    if (entry === undefined) throw new Error('nothing was queued')
    const { id, retryCount, task: errand } = entry
    const settle = (tries: number) => {
      const attempt: ErrandAttempt = { entry: { queue: 'errands', id, retryCount: tries }, errand }
      return suite.run(({ schedule }) => schedule.settle(attempt))
    }
    expect([await settle(retryCount + 1), await settle(retryCount), await settle(retryCount)]).toEqual([
      false,
      true,
      false,
    ])
  })
}

function describeReminders(suite: Suite): void {
  const learner = (timezone: string, notificationsEnabled = true) =>
    suite.newLearner({ settings: { timezone, notificationsEnabled } })
  const atRisk = (evening: Evening, after: UserId | null = null, most = 100) =>
    suite.run(({ reminders }) => reminders.atRisk(evening, after, most))

  test('are for the zones of those who want them, each once', async () => {
    const zones = () => suite.run(({ reminders }) => reminders.zones())
    expect(await zones()).toEqual([])
    for (const zone of ['Europe/Prague', 'Asia/Tokyo', 'America/New_York', 'Asia/Tokyo']) await learner(zone)
    await learner('Pacific/Auckland', false)
    expect((await zones()).toSorted()).toEqual(['America/New_York', 'Asia/Tokyo', 'Europe/Prague'])
  })

  test('are begun with once an evening, whoever tries at the same moment', async () => {
    const begin = (evenings: readonly Evening[]) => suite.run(({ reminders }) => reminders.begin(evenings))
    const begun = await Promise.all(Array.from({ length: 5 }, () => begin([PRAGUE])))
    expect(begun.flat()).toEqual([PRAGUE])
    const tomorrow = { ...PRAGUE, date: day('2026-11-24') }
    expect(new Set(await begin([PRAGUE, TOKYO, tomorrow]))).toEqual(new Set([TOKYO, tomorrow]))
    expect(await begin([PRAGUE, TOKYO])).toEqual([])
    expect(await begin([])).toEqual([])
  })

  test('are for those who practised the day before, and not on the day', async () => {
    const [due, done, lapsed, never] = [
      await learner('Europe/Prague'),
      await learner('Europe/Prague'),
      await learner('Europe/Prague'),
      await learner('Europe/Prague'),
    ]
    const [elsewhere, unwilling] = [await learner('Asia/Tokyo'), await learner('Europe/Prague', false)]
    await suite.practise(due.id, ['2026-11-20', '2026-11-21', '2026-11-22'])
    await suite.practise(done.id, ['2026-11-22', '2026-11-23'])
    await suite.practise(lapsed.id, ['2026-11-20', '2026-11-21'])
    for (const { id } of [elsewhere, unwilling]) await suite.practise(id, ['2026-11-22'])
    expect(await atRisk(PRAGUE)).toEqual({
      learners: [{ userId: due.id, telegramId: due.telegramId, streakDay: 3 }],
      next: null,
    })
    expect((await atRisk(TOKYO)).learners.map(({ userId }) => userId)).toEqual([elsewhere.id])
    expect(await atRisk(PRAGUE, due.id)).toEqual({ learners: [], next: null })
    expect(await atRisk(PRAGUE, null, 1)).toMatchObject({ learners: [{ userId: due.id }], next: due.id })
    // Those who need none are looked at too, which takes as long.
    expect(await atRisk(PRAGUE, due.id, 2)).toEqual({ learners: [], next: lapsed.id })
    expect(await atRisk(PRAGUE, lapsed.id, 2)).toEqual({ learners: [], next: null })
    expect(never.id).toBeGreaterThan(lapsed.id)
  })

  test('are noted once a day for each learner, whoever tries at the same moment', async () => {
    const [ada, bob] = [await learner('Europe/Prague'), await learner('Europe/Prague')]
    const note = (ids: readonly UserId[], date = '2026-11-23') =>
      suite.run(({ reminders }) => reminders.note(ids, day(date)))
    const noted = await Promise.all(Array.from({ length: 5 }, () => note([ada.id])))
    expect(noted.flatMap((ids) => [...ids])).toEqual([ada.id])
    expect(await note([ada.id, bob.id])).toEqual(new Set([bob.id]))
    expect(await note([ada.id], '2026-11-24')).toEqual(new Set([ada.id]))
    expect(await note([])).toEqual(new Set())
    await suite.run(({ users }) => users.delete(ada.id))
  })
}

const LONG_AGO = NOW.subtract({ hours: 24 * 100 })
const AT_LAST = NOW.subtract({ hours: 24 * 90 })

function exchange({ run }: Suite, id: UserId, asked: Temporal.Instant, answered: Temporal.Instant) {
  return run(async ({ practice, messages }) => {
    await practice.begin(id)
    return messages.exchange(id, { text: 'Ahoj!', at: asked }, { reply: aReply, starsEarned: 1, at: answered })
  })
}

const messagesOf = async ({ readers }: Suite, userId: UserId) =>
  new Set((await readers.messages([{ userId, after: null, limit: 100 }])).flat().map(({ id }) => id))

/** A job of a message, or of a recording, in some state at some time. */
function jobOf(suite: Suite, userId: UserId, messageId: MessageId | null, status: Job['status'], at: Temporal.Instant) {
  const kind = messageId === null ? 'VOICE_MESSAGE' : 'TEXT_MESSAGE'
  const state: JobChanges = { status, stage: 'REPLY', attempts: 1, failures: 0, error: null }
  return suite.run(async ({ jobs }) => {
    const job = await jobs.insert({ userId, kind, messageId }, at)
    return status === 'QUEUED' ? job : jobs.change(job, state, at)
  })
}

function describeRetention(suite: Suite): void {
  const remove = (most = 100) => suite.run(({ upkeep }) => upkeep.removeExchanges(AT_LAST, most))

  test('go with their answers, and practice stays', async () => {
    const { id } = await suite.newLearner()
    await suite.practise(id, ['2026-08-15'])
    await exchange(suite, id, LONG_AGO, LONG_AGO)
    const young = await exchange(suite, id, AT_LAST, AT_LAST)
    const before = (await suite.readers.practice([id])).get(id)
    expect(await remove()).toBe(1)
    expect(await messagesOf(suite, id)).toEqual(new Set([young.question.id, young.answer.id]))
    expect((await suite.readers.practice([id])).get(id)).toEqual(before)
    expect(await remove()).toBe(0)
  })

  test('stay while their answer is young', async () => {
    const { id } = await suite.newLearner()
    const { question, answer } = await exchange(suite, id, LONG_AGO, NOW)
    expect(await remove()).toBe(0)
    expect(await messagesOf(suite, id)).toEqual(new Set([question.id, answer.id]))
  })

  test('go without an answer too, with what was done about them', async () => {
    const { id } = await suite.newLearner()
    const kept = await suite.run(async ({ messages, acts, practice }) => {
      await practice.begin(id)
      const message = await messages.keep(id, { text: 'Ahoj!', at: LONG_AGO })
      await acts.remember(id, 'key', { input: '{}', messageId: message.id, jobId: null, practised: null }, LONG_AGO)
      return message
    })
    const job = await jobOf(suite, id, kept.id, 'FAILED', LONG_AGO)
    expect(await remove()).toBe(1)
    expect(await messagesOf(suite, id)).toEqual(new Set())
    expect(await suite.run(({ acts }) => acts.find(id, 'key'))).toBeNull()
    expect(await suite.run(({ jobs }) => jobs.find(job.id))).toBeNull()
  })

  test('stay while a job is at work on them', async () => {
    const { id } = await suite.newLearner()
    const kept = await suite.run(({ messages }) => messages.keep(id, { text: 'Ahoj!', at: LONG_AGO }))
    await jobOf(suite, id, kept.id, 'QUEUED', LONG_AGO)
    expect(await remove()).toBe(0)
    expect(await messagesOf(suite, id)).toEqual(new Set([kept.id]))
  })

  test('go some at a time, the oldest first', async () => {
    const { id } = await suite.newLearner()
    const ages = [3, 1, 2]
    for (const hours of ages) await exchange(suite, id, LONG_AGO.add({ hours }), LONG_AGO.add({ hours }))
    expect(await remove(2)).toBe(2)
    expect((await messagesOf(suite, id)).size).toBe(2)
    expect(await remove(2)).toBe(1)
    expect((await messagesOf(suite, id)).size).toBe(0)
  })

  test('are forgotten by caches, of each learner who loses some', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    await exchange(suite, ada.id, LONG_AGO, LONG_AGO)
    await suite.insertMessages([said(bob.id, 0)])
    const tags = await suite.changedBy(({ upkeep }) => upkeep.removeExchanges(AT_LAST, 100))
    expect(new Set(tags)).toEqual(new Set([`messages:${ada.id}`]))
  })
}

function describeUpkeep(suite: Suite): void {
  const recording = () =>
    ({ format: 'OGG', digest: randomUUID(), durationMs: 1_000, audio: Buffer.from('abc') }) as const

  async function voiceJob(userId: UserId, status: Job['status'], at: Temporal.Instant): Promise<JobId> {
    const job = await jobOf(suite, userId, null, status, at)
    await suite.run(({ recordings }) => recordings.keep(job.id, recording()))
    return job.id
  }

  test('are jobs that ended before, with what belongs to them', async () => {
    const { id } = await suite.newLearner()
    const [old, young, busy] = [
      await voiceJob(id, 'FAILED', LONG_AGO),
      await voiceJob(id, 'SUCCEEDED', NOW),
      await voiceJob(id, 'QUEUED', LONG_AGO),
    ]
    expect(await suite.run(({ upkeep }) => upkeep.removeJobs(AT_LAST, 100))).toBe(1)
    expect(new Set((await suite.readers.jobs([old, young, busy])).keys())).toEqual(new Set([young, busy]))
    expect(await suite.readers.recording(old)).toBeNull()
    expect(await suite.readers.jobUpdates([{ jobId: old, after: null }])).toEqual([[]])
    expect(await suite.run(({ upkeep }) => upkeep.removeJobs(AT_LAST, 100))).toBe(0)
  })

  test('are recordings of jobs that ended before, some at a time', async () => {
    const { id } = await suite.newLearner()
    const old = [await voiceJob(id, 'FAILED', LONG_AGO), await voiceJob(id, 'CANCELLED', LONG_AGO)]
    const others = [await voiceJob(id, 'FAILED', NOW), await voiceJob(id, 'QUEUED', LONG_AGO)]
    const remove = () => suite.run(({ upkeep }) => upkeep.removeRecordings(AT_LAST, 1))
    expect([await remove(), await remove(), await remove()]).toEqual([1, 1, 0])
    const found = (ids: readonly JobId[]) =>
      Promise.all(ids.map(async (each) => (await suite.readers.recording(each)) !== null))
    expect(await found(old)).toEqual([false, false])
    expect(await found(others)).toEqual([true, true])
    expect((await suite.readers.jobs(old)).size).toBe(2)
  })

  test('are speeches from before, which caches forget', async () => {
    const { id } = await suite.newLearner()
    const [old, young] = [await exchange(suite, id, NOW, NOW), await exchange(suite, id, NOW, NOW)]
    const speech = { format: 'MP3', audio: Buffer.from('abc'), fingerprint: 'an old one' } as const
    await suite.run(async ({ speeches }) => {
      await speeches.keep(old.answer.id, speech, LONG_AGO)
      await speeches.keep(young.answer.id, { ...speech, fingerprint: 'a young one' }, NOW)
    })
    const tags = await suite.changedBy(({ upkeep }) => upkeep.removeSpeeches(AT_LAST, 100))
    expect(tags).toEqual(['speech:an old one'])
    const left = await suite.readers.speeches([old.answer.id, young.answer.id])
    expect([...left.keys()]).toEqual([young.answer.id])
  })

  test('are deliveries that ended before', async () => {
    const { id: userId } = await suite.newLearner()
    const webhook = await suite.run(({ webhooks }) =>
      webhooks.insert({ url: 'https://example.com/', events: ['JOB_FAILED'], sealed: () => 'sealed' }, 100, NOW),
    )
    if (webhook === null) throw new Error('there are too many webhooks')
    const occurrences = Array.from(
      { length: 3 },
      () => ({ event: 'JOB_FAILED', about: { jobId: null, userId }, payload: '{}' }) as const,
    )
    await suite.run(({ deliveries }) => deliveries.announce(occurrences, LONG_AGO))
    const slice = { webhookId: webhook.id, after: null, limit: 10 }
    const [made = []] = await suite.readers.deliveries([slice])
    for (const [index, at] of [LONG_AGO, NOW].entries()) {
      const delivery = made[index]
      const ended = { ...fresh(LONG_AGO), status: 'DELIVERED' as const, endedAt: toTimestamp(at) }
      if (delivery) await suite.run(({ deliveries }) => deliveries.change(delivery, ended))
    }
    expect(await suite.run(({ upkeep }) => upkeep.removeDeliveries(AT_LAST, 100))).toBe(1)
    const [left = []] = await suite.readers.deliveries([slice])
    expect(new Set(left.map(({ id }) => id))).toEqual(new Set(made.slice(1).map(({ id }) => id)))
    await suite.run(({ webhooks }) => webhooks.delete(webhook.id))
  })

  test('are reminders and evenings of days before', async () => {
    const [ada, bob] = [await suite.newLearner(), await suite.newLearner()]
    const date = (text: string) => day(text)
    await suite.run(async ({ reminders }) => {
      await reminders.note([ada.id, bob.id], date('2026-01-01'))
      await reminders.note([ada.id], date('2026-01-02'))
      await reminders.begin([
        { ...TOKYO, date: date('2026-01-01') },
        { ...TOKYO, date: date('2026-01-02') },
      ])
    })
    const remove = (most: number) => suite.run(({ upkeep }) => upkeep.removeReminders(date('2026-01-02'), most))
    expect([await remove(1), await remove(1), await remove(1)]).toEqual([1, 1, 0])
    const again = await suite.run(({ reminders }) => reminders.note([ada.id], date('2026-01-02')))
    expect(again).toEqual(new Set())
    const begin = (text: string) => suite.run(({ reminders }) => reminders.begin([{ ...TOKYO, date: date(text) }]))
    expect(await begin('2026-01-02')).toEqual([])
    expect(await begin('2026-01-01')).toHaveLength(1)
  })
}
