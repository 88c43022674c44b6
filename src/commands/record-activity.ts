import { type ActivityInput, type Practised, parseActivity, requireRecent, sameAct } from '../domain/activity.ts'
import { dayAt } from '../domain/calendar.ts'
import { notFound } from '../domain/error.ts'
import { requireAccess, requireStaff } from '../domain/viewer.ts'
import type { Command } from './command.ts'
import { practise } from './practise.ts'

/** Counts practice that happened in another client. For staff. Throws CONFLICT for a key used with other input. */
export const recordActivity =
  (input: ActivityInput): Command<Practised> =>
  async (unit) => {
    requireStaff(unit.viewer)
    const activity = parseActivity(input, unit.now)
    const learner = requireAccess(unit.viewer, activity.userId)
    const zone = await unit.practice.begin(learner)
    if (zone === null) throw notFound('learner')

    const { idempotency } = activity
    const first = idempotency && (await unit.acts.find(learner, idempotency.key))
    // An act of this input was counted at once, so it has a result.
    const counted = first && sameAct(first, idempotency).practised
    if (counted) {
      // The process that did it may have died before it could tell the caches; this answer must hold for them too.
      await unit.caches.purge([`practice:${learner}`, `stars:${learner}`])
      return counted
    }

    requireRecent(activity, unit.now)
    const practised = await practise(unit, learner, dayAt(activity.occurredAt, zone), { ...activity, scoreEarns: true })
    if (idempotency)
      await unit.acts.remember(
        learner,
        idempotency.key,
        { input: idempotency.input, messageId: null, jobId: null, practised },
        unit.now,
      )
    return practised
  }
