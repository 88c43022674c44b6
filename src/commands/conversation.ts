import type { Clock } from '../domain/calendar.ts'
import type { UserId } from '../domain/ids.ts'
import type { MessagePlace } from '../domain/page.ts'
import type { ShownReply } from '../domain/reply.ts'
import type { SignedIn } from '../domain/viewer.ts'
import type { Command } from './command.ts'

/** What a conversation works with. The tutor takes seconds, so no transaction is open while it is asked. */
export interface Stage {
  readonly viewer: SignedIn
  readonly clock: Clock
  /** Runs a command in a transaction of its own. Returns only after it is kept. */
  perform<Result>(command: Command<Result>): Promise<Result>
  /**
   * What the tutor says to this after what came before.
   * @throws UPSTREAM_UNAVAILABLE when no tutor answers, RATE_LIMITED when the learner has had enough for today
   */
  reply(learner: UserId, said: Utterance): Promise<ShownReply>
}

/** What a learner says, and where in the conversation it stands. */
export interface Utterance {
  readonly text: string
  readonly at: Temporal.Instant
  /** Null: after everything. */
  readonly place: MessagePlace | null
}

/** A use case of several transactions, with the tutor asked in between. */
export type Conversation<Result> = (stage: Stage) => Promise<Result>
