import type { Lesson } from '../../domain/lesson.ts'

export type Level = Lesson['level']
export type ConversationStyle = Lesson['conversationStyle']

/** What a text may be about, as far as single words tell. */
export const TOPICS = [
  'food',
  'work',
  'weather',
  'family',
  'weekend',
  'school',
  'travel',
  'sport',
  'culture',
  'home',
  'czech',
] as const
export type Topic = (typeof TOPICS)[number]
