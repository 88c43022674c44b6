import { expect, test } from 'vitest'
import { dateFromRow, parseTimeZone, toTimestamp } from '../../src/domain/calendar.ts'
import { jobIdFromRow, messageIdFromRow, telegramIdFromRow, userIdFromRow } from '../../src/domain/ids.ts'
import { JOB_STATUSES, type Job, type JobStatus } from '../../src/domain/job.ts'
import { parseWebhookEvents } from '../../src/domain/webhook.ts'
import { endOfJob, streakReminder } from '../../src/domain/webhook-event.ts'
import { badInputOn } from '../support/refusals.ts'
import { NOW } from '../support/test-app.ts'

const job = (status: JobStatus): Job => ({
  id: jobIdFromRow('00000000-0000-4000-8000-000000000000'),
  userId: userIdFromRow(1),
  kind: 'VOICE_MESSAGE',
  status,
  stage: null,
  attempts: 1,
  failures: 0,
  revision: 5,
  error: null,
  messageId: messageIdFromRow(42),
  practised: null,
  transcriptKey: null,
  speechKey: null,
  createdAt: toTimestamp(NOW),
  updatedAt: toTimestamp(NOW.add({ seconds: 9 })),
  finishedAt: toTimestamp(NOW.add({ seconds: 9 })),
})

test('of a job its success and its failure are told', () => {
  expect(JOB_STATUSES.map((status) => endOfJob(job(status))?.event ?? null)).toEqual([
    null,
    null,
    'JOB_SUCCEEDED',
    'JOB_FAILED',
    null,
  ])
})

test('what is told of a job has its time and its ids as text', () => {
  expect(endOfJob({ ...job('SUCCEEDED') })?.payload).toBe(
    '{"type":"job.succeeded","timestamp":"2026-11-23T08:30:09.000Z","data":{"jobId":"00000000-0000-4000-8000-000000000000",' +
      '"userId":"1","kind":"VOICE_MESSAGE","status":"SUCCEEDED","messageId":"42","error":null}}',
  )
  expect(JSON.parse(endOfJob({ ...job('FAILED'), messageId: null })?.payload ?? '').data.messageId).toBeNull()
})

test('a Telegram id keeps every digit', () => {
  const learner = { userId: userIdFromRow(1), telegramId: telegramIdFromRow('9223372036854775807'), streakDay: 3 }
  const evening = { timezone: parseTimeZone('timezone', 'Europe/Prague'), date: dateFromRow('2026-11-23') }
  expect(JSON.parse(streakReminder(learner, evening, NOW).payload).data.telegramId).toBe('9223372036854775807')
})

test('events are wanted once each, and at least one of them', () => {
  expect(parseWebhookEvents(['STREAK_REMINDER', 'JOB_FAILED', 'STREAK_REMINDER'])).toEqual([
    'JOB_FAILED',
    'STREAK_REMINDER',
  ])
  expect(() => parseWebhookEvents([])).toThrow(badInputOn('events'))
})
