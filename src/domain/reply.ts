import { countWords, normalized } from './lesson.ts'
import type { Mistake } from './message.ts'

/** A Czech word that is new to the learner. */
export interface NewWord {
  readonly czech: string
  /** In the learner's native language. */
  readonly translation: string
  /** A Czech sentence with the word. */
  readonly example: string
}

export const ENGINES = ['OPENAI', 'EMBEDDED'] as const

/** What the tutor says to a learner's message. */
export interface TutorReply {
  /** In character, in Czech; ends with a question. */
  readonly reply: string
  /** The learner's message without its mistakes. */
  readonly correctedText: string
  /** In the order of the text. */
  readonly mistakes: readonly Mistake[]
  /** 0–100. */
  readonly correctnessScore: number
  /** How the learner could go on, or say it better. */
  readonly suggestion: string
  /** At most {@link NEW_WORDS_MAX}. */
  readonly newWords: readonly NewWord[]
  /** A model, or the engine inside this process, which checks spelling only. */
  readonly engine: (typeof ENGINES)[number]
  /** The model's name; null for the embedded engine. */
  readonly model: string | null
}

export const REPLY_CACHE_STATUSES = ['HIT', 'MISS', 'COALESCED', 'BYPASS'] as const

/** Where a reply came from, as far as whoever asked may know. */
export interface ReplyCache {
  readonly status: (typeof REPLY_CACHE_STATUSES)[number]
  /** Null where nothing is kept, and for learners. */
  readonly key: string | null
  /** Whole seconds since it was first given. */
  readonly ageSeconds: number
}

/** A reply as it is shown. */
export interface ShownReply extends TutorReply {
  readonly cache: ReplyCache
}

export const NEW_WORDS_MAX = 3
const SCORE_MAX = 100
const MISTAKES_MAX = 50
/** Characters of one text of an answer at most; longer than any honest one. */
const TEXT_MAX = 4_000

/** What a model said, in the right shape but not yet to be believed. */
export type Said = Omit<TutorReply, 'engine' | 'model'>

/**
 * What a model said, made consistent with itself and with the text: learners can talk a model into almost anything, and
 * what it says must not pay. The score is a whole number from 0 to 100, and full marks are for a text that was left as
 * it is and has no mistakes.
 */
export function settled(text: string, said: Said): Said {
  const correctedText = clipped(said.correctedText) || normalized(text)
  const mistakes = said.mistakes.map(clippedMistake).filter(isMistake).slice(0, MISTAKES_MAX)
  const flawless = mistakes.length === 0 && correctedText === normalized(text)
  return {
    reply: clipped(said.reply),
    correctedText,
    mistakes,
    correctnessScore: clampedScore(said.correctnessScore, flawless ? SCORE_MAX : SCORE_MAX - 1),
    suggestion: clipped(said.suggestion),
    newWords: said.newWords
      .map(({ czech, translation, example }) => ({
        czech: clipped(czech),
        translation: clipped(translation),
        example: clipped(example),
      }))
      .filter(({ czech }) => czech !== '')
      .slice(0, NEW_WORDS_MAX),
  }
}

const clampedScore = (score: number, max: number): number =>
  Number.isNaN(score) ? 0 : Math.min(max, Math.max(0, Math.round(score)))

/**
 * White space and NUL are gone, so are halves of characters: what learners are shown can also be stored. Byte order marks
 * go first, as a reader of JSON in pieces may have left them out already, and joined what stood around them.
 */
const clipped = (text: string): string =>
  [...normalized(text.replace(/[\0\ufeff]/gu, '').toWellFormed())].slice(0, TEXT_MAX).join('')

const clippedMistake = ({ original, corrected, explanation }: Mistake): Mistake => ({
  original: clipped(original),
  corrected: clipped(corrected),
  explanation: clipped(explanation),
})

/** Something that is already as it should be is no mistake. */
const isMistake = ({ original, corrected }: Mistake): boolean => original !== corrected

/**
 * Words of a learner's text, and how many of them are part of no mistake. A mistake costs as many words as its original
 * has, one at least, and all of them together no more than there are.
 */
export function wordsIn(
  text: string,
  mistakes: readonly Mistake[],
): { readonly total: number; readonly correct: number } {
  const total = countWords(text)
  const wrong = mistakes.reduce((sum, { original }) => sum + Math.max(1, countWords(original)), 0)
  return { total, correct: Math.max(0, total - wrong) }
}
