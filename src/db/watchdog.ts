import { unavailable } from '../domain/error.ts'

/**
 * Gives up on work when the database has fallen silent: when the work has waited for `silenceMs` and nothing else
 * was answered in that time either. A paused or unreachable server sends no error, so someone must stop waiting;
 * a server that is merely busy keeps answering others, and then waiting longer is right.
 */
export interface Watchdog {
  /** @throws SERVICE_UNAVAILABLE when the database is silent; `abandoned` is called first. */
  watch<T>(work: Promise<T>, abandoned?: () => void): Promise<T>
  /** How much is being waited for. */
  readonly waiting: number
}

interface Waiting {
  readonly since: number
  readonly giveUp: () => void
}

export interface WatchdogOptions {
  readonly silenceMs: number
  /** Whether a failure came from the database itself, which then is alive, or from not reaching it. */
  readonly speaks: (failure: unknown) => boolean
}

export function createWatchdog({ silenceMs, speaks }: WatchdogOptions): Watchdog {
  const waiting = new Set<Waiting>()
  let lastAnswer = performance.now()
  const answered = () => {
    lastAnswer = performance.now()
  }
  const rounds = createRounds(silenceMs / 10, (late) => {
    // It was we who slept, and answers may be waiting to be read: one more round.
    if (late) answered()
    const now = performance.now()
    for (const entry of waiting) if (now - Math.max(entry.since, lastAnswer) >= silenceMs) entry.giveUp()
  })

  return {
    get waiting() {
      return waiting.size
    },
    watch(work, abandoned = () => {}) {
      // A refusal is a sign of life as well, and so is an answer that comes too late.
      work.then(answered, (failure) => speaks(failure) && answered())
      const { promise: silence, reject } = Promise.withResolvers<never>()
      const giveUp = () => {
        abandoned()
        reject(unavailable('The database does not answer. Try again in a moment.'))
      }
      const entry = { since: performance.now(), giveUp }
      waiting.add(entry)
      rounds.begin()
      return Promise.race([work, silence]).finally(() => {
        waiting.delete(entry)
        if (waiting.size === 0) rounds.end()
      })
    },
  }
}

/** Looks round at an interval while there is something to look for, and tells when it came several intervals late. */
function createRounds(everyMs: number, look: (late: boolean) => void) {
  let timer: NodeJS.Timeout | undefined
  let lastLook = 0

  function round() {
    const late = performance.now() - lastLook > 5 * everyMs
    lastLook = performance.now()
    look(late)
  }

  return {
    begin() {
      if (timer !== undefined) return
      lastLook = performance.now()
      timer = setInterval(round, everyMs)
    },
    end() {
      clearInterval(timer)
      timer = undefined
    },
  }
}
