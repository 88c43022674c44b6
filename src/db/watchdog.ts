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
  let timer: NodeJS.Timeout | undefined
  let lastAnswer = performance.now()
  const answered = () => {
    lastAnswer = performance.now()
  }

  function look() {
    const now = performance.now()
    for (const entry of waiting) if (now - Math.max(entry.since, lastAnswer) >= silenceMs) entry.giveUp()
  }

  /** Has someone look out for the entry; the returned function ends that. */
  function lookOut(entry: Waiting): () => void {
    waiting.add(entry)
    timer ??= setInterval(look, silenceMs / 10)
    return () => {
      waiting.delete(entry)
      if (waiting.size > 0) return
      clearInterval(timer)
      timer = undefined
    }
  }

  return {
    watch(work, abandoned = () => {}) {
      // A refusal is a sign of life as well, and so is an answer that comes too late.
      work.then(answered, answered)
      const { promise: silence, reject } = Promise.withResolvers<never>()
      const giveUp = () => {
        abandoned()
        reject(unavailable('The database does not answer. Try again in a moment.'))
      }
      return Promise.race([work, silence]).finally(lookOut({ since: performance.now(), giveUp }))
    },
  }
}
