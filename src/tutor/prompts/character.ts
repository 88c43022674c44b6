import type { Lesson } from '../../domain/lesson.ts'

/**
 * What one character is told of itself and of what a learner has chosen. Sample sentences stay shorter than eight
 * words: a model may use them word by word, and a longer one would look like a leak of the prompt.
 */
export interface CharacterText {
  /** Who it is, and how it addresses the learner. */
  readonly persona: string
  /** How long and how difficult its answers are. */
  readonly levels: Readonly<Record<Lesson['level'], string>>
  readonly styles: Readonly<Record<Lesson['conversationStyle'], string>>
  /** Which mistakes it names, and how it explains them. */
  readonly corrections: Readonly<Record<Lesson['correctionsLevel'], string>>
}
