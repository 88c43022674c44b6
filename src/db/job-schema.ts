import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  date,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import type { Practised } from '../domain/activity.ts'
import type { CalendarDate } from '../domain/calendar.ts'
import type { JobId, MessageId } from '../domain/ids.ts'
import { JOB_KINDS, JOB_STAGES, JOB_STATUSES, type JobError } from '../domain/job.ts'
import type { AudioFormat } from '../domain/recording.ts'
import { bytea, timestamp } from './columns.ts'
import { messages, ownerId } from './schema.ts'

export const jobKind = pgEnum('job_kind', JOB_KINDS)
export const jobStatus = pgEnum('job_status', JOB_STATUSES)
export const jobStage = pgEnum('job_stage', JOB_STAGES)

/** What was done under callers' idempotency keys, with its first result, which an unanswered message does not have yet. */
export const acts = pgTable(
  'acts',
  {
    userId: ownerId(),
    key: text().notNull(),
    input: text().notNull(),
    date: date({ mode: 'string' }).$type<CalendarDate>(),
    messagesCount: integer(),
    wordsSaid: integer(),
    scoredWords: bigint({ mode: 'number' }),
    streakDay: integer(),
    starsTotal: integer(),
    starsAvailable: integer(),
    starsLifetime: integer(),
    starsEarned: integer(),
    createdAt: timestamp().notNull().default(sql`now()`),
    /** The message that was sent; null for practice in another client. */
    messageId: bigint({ mode: 'number' })
      .$type<MessageId>()
      .references(() => messages.id, { onDelete: 'cascade' }),
    /** The job that does it; null for what was done at once. */
    jobId: uuid()
      .$type<JobId>()
      .references(() => jobs.id, { onDelete: 'cascade' }),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.key] }),
    index('acts_of_message').on(t.messageId).where(sql`${t.messageId} is not null`),
    index('acts_of_job').on(t.jobId).where(sql`${t.jobId} is not null`),
  ],
)

/** Learners' messages that are worked on in the background. Queues only name them; what they have come to stands here. */
export const jobs = pgTable(
  'jobs',
  {
    id: uuid().$type<JobId>().primaryKey().defaultRandom(),
    userId: ownerId(),
    kind: jobKind().notNull(),
    status: jobStatus().notNull(),
    stage: jobStage(),
    revision: integer().notNull(),
    attempts: integer().notNull(),
    failures: integer().notNull(),
    error: jsonb().$type<JobError>(),
    /** The learner's message; null until a recording was transcribed. */
    messageId: bigint({ mode: 'number' })
      .$type<MessageId>()
      .references((): AnyPgColumn => messages.id, { onDelete: 'cascade' }),
    practised: jsonb().$type<Practised>(),
    /** Under which what was heard may stand in caches; null where nothing was transcribed. */
    transcriptKey: text(),
    /** The same of what was spoken. */
    speechKey: text(),
    createdAt: timestamp().notNull(),
    updatedAt: timestamp().notNull(),
    finishedAt: timestamp(),
  },
  (t) => [
    index('jobs_of_learner').on(t.userId, t.createdAt),
    index('jobs_of_message').on(t.messageId).where(sql`${t.messageId} is not null`),
    index('jobs_unfinished').on(t.createdAt).where(sql`${t.finishedAt} is null`),
    index('jobs_finished').on(t.finishedAt).where(sql`${t.finishedAt} is not null`),
  ],
)

const jobId = () =>
  uuid()
    .$type<JobId>()
    .notNull()
    .references(() => jobs.id, { onDelete: 'cascade' })

/** Each change of a job's state, so that whoever follows it misses none. */
export const jobUpdates = pgTable(
  'job_updates',
  {
    jobId: jobId(),
    revision: integer().notNull(),
    status: jobStatus().notNull(),
    stage: jobStage(),
    attempts: integer().notNull(),
    error: jsonb().$type<JobError>(),
    at: timestamp().notNull(),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.revision] })],
)

/** What learners said, until it is transcribed. */
export const recordings = pgTable('recordings', {
  jobId: jobId().primaryKey(),
  format: text().$type<AudioFormat>().notNull(),
  /** SHA-256 in lower-case hexadecimal. */
  digest: text().notNull(),
  durationMs: integer().notNull(),
  audio: bytea().notNull(),
})

/** What the tutor's messages sound like. */
export const speeches = pgTable(
  'speeches',
  {
    messageId: bigint({ mode: 'number' })
      .$type<MessageId>()
      .primaryKey()
      .references(() => messages.id, { onDelete: 'cascade' }),
    format: text().$type<AudioFormat>().notNull(),
    /** Under which others may find the same in caches; null where they may not. */
    fingerprint: text(),
    audio: bytea().notNull(),
    createdAt: timestamp().notNull(),
  },
  (t) => [index('speeches_by_time').on(t.createdAt)],
)
