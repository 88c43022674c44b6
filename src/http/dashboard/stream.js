import { ask, Refused, Unavailable } from './session.js'

/**
 * @typedef {'connecting' | 'live' | 'quiet' | 'lost'} State
 * @typedef {{
 *   show: (snapshot: import('../../domain/cache-report.ts').Snapshot) => void,
 *   tell: (state: State, words: string) => void,
 *   refused: (error: Error) => void,
 * }} Listener
 */

/** Milliseconds before the first attempt to come back, and at most. */
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 30_000
/** Milliseconds without a snapshot after which what is shown is old. */
const QUIET_MS = 10_000
/** Milliseconds without a byte after which nobody is there: even a server that is slow sends one every two seconds. */
const SILENT_MS = 20_000

/** Follows the events until it is refused or `signal` is aborted; comes back after pauses that grow. */
export async function follow(/** @type {Listener} */ listener, /** @type {AbortSignal} */ signal) {
  let pause = FIRST_PAUSE_MS
  listener.tell('connecting', 'Connecting…')
  while (!signal.aborted) {
    let words = 'The connection has ended.'
    let wait = pause
    try {
      await readOnce(listener, signal, () => {
        pause = FIRST_PAUSE_MS
        wait = pause
      })
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof Refused) return listener.refused(error)
      if (error instanceof Unavailable) {
        words = error.message
        wait = Math.max(pause, (error.retryAfterSeconds ?? 0) * 1_000)
      } else words = 'The server cannot be reached.'
    }
    if (signal.aborted) return
    listener.tell('lost', `${words} Trying again in ${Math.round(wait / 1_000)} s.`)
    pause = Math.min(LONGEST_PAUSE_MS, pause * 2)
    await rest(wait, signal)
  }
}

/** @param {Listener} listener @param {AbortSignal} signal @param {() => void} began */
async function readOnce(listener, signal, began) {
  // Of a connection whose other end is gone without a word, a browser tells nothing.
  const giveUp = new AbortController()
  const silence = createTimer(SILENT_MS, () => giveUp.abort(new Unavailable('The server has gone silent.')))
  const quiet = createTimer(QUIET_MS, () => listener.tell('quiet', QUIET))
  silence.restart()
  try {
    const response = await ask('/dashboard/events', {
      headers: { accept: 'text/event-stream' },
      signal: AbortSignal.any([signal, giveUp.signal]),
    })
    if (!response.body) return
    quiet.restart()
    for await (const { event, data } of eventsIn(response.body, silence.restart)) {
      if (event !== 'snapshot') continue
      began()
      quiet.restart()
      listener.tell('live', 'Live')
      try {
        listener.show(JSON.parse(data))
      } catch (error) {
        // A fault of the page's is none of the connection's.
        reportError(error)
      }
    }
  } finally {
    silence.stop()
    quiet.stop()
  }
}

const QUIET = 'Connected, but there is no news: what is shown is old.'

/** @param {number} milliseconds @param {() => void} act */
function createTimer(milliseconds, act) {
  let timer = 0
  const stop = () => clearTimeout(timer)
  const restart = () => {
    stop()
    timer = setTimeout(act, milliseconds)
  }
  return { restart, stop }
}

/**
 * Server-sent events, as the HTML standard (9.2.6) has them; browsers' own reader of them can send no token.
 * @param {ReadableStream<Uint8Array>} body @param {() => void} heard told of whatever comes, comments too
 */
async function* eventsIn(body, heard) {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    heard()
    const blocks = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/)
    rest = blocks.pop() ?? ''
    for (const block of blocks) yield eventOf(block)
  }
}

/** @param {string} block */
function eventOf(block) {
  const found = { event: 'message', data: '' }
  for (const line of block.split(/\r?\n/)) {
    const [, name, value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? []
    if (name === 'event') found.event = value
    if (name === 'data') found.data += found.data === '' ? value : `\n${value}`
  }
  return found
}

/** Waits, but no longer than until the network is back or nobody wants it any more. */
function rest(/** @type {number} */ milliseconds, /** @type {AbortSignal} */ signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    const early = () => {
      clearTimeout(timer)
      resolve(undefined)
    }
    signal.addEventListener('abort', early, { once: true })
    addEventListener('online', early, { once: true })
  })
}
