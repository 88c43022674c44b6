import { expect, test } from 'vitest'
import { parseTimeZone } from '../../src/domain/calendar.ts'
import { eveningAt } from '../../src/domain/reminder.ts'

const evening = (at: string, zone: string) =>
  eveningAt(Temporal.Instant.from(at), parseTimeZone('timezone', zone))?.date

test.each([
  ['2026-11-23T17:59:59.999Z', 'Europe/Prague', undefined],
  ['2026-11-23T18:00:00Z', 'Europe/Prague', '2026-11-23'],
  ['2026-11-23T20:59:59.999Z', 'Europe/Prague', '2026-11-23'],
  ['2026-11-23T21:00:00Z', 'Europe/Prague', undefined],
  // Summer time ends in the night before the first and begins in the night before the second.
  ['2026-10-25T17:30:00Z', 'Europe/Prague', undefined],
  ['2026-03-29T17:00:00Z', 'Europe/Prague', '2026-03-29'],
  ['2026-11-23T05:00:00Z', 'Pacific/Kiritimati', '2026-11-23'],
  ['2026-11-24T06:00:00Z', 'Pacific/Pago_Pago', '2026-11-23'],
  ['2026-11-23T13:15:00Z', 'Asia/Kathmandu', '2026-11-23'],
  ['2026-11-23T13:14:00Z', 'Asia/Kathmandu', undefined],
])('at %s in %s it is the evening of %s', (at, zone, date) => {
  expect(evening(at, zone)).toBe(date)
})
