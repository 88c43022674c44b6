const AGAIN_MS = 10_000

/**
 * Passes troubles on, each once in ten seconds: a connection that is tried ten times a second fails ten times a second.
 * What it passes on is made anew: the driver's errors carry the command that failed, passwords and values included.
 */
export class Troubles {
  readonly #tell: (error: Error) => void
  readonly #now: () => number
  readonly #told = new Map<string, number>()

  constructor(tell: (error: Error) => void, now = () => performance.now()) {
    this.#tell = tell
    this.#now = now
  }

  tell(message: string): void {
    const last = this.#told.get(message)
    const now = this.#now()
    if (last !== undefined && now - last < AGAIN_MS) return
    this.#told.set(message, now)
    this.#tell(new Error(message))
  }

  /** All is well: whatever comes from now on is told. */
  over(): void {
    this.#told.clear()
  }
}

/** What an error says; of a host with several addresses that all refused, only its code says anything. */
export function saying(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message || ('code' in error ? String(error.code) : error.name)
}
