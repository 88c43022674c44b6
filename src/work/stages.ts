import { beginStage, failStage, Overtaken, releaseStage } from '../commands/job-steps.ts'
import type { StageAttempt } from '../commands/unit-of-work.ts'
import { HonzikError } from '../domain/error.ts'
import { type JobId, parseJobId } from '../domain/ids.ts'
import { isOver, JOB_STAGES, type Job, type JobStage } from '../domain/job.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { Readers } from '../loaders/readers.ts'
import type { Voices } from '../replies/voices.ts'
import type { Session } from '../session/session.ts'
import { type DoingReaders, replyTo, speak, transcribe } from './doing.ts'
import type { Entry } from './queue.ts'
import { lostError, stageFailureOf } from './stage-error.ts'
import { Closing, Lost } from './worker.ts'

/** What stands in the queue of stages. */
export interface StageTask {
  readonly jobId: JobId
  readonly stage: JobStage
}

export interface StagesDeps {
  /** A session for somebody, whose work is given up when the signal is aborted. */
  readonly session: (viewer: Viewer, signal: AbortSignal) => Session
  readonly readers: Pick<Readers, 'jobs'> & DoingReaders
  /** Null where there is nobody who hears and speaks. */
  readonly voices: Voices | null
  /** Milliseconds that a stage may take. */
  readonly timeoutMs: number
  /** From 0 to 1: so that those who failed together do not come back together. */
  readonly chance: () => number
  /** Hears of faults; must not throw. */
  readonly fault: (error: unknown) => void
}

/** Why a stage is given up: its job was cancelled or deleted. */
class Cancelled extends Error {
  override readonly name = 'Cancelled'
}

/** Steps of the worker itself, which may see every job. */
const WORKER: Viewer = { role: 'staff', id: null }

/** Does stages of jobs. */
export class Stages {
  readonly #deps: StagesDeps
  readonly #running = new Map<JobId, AbortController>()

  constructor(deps: StagesDeps) {
    this.#deps = deps
  }

  /** Brings one attempt to its end, whatever that is. */
  async run(entry: Entry<StageTask>, signal: AbortSignal): Promise<void> {
    const attempt = attemptAt(entry, 'stages')
    const job = await this.#worker(signal).perform(beginStage(attempt))
    if (job === null) return
    const cancelling = new AbortController()
    this.#running.set(job.id, cancelling)
    const timeout = AbortSignal.timeout(this.#deps.timeoutMs)
    try {
      await this.#do(attempt, job, AbortSignal.any([signal, cancelling.signal, timeout]))
    } catch (error) {
      await this.#end(attempt, signal.aborted ? signal.reason : cancelling.signal.aborted ? new Cancelled() : error)
    } finally {
      this.#running.delete(job.id)
    }
  }

  /** Marks a job as failed that no worker has survived. */
  async bury(entry: Entry<StageTask>, signal: AbortSignal): Promise<void> {
    const attempt = attemptAt(entry, 'lost-stages')
    await this.#worker(signal).perform(failStage(attempt, lostError(attempt.stage), { repeat: false, chance: 0 }))
  }

  /** To be told that a job has another state: of one that is over, the stage is given up. */
  async changed(id: JobId): Promise<void> {
    const running = this.#running.get(id)
    if (running === undefined) return
    const job = (await this.#deps.readers.jobs([id])).get(id)
    if (job === undefined || isOver(job)) running.abort(new Cancelled())
  }

  async #do(attempt: StageAttempt, job: Job, signal: AbortSignal): Promise<void> {
    const learner = this.#deps.session({ role: 'user', id: job.userId }, signal)
    const { readers, voices } = this.#deps
    const doing = { attempt, job, learner, worker: this.#worker(signal), readers, voices, signal }
    if (attempt.stage === 'TRANSCRIBE') await transcribe(doing)
    else if (attempt.stage === 'REPLY') await learner.converse(replyTo(doing))
    else await speak(doing)
  }

  async #end(attempt: StageAttempt, thrown: unknown): Promise<void> {
    // Whoever has it now will bring it to its end.
    if (thrown instanceof Lost || thrown instanceof Overtaken) return
    const session = this.#worker(new AbortController().signal)
    try {
      if (thrown instanceof Closing) await session.perform(releaseStage(attempt))
      else {
        const { error, repeat, fault } = stageFailureOf(timeoutAsTrouble(thrown), attempt.stage)
        if (fault !== undefined && !(fault instanceof Cancelled)) this.#deps.fault(fault)
        await session.perform(failStage(attempt, error, { repeat, chance: this.#deps.chance() }))
      }
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error
    }
  }

  #worker(signal: AbortSignal): Session {
    return this.#deps.session(WORKER, signal)
  }
}

const attemptAt = ({ id, retryCount, task }: Entry<StageTask>, queue: 'stages' | 'lost-stages'): StageAttempt => ({
  entry: { queue, id, retryCount },
  ...task,
})

/** The stage's own deadline, which is not the model's. */
const timeoutAsTrouble = (thrown: unknown): unknown =>
  thrown instanceof DOMException && thrown.name === 'TimeoutError'
    ? new HonzikError('UPSTREAM_UNAVAILABLE', 'The stage was not done in time.', { cause: thrown })
    : thrown

/** @throws TypeError for a task of another release that this one does not know */
export function readStageTask(task: unknown): StageTask {
  if (typeof task === 'object' && task !== null && 'jobId' in task && 'stage' in task) {
    const stage = JOB_STAGES.find((known) => known === task.stage)
    const jobId = typeof task.jobId === 'string' ? parseJobId(task.jobId) : null
    if (stage !== undefined && jobId !== null) return { jobId, stage }
  }
  throw new TypeError('not a stage of a job')
}
