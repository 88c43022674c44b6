import { HonzikError, unavailable } from '../domain/error.ts'

/** Ends the work of a request that takes too long or whose client has gone. */
export interface Deadline extends Disposable {
  /** Aborted at the end of the time, or when the connection closes before the answer is sent. */
  readonly signal: AbortSignal
  /** Aborted {@link KEEPING_MS} before the end as well: what the tutor is asked then still leaves time to keep the question. */
  readonly tutorSignal: AbortSignal
  /** The work's result, or the abortion's reason as soon as there is one. */
  race<T>(work: Promise<T>): Promise<T>
}

/** What is left for keeping things once it is clear that there will be no answer. */
const KEEPING_MS = 1_000
/** The same when the server stops: short of what connections are given then. */
const LAST_KEEPING_MS = 750

const STOPPING = 'The server is stopping. Try again in a moment.'

/** Whoever waits: an answer, or a connection. */
export interface Waiting {
  once(event: 'close', listener: () => void): unknown
  off(event: 'close', listener: () => void): unknown
  /** Whether all has been sent that there is to be sent; of an answer only. */
  readonly writableEnded?: boolean
}

/** @param lastCall aborted when the server stops and waits no longer */
export function deadline(milliseconds: number, waiting: Waiting, lastCall: AbortSignal): Deadline {
  const controller = new AbortController()
  const tutor = new AbortController()
  const abort = (message: string) => {
    const reason = unavailable(message)
    tutor.abort(reason)
    controller.abort(reason)
  }
  const keeping = Math.min(KEEPING_MS, milliseconds)
  let timer = setTimeout(() => {
    tutor.abort(new HonzikError('UPSTREAM_UNAVAILABLE', 'The tutor did not answer in time.'))
    timer = setTimeout(() => abort(`The request took longer than ${milliseconds / 1000} s.`), keeping)
  }, milliseconds - keeping)
  const onClose = () => {
    if (!waiting.writableEnded) abort('The client has gone.')
  }
  waiting.once('close', onClose)
  const onLastCall = () => {
    tutor.abort(new HonzikError('UPSTREAM_UNAVAILABLE', STOPPING))
    clearTimeout(timer)
    timer = setTimeout(() => abort(STOPPING), LAST_KEEPING_MS)
  }
  lastCall.addEventListener('abort', onLastCall)

  return {
    signal: controller.signal,
    tutorSignal: tutor.signal,
    race: (work) =>
      new Promise((resolve, reject) => {
        controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true })
        work.then(resolve, reject)
      }),
    [Symbol.dispose]() {
      clearTimeout(timer)
      waiting.off('close', onClose)
      lastCall.removeEventListener('abort', onLastCall)
    },
  }
}
