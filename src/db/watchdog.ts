import { unavailable } from '../domain/error.ts'

/**
 * Gives up on work when the database has fallen silent: when the work has waited for `silenceMs` and nothing else
 * was answered in that time either. A paused or unreachable server sends no error, so someone must stop waiting;
 * a server that is merely busy keeps answering others, and then waiting longer is right.
 */
export interface Watchdog {
  /** @throws SERVICE_UNAVAILABLE when the database is silent; `abandoned` is called first. */
  watch<T>(work: Promise<T>, abandoned?: () => void): Promise<T>
}

interface Waiting {
  readonly since: number
  readonly giveUp: () => void
}

export function createWatchdog({ silenceMs }: { readonly silenceMs: number }): Watchdog {
  const waiting = new Set<Waiting>()
  let lastAnswer = performance.now()
  let timer: NodeJS.Timeout | undefined

  function look() {
    const now = performance.now()
    for (const entry of waiting) if (now - Math.max(entry.since, lastAnswer) >= silenceMs) entry.giveUp()
  }

  function leave(entry: Waiting) {
    waiting.delete(entry)
    if (waiting.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  return {
    watch: (work, abandoned = () => {}) =>
      new Promise((resolve, reject) => {
        const entry: Waiting = {
          since: performance.now(),
          giveUp() {
            leave(entry)
            abandoned()
            reject(unavailable('The database does not answer. Try again in a moment.'))
          },
        }
        waiting.add(entry)
        timer ??= setInterval(look, silenceMs / 10)
        const answered = () => {
          lastAnswer = performance.now()
          leave(entry)
        }
        work.then(
          (value) => {
            answered()
            resolve(value)
          },
          (error) => {
            answered()
            reject(error)
          },
        )
      }),
  }
}
