import { type JobId, parseJobId } from '../domain/ids.ts'

/** What all processes on one database hear from each other, as soon as what it is about is kept. */
export interface Notices {
  /**
   * Hears notices until it is disposed of.
   * @param hear is given each notice; must not throw
   * @param missed called when notices may have been missed, and once at the beginning; must not throw
   */
  listen(hear: (notice: string) => void, missed: () => void): Promise<AsyncDisposable>
}

/** Where notices go. */
export const NOTICES_CHANNEL = 'honzik'

/** A job has another state. */
export const noticeOfJob = (id: string): string => `job:${id}`

/** Which job a notice is about; null when it is about something else. */
export const jobIn = (notice: string): JobId | null => (notice.startsWith('job:') ? parseJobId(notice.slice(4)) : null)

/** There is something to take from a queue. */
export const noticeOfQueue = (name: string): string => `queue:${name}`
