import type { Readers } from '../../../src/loaders/readers.ts'

/** A read that was made and is not handed over. */
export interface Held {
  /** Resolves when there is one. */
  readonly reached: Promise<void>
  /** Lets it go on, and none be held any more. */
  release(): void
}

/** Holds back what one read of the database has brought: it may be old by the time it is handed over. */
export class Gate {
  #next: { readonly reached: () => void; readonly released: Promise<void> } | null = null

  /** Holds the next read, and that one alone. */
  arm(): Held {
    const reached = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    this.#next = { reached: reached.resolve, released: released.promise }
    return {
      reached: reached.promise,
      release: () => {
        this.#next = null
        released.resolve()
      },
    }
  }

  /** For whoever has just read something. */
  async pass(): Promise<void> {
    const held = this.#next
    this.#next = null
    held?.reached()
    await held?.released
  }
}

/** The same reads, each through the gate on its way back. */
export function gatedBy(gate: Gate, readers: Readers): Readers {
  const gated =
    <Asked extends unknown[], Answer>(read: (...asked: Asked) => Promise<Answer>) =>
    async (...asked: Asked): Promise<Answer> => {
      const answer = await read(...asked)
      await gate.pass()
      return answer
    }
  return {
    users: gated(readers.users),
    userIdsByTelegramId: gated(readers.userIdsByTelegramId),
    settings: gated(readers.settings),
    stars: gated(readers.stars),
    practice: gated(readers.practice),
    practiceDays: gated(readers.practiceDays),
    messages: gated(readers.messages),
    lastActive: readers.lastActive,
    usage: readers.usage,
    said: readers.said,
    backlog: readers.backlog,
    recording: readers.recording,
    jobs: readers.jobs,
    speeches: readers.speeches,
    speech: readers.speech,
    jobUpdates: readers.jobUpdates,
    listUsers: gated(readers.listUsers),
    listWebhooks: readers.listWebhooks,
    deliveries: readers.deliveries,
  }
}
