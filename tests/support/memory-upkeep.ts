import type { Transaction } from '../../src/commands/unit-of-work.ts'
import { toTimestamp } from '../../src/domain/calendar.ts'
import type { MessageId } from '../../src/domain/ids.ts'
import type { Message } from '../../src/domain/message.ts'
import { type Agenda, change, type Learner, type Learners } from './memory-state.ts'

/** Removes what has had its time, from the copy that is the transaction's own. */
export function createMemoryUpkeep(learners: Learners, agenda: Agenda): Transaction['upkeep'] {
  /** Removes what is found of all learners, as much as may be. */
  function remove<Item>(
    find: (learner: Learner) => readonly Item[],
    without: (learner: Learner, items: ReadonlySet<Item>) => Partial<Learner>,
    most: number,
  ): number {
    let left = most
    for (const [id, learner] of learners) {
      const items = find(learner).slice(0, left)
      left -= items.length
      if (items.length > 0) change(learners, id, () => without(learner, new Set(items)))
    }
    return most - left
  }

  return {
    removeExchanges: async (before, most) =>
      remove((learner) => oldExchanges(learner, toTimestamp(before)), withoutExchanges, most),
    removeJobs: async (before, most) => remove((learner) => endedJobs(learner, toTimestamp(before)), withoutJobs, most),
    removeRecordings: async (before, most) =>
      remove(
        (learner) => endedJobs(learner, toTimestamp(before)).filter((id) => learner.recordings.has(id)),
        ({ recordings }, gone) => ({ recordings: except(recordings, gone) }),
        most,
      ),
    removeSpeeches: async (before, most) =>
      remove(
        ({ spokenAt }) => keysOf(spokenAt, (at) => at < toTimestamp(before)),
        ({ speeches, spokenAt }, gone) => ({ speeches: except(speeches, gone), spokenAt: except(spokenAt, gone) }),
        most,
      ),
    removeDeliveries: async (before, most) =>
      remove(
        ({ deliveries }) => keysOf(deliveries, ({ endedAt }) => endedAt !== null && endedAt < toTimestamp(before)),
        ({ deliveries }, gone) => ({ deliveries: except(deliveries, gone) }),
        most,
      ),
    async removeReminders(before, most) {
      for (const [evening, date] of agenda) if (evening.startsWith(date) && date < before) agenda.delete(evening)
      return remove(
        ({ reminded }) => [...reminded].filter((date) => date < before),
        ({ reminded }, gone) => ({ reminded: reminded.difference(gone) }),
        most,
      )
    },
  }
}

const keysOf = <Key, Value>(map: ReadonlyMap<Key, Value>, isWanted: (value: Value) => boolean): readonly Key[] =>
  [...map].filter(([, value]) => isWanted(value)).map(([key]) => key)

const except = <Key, Value>(map: ReadonlyMap<Key, Value>, gone: ReadonlySet<Key>): ReadonlyMap<Key, Value> =>
  new Map([...map].filter(([key]) => !gone.has(key)))

const endedJobs = ({ jobs }: Learner, before: string) =>
  keysOf(jobs, ({ finishedAt }) => finishedAt !== null && finishedAt < before)

/** The messages that begin something, the oldest first. */
function oldExchanges({ messages, exchanges, jobs }: Learner, before: string): readonly MessageId[] {
  const busy = new Set([...jobs.values()].filter(({ finishedAt }) => finishedAt === null).map((job) => job.messageId))
  const answers = new Set([...exchanges.values()].map(({ answer }) => answer.id))
  const isOld = ({ id, createdAt }: Message) =>
    createdAt < before && (exchanges.get(id)?.answer.createdAt ?? '') < before && !busy.has(id) && !answers.has(id)
  return messages.filter(isOld).map(({ id }) => id)
}

function withoutExchanges(learner: Learner, gone: ReadonlySet<MessageId>): Partial<Learner> {
  const { messages, exchanges, jobs, speeches, spokenAt, acts } = learner
  const answers = [...gone].flatMap((id) => exchanges.get(id)?.answer.id ?? [])
  const all = new Set([...gone, ...answers])
  const lost = keysOf(jobs, ({ messageId }) => messageId !== null && all.has(messageId))
  const { acts: kept = acts, ...ofJobs } = withoutJobs(learner, new Set(lost))
  return {
    ...ofJobs,
    messages: messages.filter(({ id }) => !all.has(id)),
    exchanges: except(exchanges, gone),
    speeches: except(speeches, all),
    spokenAt: except(spokenAt, all),
    acts: except(kept, new Set(keysOf(kept, ({ messageId }) => messageId !== null && all.has(messageId)))),
  }
}

function withoutJobs(
  { jobs, jobUpdates, recordings, acts, deliveries }: Learner,
  gone: ReadonlySet<Learner['jobUpdates'][number]['jobId']>,
): Partial<Learner> {
  return {
    jobs: except(jobs, gone),
    jobUpdates: jobUpdates.filter(({ jobId }) => !gone.has(jobId)),
    recordings: except(recordings, gone),
    acts: except(acts, new Set(keysOf(acts, ({ jobId }) => jobId !== null && gone.has(jobId)))),
    deliveries: except(deliveries, new Set(keysOf(deliveries, ({ jobId }) => jobId !== null && gone.has(jobId)))),
  }
}
