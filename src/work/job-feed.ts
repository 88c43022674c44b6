import { gathered } from '../cache/gathered.ts'
import type { JobId } from '../domain/ids.ts'
import { isOver, type JobUpdate } from '../domain/job.ts'
import type { Readers } from '../loaders/readers.ts'
import { Bell } from './bell.ts'
import { endable } from './endable.ts'
import { type Notices, noticeOfJob } from './notices.ts'

export interface JobFeedOptions {
  readonly readers: Pick<Readers, 'jobs' | 'jobUpdates'>
  readonly notices: Notices
  /** Milliseconds between two looks when there is no notice: one may have been missed. @default 2_000 */
  readonly lookMs?: number
}

/** Tells followers of jobs what becomes of them, whichever process works on them. */
export class JobFeed implements AsyncDisposable {
  readonly #options: JobFeedOptions
  readonly #updatesAfter: Readers['jobUpdates']
  readonly #followers = new Map<string, Set<Bell>>()
  #listening: Promise<AsyncDisposable> | undefined
  /** Only while somebody follows is there something to look for. */
  #looks: NodeJS.Timeout | undefined

  constructor(options: JobFeedOptions) {
    this.#options = options
    this.#updatesAfter = gathered(options.readers.jobUpdates)
  }

  /**
   * All changes of a job after a revision, in order, each as soon as it is kept; ends with the job, or with the signal.
   * @param after null: from the first
   */
  follow(id: JobId, after: number | null, signal: AbortSignal): AsyncIterableIterator<JobUpdate, void> {
    return endable((ended) => this.#updates(id, after, ended), signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#looks)
    await (await this.#listening)?.[Symbol.asyncDispose]()
  }

  async *#updates(id: JobId, after: number | null, signal: AbortSignal): AsyncGenerator<JobUpdate, void> {
    const bell = new Bell(signal)
    using _ = this.#attend(noticeOfJob(id), bell)
    let known = after
    for (let ended = false; !signal.aborted; ) {
      // Before reading: what changes while it is read rings again.
      const rung = bell.next()
      const [updates = []] = await this.#updatesAfter([{ jobId: id, after: known }])
      for (const update of updates) {
        yield update
        known = update.revision
      }
      const last = updates.at(-1)
      // One that has failed may have been retried since: only how it is by now is its end.
      if (last === undefined ? ended : isOver(last)) return
      // Its end may have been told before, or the job be gone; then nothing comes after what is read once more.
      ended = last === undefined && (await this.#isEnded(id))
      if (!ended) await rung
    }
  }

  async #isEnded(id: JobId): Promise<boolean> {
    const job = (await this.#options.readers.jobs([id])).get(id)
    return job === undefined || isOver(job)
  }

  #attend(notice: string, bell: Bell): Disposable {
    const { notices, lookMs = 2_000 } = this.#options
    this.#listening ??= notices.listen(
      (heard) => this.#ring(heard),
      () => this.#ringAll(),
    )
    this.#looks ??= setInterval(() => this.#ringAll(), lookMs)
    const bells = this.#followers.get(notice) ?? new Set()
    this.#followers.set(notice, bells.add(bell))
    return {
      [Symbol.dispose]: () => {
        bells.delete(bell)
        if (bells.size === 0) this.#followers.delete(notice)
        if (this.#followers.size > 0) return
        clearInterval(this.#looks)
        this.#looks = undefined
      },
    }
  }

  #ring(notice: string): void {
    for (const bell of this.#followers.get(notice) ?? []) bell.ring()
  }

  #ringAll(): void {
    for (const notice of this.#followers.keys()) this.#ring(notice)
  }
}
