import type { Practised } from './activity.ts'
import type { Timestamp } from './calendar.ts'
import type { JobId, MessageId, UserId } from './ids.ts'

export const JOB_KINDS = ['TEXT_MESSAGE', 'VOICE_MESSAGE'] as const
export const JOB_STATUSES = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED'] as const
export const JOB_STAGES = ['TRANSCRIBE', 'REPLY', 'SPEAK'] as const
export const JOB_ERROR_CODES = [
  'STT_UNAVAILABLE',
  'NO_SPEECH',
  'UPSTREAM_UNAVAILABLE',
  'RATE_LIMITED',
  'WORKER_LOST',
  'INTERNAL_SERVER_ERROR',
] as const

export type JobKind = (typeof JOB_KINDS)[number]
export type JobStatus = (typeof JOB_STATUSES)[number]
export type JobStage = (typeof JOB_STAGES)[number]
export type JobErrorCode = (typeof JOB_ERROR_CODES)[number]

/** Why a job failed, or an attempt that will be repeated. */
export interface JobError {
  readonly code: JobErrorCode
  readonly message: string
  readonly stage: JobStage
  /** Whether `retryJob` may help. */
  readonly retryable: boolean
  /** Whole seconds after which a repeat may succeed; null when that is not known. */
  readonly retryAfterSeconds: number | null
}

/** How far a job is. */
export interface JobState {
  readonly status: JobStatus
  /** The stage that is under way or comes next; null when all are done. Of a job that failed or was cancelled: where. */
  readonly stage: JobStage | null
  /** How often the stage was begun. */
  readonly attempts: number
  /** Of the last attempt that failed; null again once a stage has succeeded. */
  readonly error: JobError | null
}

/** A learner's message that is worked on in the background, stage by stage. */
export interface Job extends JobState {
  readonly id: JobId
  readonly userId: UserId
  readonly kind: JobKind
  /** Counts the changes of its state: 0 when it was made. */
  readonly revision: number
  /** How often the stage was begun and came to an error. */
  readonly failures: number
  /** The learner's message; null until a recording was transcribed. */
  readonly messageId: MessageId | null
  /** What the message was as practice; null until it is answered. */
  readonly practised: Practised | null
  /** Under which what was heard may be remembered, from before anybody heard it; null where nothing was transcribed. */
  readonly transcriptKey: string | null
  /** The same of what was spoken. */
  readonly speechKey: string | null
  readonly createdAt: Timestamp
  readonly updatedAt: Timestamp
  /** Null until it is over. */
  readonly finishedAt: Timestamp | null
}

/** One change of a job's state, as followers are told of it. */
export interface JobUpdate extends JobState {
  readonly jobId: JobId
  readonly revision: number
  readonly at: Timestamp
}

/** Under which keys caches may have something of a job's. */
export type JobKeys = Partial<Pick<Job, 'transcriptKey' | 'speechKey'>>

/** What changes of a job from one revision to the next. */
export type JobChanges = Partial<Pick<Job, 'messageId' | 'practised'>> & JobState & Pick<Job, 'failures'>

const STAGES: Record<JobKind, readonly JobStage[]> = {
  TEXT_MESSAGE: ['REPLY'],
  VOICE_MESSAGE: ['TRANSCRIBE', 'REPLY', 'SPEAK'],
}

/** Errors that a stage may come to before its job fails. */
export const FAILURES_MAX = 4

export const firstStage = (kind: JobKind): JobStage | null => STAGES[kind][0] ?? null

export const isOver = ({ status }: Pick<JobState, 'status'>): boolean =>
  status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELLED'

/** Whether an attempt at a stage still has something to do. */
export const isAt = (job: Job, stage: JobStage): boolean => !isOver(job) && job.stage === stage

/** Percent of the job's stages that are done: 0 to 100. */
export function progressOf({ kind, status, stage }: Pick<Job, 'kind' | 'status' | 'stage'>): number {
  if (status === 'SUCCEEDED' || stage === null) return 100
  return Math.round((100 * STAGES[kind].indexOf(stage)) / STAGES[kind].length)
}

/** The job as it was after one of its changes: with that state, and nothing that has come of it only later. */
export function asOf(job: Job, { jobId: _, at, ...state }: JobUpdate): Job {
  const isBehind = (stage: JobStage) => isPast({ ...job, ...state }, stage)
  return {
    ...job,
    ...state,
    updatedAt: at,
    finishedAt: isOver(state) ? at : null,
    messageId: isBehind('TRANSCRIBE') ? job.messageId : null,
    practised: isBehind('REPLY') ? job.practised : null,
  }
}

/** Whether a stage is done, or was never one of the job's. */
function isPast({ kind, stage }: Pick<Job, 'kind' | 'stage'>, other: JobStage): boolean {
  return stage === null || STAGES[kind].indexOf(stage) > STAGES[kind].indexOf(other)
}

/** An attempt at the stage begins. */
export const begun = ({ stage, attempts, error, failures }: Job): JobChanges => ({
  status: 'RUNNING',
  stage,
  attempts: attempts + 1,
  error,
  failures,
})

/**
 * The stage is done: on to the next one that can be done here.
 * @param skipped stages that are left out
 */
export function advanced({ kind, stage }: Job, skipped: readonly JobStage[] = []): JobChanges {
  const stages = STAGES[kind]
  const [next] = stages
    .slice(stage === null ? stages.length : stages.indexOf(stage) + 1)
    .filter((each) => !skipped.includes(each))
  const anew = { attempts: 0, failures: 0, error: null }
  return next === undefined ? { status: 'SUCCEEDED', stage: null, ...anew } : { status: 'QUEUED', stage: next, ...anew }
}

/** The attempt came to an error: it is repeated while that may help and has not been done too often. */
export function failed(
  { stage, attempts, failures }: Job,
  error: JobError,
  { repeat }: { repeat: boolean },
): JobChanges {
  const isRepeated = repeat && failures + 1 < FAILURES_MAX
  return { status: isRepeated ? 'QUEUED' : 'FAILED', stage, attempts, error, failures: failures + 1 }
}

/** The attempt was given up through no fault of its own; another one follows. */
export const released = ({ stage, attempts, error, failures }: Job): JobChanges => ({
  status: 'QUEUED',
  stage,
  attempts,
  error,
  failures,
})

export const cancelled = ({ stage, attempts, error, failures }: Job): JobChanges => ({
  status: 'CANCELLED',
  stage,
  attempts,
  error,
  failures,
})

/** Begins a failed job's stage anew. */
export const retried = ({ stage, error }: Job): JobChanges => ({
  status: 'QUEUED',
  stage,
  attempts: 0,
  error,
  failures: 0,
})

/** Seconds until an attempt is repeated: 1, 2, 4 … with up to half of that less or more, and no less than was asked for. */
export function backoffSeconds({ failures }: Pick<Job, 'failures'>, error: JobError, chance: number): number {
  const wait = 2 ** Math.max(0, failures - 1)
  return Math.max(wait * (0.5 + chance), error.retryAfterSeconds ?? 0)
}
