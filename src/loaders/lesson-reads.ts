import type { TimeZone } from '../domain/calendar.ts'
import { notFound } from '../domain/error.ts'
import type { UserId } from '../domain/ids.ts'
import { parseLanguage } from '../domain/language.ts'
import { HISTORY_MAX, historyOf, type Lesson, type LessonOverrides, normalized } from '../domain/lesson.ts'
import type { MessagePlace } from '../domain/page.ts'
import type { Loaders } from './loaders.ts'

/** What a lesson is made from besides the learner's own profile and settings. */
export interface LessonRequest {
  readonly learner: UserId
  readonly text: string
  readonly overrides: LessonOverrides
  /** When and where in the conversation the text stands, a null place after everything; null: in none. */
  readonly said: { readonly at: Temporal.Instant; readonly place: MessagePlace | null } | null
}

/** A lesson and whose day it is. */
export interface LearnerLesson {
  readonly lesson: Lesson
  readonly timezone: TimeZone
}

/**
 * @param loaders of a request whose viewer may see the learner
 * @throws NOT_FOUND when there is no such learner, BAD_USER_INPUT naming `nativeLanguage`
 */
export async function readLesson(loaders: Loaders, request: LessonRequest): Promise<LearnerLesson> {
  const { learner, text, overrides, said } = request
  const [user, settings, before] = await Promise.all([
    loaders.user.load(learner),
    loaders.settings.load(learner),
    said ? loaders.messages.load({ userId: learner, after: said.place, limit: HISTORY_MAX }) : [],
  ])
  if (user === null || settings === null) throw notFound('learner')
  const { nativeLanguage } = overrides
  const lesson: Lesson = {
    text: normalized(text),
    history: said ? historyOf(before, said.at) : [],
    character: overrides.character ?? settings.character,
    conversationStyle: overrides.conversationStyle ?? settings.conversationStyle,
    correctionsLevel: overrides.correctionsLevel ?? settings.correctionsLevel,
    level: overrides.level ?? user.level,
    nativeLanguage: nativeLanguage == null ? user.nativeLanguage : parseLanguage('nativeLanguage', nativeLanguage),
  }
  return { lesson, timezone: settings.timezone }
}
