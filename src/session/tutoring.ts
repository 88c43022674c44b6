import type { Conversation, Stage, Utterance } from '../commands/conversation.ts'
import type { Clock } from '../domain/calendar.ts'
import { parseUserId, type UserId } from '../domain/ids.ts'
import { type LessonOverrides, parseMessageText } from '../domain/lesson.ts'
import type { ReplyCache, ShownReply } from '../domain/reply.ts'
import { requireAccess, type Viewer } from '../domain/viewer.ts'
import type { LessonRequest } from '../loaders/lesson-reads.ts'
import type { Reads } from '../loaders/reads.ts'
import type { Replies } from '../replies/replies.ts'
import type { CacheNotes } from './cache-notes.ts'
import type { SessionScope } from './scope.ts'
import { byWords } from './words.ts'

export interface HonzikReplyInput extends LessonOverrides {
  readonly text: string
  readonly userId?: string | null | undefined
}

/** What a session may have of the tutor. */
export interface Tutoring {
  /** @param onText hears the reply's text word by word as it comes */
  honzikReply(input: HonzikReplyInput, onText?: (piece: string) => void): Promise<ShownReply>
  /** Runs a use case that asks the tutor between its transactions. Returns only after it is kept. */
  converse<Result>(conversation: Conversation<Result>): Promise<Result>
}

export interface TutoringDeps {
  readonly replies: Replies
  readonly clock: Clock
  readonly reads: Pick<Reads, 'signedIn' | 'lesson'>
  readonly perform: Stage['perform']
}

export function createTutoring({ replies, clock, reads, perform }: TutoringDeps, scope: SessionScope): Tutoring {
  const { viewer, tutorSignal: signal, cacheNotes, cacheMode } = scope
  const staff = isStaff(viewer)

  async function answer(request: LessonRequest, onText?: (piece: string) => void): Promise<ShownReply> {
    const { lesson, timezone } = await reads.lesson(request)
    const mode = staff ? cacheMode : 'USE'
    const reply = await replies.answer({ lesson, timezone, learner: request.learner, staff, mode, signal, onText })
    count(cacheNotes, reply.cache)
    return reply
  }

  return {
    async honzikReply(input, onText) {
      const { id } = await reads.signedIn()
      const text = parseMessageText(input.text)
      const learner = requireAccess(viewer, input.userId == null ? id : parseUserId(input.userId))
      const words = onText && byWords(onText)
      const reply = await answer({ learner, text, overrides: input, said: null }, words?.write)
      words?.end(reply.reply)
      return reply
    },
    async converse(conversation) {
      const known = await reads.signedIn()
      const reply = (learner: UserId, said: Utterance) => answer({ learner, text: said.text, overrides: {}, said })
      return conversation({ viewer: known, clock, perform, reply })
    },
  }
}

const isStaff = ({ role }: Viewer): boolean => role === 'staff' || role === 'admin'

/** Counted as its caller may see it: the answer's headers must not tell more than the answer. */
function count({ tally }: CacheNotes, { status }: ReplyCache): void {
  if (status === 'HIT') tally.hits += 1
  if (status === 'MISS') tally.loads += 1
  if (status === 'COALESCED') tally.joins += 1
}
