import type { ServerResponse } from 'node:http'
import { unavailable } from '../domain/error.ts'

/** Ends the work of a request that takes too long or whose client has gone. */
export interface Deadline extends Disposable {
  /** Aborted at the end of the time, or when the connection closes before the answer is sent. */
  readonly signal: AbortSignal
  /** The work's result, or the abortion's reason as soon as there is one. */
  race<T>(work: Promise<T>): Promise<T>
}

/** @param lastCall aborted when the server stops and waits no longer */
export function deadline(milliseconds: number, response: ServerResponse, lastCall: AbortSignal): Deadline {
  const controller = new AbortController()
  const abort = (message: string) => controller.abort(unavailable(message))
  const timer = setTimeout(() => abort(`The request took longer than ${milliseconds / 1000} s.`), milliseconds)
  const onClose = () => {
    if (!response.writableEnded) abort('The client has gone.')
  }
  response.once('close', onClose)
  const onLastCall = () => abort('The server is stopping. Try again in a moment.')
  lastCall.addEventListener('abort', onLastCall)

  return {
    signal: controller.signal,
    race: (work) =>
      new Promise((resolve, reject) => {
        controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true })
        work.then(resolve, reject)
      }),
    [Symbol.dispose]() {
      clearTimeout(timer)
      response.off('close', onClose)
      lastCall.removeEventListener('abort', onLastCall)
    },
  }
}
