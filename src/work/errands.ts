import { doErrand } from '../commands/errands.ts'
import { Overtaken } from '../commands/job-steps.ts'
import type { Errand } from '../commands/schedule-writes.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { Session } from '../session/session.ts'
import type { Entry } from './queue.ts'

/** A session for somebody, whose work is given up when the signal is aborted. */
export type OpenSession = (viewer: Viewer, signal: AbortSignal) => Pick<Session, 'perform'>

/** Who does what nobody has asked for. */
export const CLOCKWORK: Viewer = { role: 'staff', id: null }

/** Does one errand, in one transaction. */
export async function runErrand(session: OpenSession, entry: Entry<Errand>, signal: AbortSignal): Promise<void> {
  const { id, retryCount, task: errand } = entry
  try {
    await session(CLOCKWORK, signal).perform(doErrand({ entry: { queue: 'errands', id, retryCount }, errand }))
  } catch (error) {
    // Whoever has it now will bring it to its end.
    if (!(error instanceof Overtaken)) throw error
  }
}
