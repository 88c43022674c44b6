import type { LanguageCode } from './language.ts'
import type { Message } from './message.ts'
import type { UserSettings } from './settings.ts'
import { parseText } from './text.ts'
import type { Level } from './user.ts'

/** One message of a conversation as the tutor is told of it: no names, no ids, no times. */
export type Turn = Pick<Message, 'role' | 'text'>

/** What the tutor is asked: a learner's message, and everything that decides how it is answered. */
export interface Lesson extends Pick<UserSettings, 'character' | 'conversationStyle' | 'correctionsLevel'> {
  /** What is answered: the learner's last message, as {@link normalized} makes it. */
  readonly text: string
  /** What was said before, oldest first, normalised as well: context, which is not answered again. */
  readonly history: readonly Turn[]
  readonly level: Level
  readonly nativeLanguage: LanguageCode
}

/** Characters of a message at most, as a reader counts code points. */
export const MESSAGE_MAX = 2_000

/** @throws BAD_USER_INPUT naming `text` for an empty message and for one longer than {@link MESSAGE_MAX} */
export const parseMessageText = (text: string): string => parseText('text', text, MESSAGE_MAX)

/**
 * One way of writing for texts that read the same: composed characters (Unicode normalization form C), and one space
 * for any white space. Byte order marks, which nobody sees, are left out. Letters keep their case: capitals are part of
 * the lesson.
 */
export const normalized = (text: string): string =>
  text.replaceAll('\ufeff', '').normalize('NFC').replace(/\s+/gu, ' ').trim()

/** How long a message counts as part of the conversation, and how many do. */
const HISTORY_AGE = Temporal.Duration.from({ minutes: 30 })
export const HISTORY_MAX = 8

/**
 * The part of a conversation that a new message belongs to, oldest first.
 * @param newestFirst messages from before the new one
 */
export function historyOf(newestFirst: readonly Message[], now: Temporal.Instant): readonly Turn[] {
  const since = now.subtract(HISTORY_AGE)
  return newestFirst
    .filter(({ createdAt }) => Temporal.Instant.compare(createdAt, since) >= 0)
    .slice(0, HISTORY_MAX)
    .map(({ role, text }) => ({ role, text: normalized(text) }))
    .reverse()
}

/** Words of a text, as a dictionary would count them: `česko-anglický` is one, punctuation none. */
export const countWords = (text: string): number => text.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu)?.length ?? 0

/** What a caller may set for one question only; null and left out mean the same: the learner's own. */
export type LessonOverrides = {
  readonly [Name in 'character' | 'level' | 'conversationStyle' | 'correctionsLevel']?: Lesson[Name] | null | undefined
} & { readonly nativeLanguage?: string | null | undefined }
