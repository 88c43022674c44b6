import { describe, expect, test } from 'vitest'
import type { Errand } from '../../src/commands/schedule-writes.ts'
import { dateFromRow, toTimestamp } from '../../src/domain/calendar.ts'
import { readErrand } from '../../src/work/errand-task.ts'
import { runErrand } from '../../src/work/errands.ts'
import { aReply } from '../support/a-reply.ts'
import { Delivering } from '../support/delivering.ts'
import { NOW } from '../support/test-app.ts'

/** Does an errand and what it leaves to be done; how many transactions that took. */
async function workOff(world: Delivering, errand: Errand): Promise<number> {
  await world.perform(({ schedule }) => schedule.queue(errand))
  const queue = world.database.queues.of('errands', readErrand)
  let done = 0
  for (let due = await queue.take(1); due.length > 0; due = await queue.take(1))
    for (const entry of due) {
      await runErrand(() => world, entry, new AbortController().signal)
      done += 1
    }
  return done
}

const daysAgo = (days: number) => NOW.subtract({ hours: 24 * days })

describe('old messages', () => {
  test('are deleted 250 exchanges at a time, until none is left', async () => {
    const world = new Delivering()
    const id = await world.newLearner()
    const exchange = (at: Temporal.Instant) =>
      world.perform(({ messages }) =>
        messages.exchange(id, { text: 'Ahoj!', at }, { reply: aReply, starsEarned: 1, at }),
      )
    for (let count = 0; count < 501; count += 1) await exchange(daysAgo(91))
    const { question } = await exchange(daysAgo(89))
    expect(await workOff(world, { kind: 'RETENTION', before: toTimestamp(daysAgo(90)) })).toBe(3)
    const [left = []] = await world.database.readers.messages([{ userId: id, after: null, limit: 100 }])
    expect(left).toHaveLength(2)
    expect(left.map((message) => message.id)).toContain(question.id)
  })
})

describe('what has had its time', () => {
  test('goes: recordings after 7 days; jobs, speeches and deliveries after 30', async () => {
    const world = new Delivering()
    const webhook = await world.register('https://hooks.example.com/')
    const userId = await world.newLearner()
    const recording = { format: 'OGG', digest: 'abc', durationMs: 1, audio: Buffer.from('abc') } as const
    const state = { status: 'FAILED', stage: 'TRANSCRIBE', attempts: 1, failures: 1, error: null } as const

    async function leave(days: number) {
      const at = daysAgo(days)
      world.now = at
      return world.perform(async ({ jobs, recordings, messages, speeches, deliveries }) => {
        const made = await jobs.insert({ userId, kind: 'VOICE_MESSAGE', messageId: null }, at)
        await recordings.keep(made.id, recording)
        const job = await jobs.change(made, state, at)
        const answered = { reply: aReply, starsEarned: 1, at }
        const { answer } = await messages.exchange(userId, { text: 'Ahoj!', at }, answered)
        await speeches.keep(answer.id, { format: 'MP3', audio: Buffer.from('abc'), fingerprint: null }, at)
        await deliveries.announce([{ event: 'JOB_FAILED', about: { jobId: null, userId }, payload: String(days) }], at)
        return { days, job: job.id, answer: answer.id }
      })
    }
    const traces = [await leave(31), await leave(29), await leave(8), await leave(6)]
    for (const delivery of await world.logOf(webhook))
      await world.perform(({ deliveries }) =>
        deliveries.change(delivery, { ...delivery, status: 'FAILED', endedAt: delivery.createdAt }),
      )
    world.now = NOW
    await world.perform(({ reminders }) => reminders.note([userId], dateFromRow('2026-11-15')))
    await world.perform(({ reminders }) => reminders.note([userId], dateFromRow('2026-11-16')))

    await workOff(world, { kind: 'UPKEEP' })
    const { readers } = world.database
    const left = async (isLeft: (trace: (typeof traces)[number]) => Promise<boolean>) => {
      const days: number[] = []
      for (const trace of traces) if (await isLeft(trace)) days.push(trace.days)
      return days
    }
    expect(await left(async ({ job }) => (await readers.jobs([job])).size > 0)).toEqual([29, 8, 6])
    expect(await left(async ({ answer }) => (await readers.speeches([answer])).size > 0)).toEqual([29, 8, 6])
    const recordingOf = ({ job }: (typeof traces)[number]) => readers.recording(job)
    expect(await left(async (trace) => (await recordingOf(trace)) !== null)).toEqual([6])
    expect((await world.logOf(webhook)).map(({ payload }) => Number(payload))).toEqual([6, 8, 29])
    const again = (date: string) =>
      world.perform(async ({ reminders }) => (await reminders.note([userId], dateFromRow(date))).size)
    expect([await again('2026-11-15'), await again('2026-11-16')]).toEqual([1, 0])
  })
})
