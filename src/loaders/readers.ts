import type { CalendarDate } from '../domain/calendar.ts'
import type { Webhook, WebhookDelivery } from '../domain/delivery.ts'
import type { Exchange } from '../domain/exchange.ts'
import type { Backlog } from '../domain/health.ts'
import type { JobId, MessageId, TelegramId, UserId, WebhookId } from '../domain/ids.ts'
import type { Job, JobUpdate } from '../domain/job.ts'
import type { Message } from '../domain/message.ts'
import type { DeliveryPlace, MessagePlace, UserPlace, WebhookPlace } from '../domain/page.ts'
import type { Practice, PracticeDay } from '../domain/practice.ts'
import type { AudioFormat } from '../domain/recording.ts'
import type { UserSettings } from '../domain/settings.ts'
import type { Stars } from '../domain/stars.ts'
import type { LearnerDay, UsageDay } from '../domain/usage.ts'
import type { User } from '../domain/user.ts'
import type { Recording, SpeechFacts } from '../domain/voice.ts'

/** Days of one learner, both ends included. */
export interface DayRange {
  readonly userId: UserId
  readonly from: CalendarDate
  readonly to: CalendarDate
}

/** The messages of one learner that follow a place. */
export interface MessageSlice {
  readonly userId: UserId
  /** Null begins with the newest. */
  readonly after: MessagePlace | null
  readonly limit: number
}

/** A learner's message, and the exchange that it began. */
export interface Said {
  readonly message: Message
  readonly exchange: Exchange | null
}

/** What a message sounds like, and whose it is. */
export interface MessageSpeech {
  readonly id: MessageId
  readonly userId: UserId
  readonly format: AudioFormat
  readonly audio: Buffer
}

/** The changes of one job that follow a revision. */
export interface UpdateSlice {
  readonly jobId: JobId
  /** Null begins with the first. */
  readonly after: number | null
}

/** The deliveries of one webhook that follow a place. */
export interface DeliverySlice {
  readonly webhookId: WebhookId
  /** Null begins with the newest. */
  readonly after: DeliveryPlace | null
  readonly limit: number
}

/** Learners, by the newest messages of all. */
export interface LastActive {
  /** Whose messages they are, each learner once, whoever was active last first. */
  readonly ids: readonly UserId[]
  /** Before which one more messages may follow; null when there were fewer than asked for. */
  readonly next: MessageId | null
}

/**
 * Reads committed data, many keys at a time: every call is one statement, whatever the number of keys.
 * Absent rows are absent from the maps. Throws SERVICE_UNAVAILABLE when the database does not answer.
 * `tests/contracts/readers.ts` says what every implementation must do.
 */
export interface Readers {
  users(ids: readonly UserId[]): Promise<ReadonlyMap<UserId, User>>
  userIdsByTelegramId(ids: readonly TelegramId[]): Promise<ReadonlyMap<TelegramId, UserId>>
  settings(ids: readonly UserId[]): Promise<ReadonlyMap<UserId, UserSettings>>
  stars(ids: readonly UserId[]): Promise<ReadonlyMap<UserId, Stars>>
  practice(ids: readonly UserId[]): Promise<ReadonlyMap<UserId, Practice>>
  /** The days with practice in each range, by the range's position, oldest first. */
  practiceDays(ranges: readonly DayRange[]): Promise<readonly (readonly PracticeDay[])[]>
  /** The messages of each slice, by the slice's position, newest first. */
  messages(slices: readonly MessageSlice[]): Promise<readonly (readonly Message[])[]>
  /** Learners' messages, each with what it was answered; a null exchange while it waits for that. */
  said(ids: readonly MessageId[]): Promise<ReadonlyMap<MessageId, Said>>
  /** What is known of messages that were spoken. */
  speeches(ids: readonly MessageId[]): Promise<ReadonlyMap<MessageId, SpeechFacts>>
  /** What one message sounds like; null where it was not spoken. */
  speech(id: MessageId): Promise<MessageSpeech | null>
  /** How much waits to be done in the background. */
  backlog(): Promise<Backlog>
  /** What a learner said; null once it is transcribed. */
  recording(id: JobId): Promise<Recording | null>
  jobs(ids: readonly JobId[]): Promise<ReadonlyMap<JobId, Job>>
  /** The changes in each slice, by the slice's position, oldest first. */
  jobUpdates(slices: readonly UpdateSlice[]): Promise<readonly (readonly JobUpdate[])[]>
  /** What models cost on each day, by the day's position; null where nothing was asked. */
  usage(days: readonly LearnerDay[]): Promise<readonly (UsageDay | null)[]>
  /** At most `limit` learners that follow a place, by id. */
  listUsers(after: UserPlace | null, limit: number): Promise<readonly User[]>
  /** The learners of the newest `count` messages before one, of all when it is null: whoever was here lately comes again. */
  lastActive(before: MessageId | null, count: number): Promise<LastActive>
  /** At most `limit` webhooks that follow a place, oldest first. */
  listWebhooks(after: WebhookPlace | null, limit: number): Promise<readonly Webhook[]>
  /** The deliveries of each slice, by the slice's position, newest first. */
  deliveries(slices: readonly DeliverySlice[]): Promise<readonly (readonly WebhookDelivery[])[]>
}
