import type { Noted } from '../cache/outbox.ts'
import type { Act, Practised } from '../domain/activity.ts'
import type { CalendarDate, TimeZone } from '../domain/calendar.ts'
import type { Exchange } from '../domain/exchange.ts'
import type { Backlog } from '../domain/health.ts'
import type { JobId, MessageId, TelegramId, UserId } from '../domain/ids.ts'
import type { Job, JobChanges, JobKeys, JobKind, JobStage } from '../domain/job.ts'
import type { Message } from '../domain/message.ts'
import type { PracticeDay, PracticedMessage } from '../domain/practice.ts'
import type { TutorReply } from '../domain/reply.ts'
import type { SettingsChanges, UserSettings } from '../domain/settings.ts'
import type { Stars } from '../domain/stars.ts'
import type { NewUser, ProfileChanges, User } from '../domain/user.ts'
import type { Recording, Speech } from '../domain/voice.ts'
import type { ReminderWrites, ScheduleWrites, UpkeepWrites } from './schedule-writes.ts'
import type { DeliveryWrites, WebhookWrites } from './webhook-writes.ts'

/** What a learner wrote, and when. */
export interface SaidMessage {
  readonly text: string
  readonly at: Temporal.Instant
}

/** What the tutor answered, and when. */
export interface AnsweredMessage {
  readonly reply: TutorReply
  readonly starsEarned: number
  readonly at: Temporal.Instant
}

/** A job that is about to be made. */
export interface NewJob {
  /** One that was made for it with `newId`; left out: any. */
  readonly id?: JobId
  readonly userId: UserId
  readonly kind: JobKind
  /** Null for a recording. */
  readonly messageId: MessageId | null
}

/** One try at a stage of a job. Of all tries at it only the newest may store what it has come to. */
export interface StageAttempt {
  /** The entry of a queue that it was taken from, and how often that was taken before. */
  readonly entry: {
    readonly queue: 'stages' | 'lost-stages'
    readonly id: string
    readonly retryCount: number
  }
  readonly jobId: JobId
  readonly stage: JobStage
}

/** How much waits, of all learners and of one. */
export interface OwnBacklog extends Backlog {
  /** Jobs of the learner asked about. */
  readonly own: number
}

/**
 * The repositories of one transaction. Nothing here is cached; what it reads includes its own changes. What is asked for
 * at once is done in the order in which it was asked for.
 * `tests/contracts/transaction.ts` says what every implementation must do.
 */
export interface Transaction {
  readonly users: {
    find(id: UserId): Promise<User | null>
    findByTelegramId(telegramId: TelegramId): Promise<User | null>
    /** Inserts the learner with settings and stars; null when the Telegram id is taken. */
    insert(user: NewUser, now: Temporal.Instant): Promise<User | null>
    /** Null when there is no such learner. */
    update(id: UserId, changes: ProfileChanges, now: Temporal.Instant): Promise<User | null>
    /** Removes the learner and everything of theirs; false when there is no such learner. */
    delete(id: UserId): Promise<boolean>
  }
  readonly settings: {
    /** Null when there is no such learner. */
    update(id: UserId, changes: SettingsChanges): Promise<UserSettings | null>
  }
  readonly practice: {
    /**
     * Lets no other transaction count practice of this learner until this one ends, and tells the learner's time zone;
     * null when there is no such learner. Streaks look at neighbouring days, which atomic counters alone cannot guard.
     */
    begin(id: UserId): Promise<TimeZone | null>
    /**
     * Counts a message on a day, links the day to the streak of the day before, and carries the streak on
     * through the days that follow without a gap. Returns the day as it is now.
     */
    count(id: UserId, date: CalendarDate, message: PracticedMessage): Promise<PracticeDay>
    /** A day as it is now; null without practice. */
    find(id: UserId, date: CalendarDate): Promise<PracticeDay | null>
  }
  readonly stars: {
    /** Null when there is no such learner. */
    find(id: UserId): Promise<Stars | null>
    add(id: UserId, earned: number): Promise<Stars>
  }
  readonly caches: {
    /** Makes caches forget what is filed under the tags, as a change to it would. */
    purge(tags: readonly string[]): Promise<void>
  }
  /** Acts that callers may repeat. Used only between `practice.begin` and the end, so that repeats never overlap. */
  readonly acts: {
    /** The act done under the key; null when there was none. */
    find(id: UserId, key: string): Promise<Act | null>
    remember(id: UserId, key: string, act: Act, now: Temporal.Instant): Promise<void>
    /** Gives the act that sent the message its result; nothing when there was no such act. */
    complete(messageId: MessageId, practised: Practised): Promise<void>
  }
  /** Conversations. Written only between `practice.begin` and the end. */
  readonly messages: {
    /** A learner's message that the tutor has not answered. */
    keep(id: UserId, said: SaidMessage): Promise<Message>
    /** A learner's message with its answer. */
    exchange(id: UserId, said: SaidMessage, answered: AnsweredMessage): Promise<Exchange>
    /** Answers a message that was kept; it must not be answered yet. */
    answer(id: MessageId, answered: AnsweredMessage): Promise<Exchange>
    /** A message, and the exchange that it began; null when there is no such message. */
    find(id: MessageId): Promise<{ readonly message: Message; readonly exchange: Exchange | null } | null>
  }
  readonly jobs: JobWrites
  /** What learners said, until it is transcribed. */
  readonly recordings: {
    keep(id: JobId, recording: Recording): Promise<void>
    remove(id: JobId): Promise<void>
  }
  /** What the tutor's messages sound like. */
  readonly speeches: {
    /** Nothing when the message has one already. */
    keep(id: MessageId, speech: Speech, now: Temporal.Instant): Promise<void>
  }
  readonly webhooks: WebhookWrites
  readonly deliveries: DeliveryWrites
  readonly schedule: ScheduleWrites
  readonly reminders: ReminderWrites
  readonly upkeep: UpkeepWrites
}

/** Work in the background. What jobs have come to and what is queued change together or not at all. */
export interface JobWrites {
  /** An id for a job that is about to be made, so that what belongs to it need not wait for that. */
  newId(): JobId
  /** Makes a job, at its first stage, without queueing it. */
  insert(job: NewJob, now: Temporal.Instant): Promise<Job>
  find(id: JobId): Promise<Job | null>
  /** The same; nobody else changes the job until the transaction ends. */
  lock(id: JobId): Promise<Job | null>
  /** Gives a locked job its next state, under its next revision. Followers hear of it once it is kept. */
  change(job: Job, changes: JobChanges, now: Temporal.Instant): Promise<Job>
  /** Writes down keys of a job's, so that its deletion has caches forget them; nothing when there is no such job. */
  name(id: JobId, keys: JobKeys): Promise<void>
  backlog(id: UserId): Promise<OwnBacklog>
  /** Has a stage begun by some worker, in whatever process. @param delaySeconds not before that time is over */
  queue(id: JobId, stage: JobStage, delaySeconds: number): Promise<void>
  /** Ends an attempt. False when there is a newer one, or it has ended already: then nothing of it may be kept. */
  settle(attempt: StageAttempt): Promise<boolean>
}

export interface UnitOfWork {
  /**
   * Runs `work` in one transaction: all of it is kept, or nothing when it throws.
   * `work` may run again when the database gives up on a deadlock, so it must do nothing but use the transaction.
   * Throws SERVICE_UNAVAILABLE when the database does not answer.
   */
  run<T>(work: (transaction: Transaction) => Promise<T>): Promise<Committed<T>>
}

/** What a transaction has brought, now that it is kept. */
export interface Committed<T> {
  readonly result: T
  /** The tags of everything that it changed, as the database itself noted them. */
  readonly changes: readonly Noted[]
}
