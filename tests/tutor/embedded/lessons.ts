import { parseLanguage } from '../../../src/domain/language.ts'
import type { Lesson } from '../../../src/domain/lesson.ts'
import { CHARACTERS, CONVERSATION_STYLES, CORRECTIONS_LEVELS } from '../../../src/domain/settings.ts'
import { LEVELS } from '../../../src/domain/user.ts'

const lesson: Lesson = {
  text: 'Ahoj!',
  history: [],
  character: 'HONZIK',
  conversationStyle: 'FRIENDLY',
  correctionsLevel: 'BALANCED',
  level: 'BEGINNER',
  nativeLanguage: parseLanguage('nativeLanguage', 'en'),
}

export const lessonOf = (text: string, choices: Partial<Lesson> = {}): Lesson => ({ ...lesson, text, ...choices })

/** The same text in every way in which it may be answered. */
export const lessonsOf = (text: string): Lesson[] =>
  CHARACTERS.flatMap((character) =>
    LEVELS.flatMap((level) =>
      CONVERSATION_STYLES.flatMap((conversationStyle) =>
        CORRECTIONS_LEVELS.map((correctionsLevel) =>
          lessonOf(text, { character, level, conversationStyle, correctionsLevel }),
        ),
      ),
    ),
  )
