import type { Act } from '../../src/domain/activity.ts'
import type { CalendarDate, Timestamp } from '../../src/domain/calendar.ts'
import type { Webhook, WebhookDelivery } from '../../src/domain/delivery.ts'
import type { Exchange } from '../../src/domain/exchange.ts'
import type { DeliveryId, JobId, MessageId, UserId, WebhookId } from '../../src/domain/ids.ts'
import type { Job, JobUpdate } from '../../src/domain/job.ts'
import type { Message } from '../../src/domain/message.ts'
import type { PracticeDay } from '../../src/domain/practice.ts'
import type { UserSettings } from '../../src/domain/settings.ts'
import type { Stars } from '../../src/domain/stars.ts'
import type { User } from '../../src/domain/user.ts'
import type { Recording, Speech } from '../../src/domain/voice.ts'

/** A learner with everything of theirs. Never changed, only replaced: a copy of the map is a copy of the database. */
export interface Learner {
  readonly user: User
  readonly settings: UserSettings
  readonly stars: Stars
  readonly days: ReadonlyMap<CalendarDate, PracticeDay>
  readonly acts: ReadonlyMap<string, Act>
  readonly messages: readonly Message[]
  /** By the learner's message. */
  readonly exchanges: ReadonlyMap<MessageId, Exchange>
  readonly jobs: ReadonlyMap<JobId, Job>
  /** Of all jobs, in the order in which they happened. */
  readonly jobUpdates: readonly JobUpdate[]
  readonly recordings: ReadonlyMap<JobId, Recording>
  readonly speeches: ReadonlyMap<MessageId, Speech>
  /** When each speech was made. */
  readonly spokenAt: ReadonlyMap<MessageId, Timestamp>
  /** Days on which the learner was reminded. */
  readonly reminded: ReadonlySet<CalendarDate>
  /** What webhooks are told of the learner. */
  readonly deliveries: ReadonlyMap<DeliveryId, WebhookDelivery>
}

/** A webhook with its secrets as they are kept, the newest first, and until when the older one is used. */
export interface KeptWebhook {
  readonly webhook: Webhook
  readonly sealed: readonly string[]
  readonly previousUntil: Timestamp | null
}

export type Webhooks = Map<WebhookId, KeptWebhook>

/** The instant for which each task was taken last, and the evenings that were begun, as `date timezone`. */
export type Agenda = Map<string, string>

export type Learners = Map<UserId, Learner>

/** Everything that there is. */
export interface Tables {
  readonly learners: Learners
  readonly webhooks: Webhooks
  readonly agenda: Agenda
}

/** Puts the changes in place. @throws when there is no such learner, as a foreign key would */
export function change(learners: Learners, id: UserId, changes: (learner: Learner) => Partial<Learner>): Learner {
  const learner = learners.get(id)
  if (learner === undefined) throw new Error(`there is no learner ${id}`)
  const changed = { ...learner, ...changes(learner) }
  learners.set(id, changed)
  return changed
}

/** The map with one entry more, or another one in its place. */
export const withEntry = <Key, Value>(map: ReadonlyMap<Key, Value>, key: Key, value: Value): ReadonlyMap<Key, Value> =>
  new Map(map).set(key, value)

/** The learner's days of practice, oldest first. */
export const daysOf = ({ days }: Learner): readonly PracticeDay[] =>
  [...days.values()].sort((a, b) => (a.date < b.date ? -1 : 1))

/** Counts 1, 2, 3 and so on; a number once given out is never given out again, whatever becomes of it. */
export function createSequence(): () => number {
  let last = 0
  return () => {
    last += 1
    return last
  }
}
