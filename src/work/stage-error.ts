import { HonzikError } from '../domain/error.ts'
import type { JobError, JobErrorCode, JobStage } from '../domain/job.ts'

/** What an attempt has come to, and whether it is worth another one without anybody's asking. */
export interface StageFailure {
  readonly error: JobError
  readonly repeat: boolean
  /** A fault of ours, for the log; undefined when it is none. */
  readonly fault?: unknown
}

/** Seconds that a repeat may be put off for; whoever wants to wait for longer asks for it. */
const PUT_OFF_MAX_S = 60

/** A failure of a stage that has a name of its own. */
export class StageTrouble extends Error {
  override readonly name = 'StageTrouble'
  readonly code: JobErrorCode
  readonly retryable: boolean

  constructor(code: JobErrorCode, message: string, { retryable }: { readonly retryable: boolean }) {
    super(message)
    this.code = code
    this.retryable = retryable
  }
}

/** Says of whatever was thrown what followers of the job are told. */
export function stageFailureOf(thrown: unknown, stage: JobStage): StageFailure {
  if (thrown instanceof StageTrouble) {
    const { code, message, retryable } = thrown
    return { error: { code, message, stage, retryable, retryAfterSeconds: null }, repeat: false }
  }
  if (thrown instanceof HonzikError) {
    const { code, message, retryAfterSeconds = null } = thrown
    const told = (as: JobErrorCode): JobError => ({ code: as, message, stage, retryable: true, retryAfterSeconds })
    if (code === 'UPSTREAM_UNAVAILABLE') return { error: told(code), repeat: (retryAfterSeconds ?? 0) <= PUT_OFF_MAX_S }
    // Of the learner's own budget: it will not do before tomorrow.
    if (code === 'RATE_LIMITED') return { error: told(code), repeat: false }
    if (code === 'SERVICE_UNAVAILABLE') return { error: told('UPSTREAM_UNAVAILABLE'), repeat: true }
    // Such as of a learner who was deleted meanwhile, and their jobs with them.
    return { error: told('INTERNAL_SERVER_ERROR'), repeat: false }
  }
  const message = 'Internal server error'
  const error: JobError = { code: 'INTERNAL_SERVER_ERROR', message, stage, retryable: true, retryAfterSeconds: null }
  return { error, repeat: true, fault: thrown }
}

/** What became of a job that no worker has survived. */
export const lostError = (stage: JobStage): JobError => ({
  code: 'WORKER_LOST',
  message: 'Every process that worked on it ended before it was done.',
  stage,
  retryable: true,
  retryAfterSeconds: null,
})
