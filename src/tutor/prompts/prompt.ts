import type { Lesson } from '../../domain/lesson.ts'
import type { CharacterText } from './character.ts'
import { delimited } from './delimited.ts'
import { honzik } from './honzik.ts'
import { novakova } from './novakova.ts'
import { rulesFor } from './rules.ts'

/** To be raised with every change of a prompt: answers to another one are not those that it would give. */
export const PROMPT_VERSION = 1

const CHARACTERS: Readonly<Record<Lesson['character'], CharacterText>> = { HONZIK: honzik, NOVAKOVA: novakova }

/** The system prompt for a lesson. Depends on what the learner has chosen, and on nothing that the learner wrote. */
export function promptFor(lesson: Lesson): string {
  const { persona, levels, styles, corrections } = CHARACTERS[lesson.character]
  return [
    `# Role\n${persona}`,
    `# Student a způsob rozhovoru\n${levels[lesson.level]}`,
    styles[lesson.conversationStyle],
    corrections[lesson.correctionsLevel],
    rulesFor(lesson),
  ].join('\n\n')
}

export const prompts = { systemFor: promptFor, delimited, version: PROMPT_VERSION }
