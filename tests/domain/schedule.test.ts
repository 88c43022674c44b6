import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lastDue, SCHEDULED_TASKS } from '../../src/domain/schedule.ts'

const at = (text: string) => Temporal.Instant.from(text)

test.each([
  ['REMINDERS', '2026-11-23T18:00:59.999Z', '2026-11-23T18:00:00Z'],
  ['REMINDERS', '2026-11-23T18:01:00Z', '2026-11-23T18:01:00Z'],
  ['RETENTION', '2026-11-23T01:59:59.999Z', '2026-11-22T02:00:00Z'],
  ['RETENTION', '2026-11-23T02:00:00Z', '2026-11-23T02:00:00Z'],
  ['UPKEEP', '2026-11-23T02:29:00Z', '2026-11-22T02:30:00Z'],
] as const)('%s at %s was due last at %s', (task, now, due) => {
  expect(lastDue(task, at(now)).equals(at(due))).toBe(true)
})

test('what was due last is the same until it is due again, and never in the future', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...SCHEDULED_TASKS),
      fc.integer({ min: 0, max: 4_000_000_000_000 }),
      (task, milliseconds) => {
        const now = Temporal.Instant.fromEpochMilliseconds(milliseconds)
        const due = lastDue(task, now)
        expect(Temporal.Instant.compare(due, now)).toBeLessThanOrEqual(0)
        expect(lastDue(task, due).equals(due)).toBe(true)
      },
    ),
  )
})
