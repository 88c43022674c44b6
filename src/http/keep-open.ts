/** As much of an answer as is needed to keep it open. */
export interface OpenAnswer {
  readonly destroyed: boolean
  /** Bytes that its reader has not taken yet. */
  readonly writableLength: number
  write(text: string): unknown
}

/** Milliseconds between two signs of life; proxies commonly close what is silent for a minute. */
const EVERY_MS = 15_000

/** A comment of server-sent events: nobody is told of it. */
const COMMENT = ':\n\n'

/** Writes to an answer now and then while nothing happens, so that nobody on its way takes it for dead. */
export function keepOpen(answer: OpenAnswer): Disposable {
  const timer = setInterval(() => {
    // Whoever has not read what is there does not need more.
    if (!answer.destroyed && answer.writableLength === 0) answer.write(COMMENT)
  }, EVERY_MS)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
