import type { Db } from 'pg-boss'
import { NOTICES_CHANNEL, type Notices } from '../work/notices.ts'

interface Listener {
  readonly hear: (notice: string) => void
  readonly missed: () => void
}

/** Notices by LISTEN and NOTIFY, on one connection for all who listen in this process. */
export class ChannelNotices implements Notices, AsyncDisposable {
  readonly #db: Db
  readonly #trouble: (error: unknown) => void
  readonly #listeners = new Set<Listener>()
  #opening: Promise<AsyncDisposable> | undefined

  /** @param trouble hears that it cannot be listened; who listens still looks for themselves now and then */
  constructor(db: Db, trouble: (error: unknown) => void) {
    this.#db = db
    this.#trouble = trouble
  }

  async listen(hear: (notice: string) => void, missed: () => void): Promise<AsyncDisposable> {
    const listener = { hear, missed }
    this.#listeners.add(listener)
    if (this.#opening === undefined) this.#opening = this.#open()
    await this.#opening
    missed()
    return {
      [Symbol.asyncDispose]: async () => {
        this.#listeners.delete(listener)
      },
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await this.#opening
    await opened?.[Symbol.asyncDispose]()
  }

  async #open(): Promise<AsyncDisposable> {
    const hear = (notice: string) => {
      for (const listener of this.#listeners) listener.hear(notice)
    }
    const again = () => {
      for (const listener of this.#listeners) listener.missed()
    }
    try {
      const handle = await this.#db.listen?.(NOTICES_CHANNEL, hear, again)
      return { [Symbol.asyncDispose]: async () => handle?.close() }
    } catch (error) {
      this.#trouble(error)
      this.#opening = undefined
      return { [Symbol.asyncDispose]: async () => {} }
    }
  }
}
