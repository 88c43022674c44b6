import { normalized } from '../../domain/lesson.ts'
import type { Said } from '../../domain/reply.ts'
import { Fault } from './fault.ts'
import type { ModelRequest, Prompts } from './request.ts'

/** Words in a row that no answer has in common with the system prompt by chance. */
export const RUN = 8

/**
 * Recognises the system prompt in what a model says: {@link RUN} of its words in a row, or a delimiter. Case,
 * punctuation, diacritics and invisible characters make no difference. What the conversation itself says is no secret.
 */
export class Leaks {
  readonly #runs: ReadonlySet<string>
  readonly #markers: readonly string[]

  constructor({ messages }: ModelRequest, prompts: Prompts) {
    const secret = messages.flatMap(({ role, content }) => (role === 'system' ? runsOf(String(content)) : []))
    const said = messages.flatMap(({ role, content }) => (role === 'system' ? [] : runsOf(String(content))))
    this.#runs = new Set(secret).difference(new Set(said))
    this.#markers = markersOf(prompts)
  }

  /** @throws Fault `leak` when one of the texts of an answer gives something away */
  refuse(said: Said): void {
    for (const text of textsOf(said)) this.refuseText(text)
  }

  /**
   * @param isWhole false: the last word may go on, and is not judged yet
   * @throws Fault `leak`
   */
  refuseText(text: string, isWhole = true): void {
    const plain = normalized(text).toLowerCase()
    const words = wordsIn(text).map(({ word }) => word)
    const found =
      this.#markers.some((marker) => plain.includes(marker)) ||
      joined(isWhole ? words : words.slice(0, -1)).some((run) => this.#runs.has(run))
    if (found) throw new Fault('leak', 'The answer contains parts of the system prompt.')
  }
}

/**
 * How much of an unfinished text may be given out, in UTF-16 units: it ends with white space, and {@link RUN} words are
 * held back, so that by the time a run is complete nothing of it is out.
 */
export function safeLength(text: string): number {
  const held = wordsIn(text).at(-RUN)
  return held === undefined ? 0 : text.lastIndexOf(' ', held.index) + 1
}

interface Word {
  readonly word: string
  readonly index: number
}

const wordsIn = (text: string): Word[] =>
  [...text.matchAll(/[\p{L}\p{M}\p{N}\p{Cf}]+/gu)]
    .map(({ 0: word, index }) => ({ word: folded(word), index }))
    .filter(({ word }) => word !== '')

const folded = (word: string): string =>
  word
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()

const joined = (words: readonly string[]): string[] =>
  words.slice(RUN - 1).map((_, start) => words.slice(start, start + RUN).join(' '))

const runsOf = (text: string): string[] => joined(wordsIn(text).map(({ word }) => word))

/** What `delimited` puts around a text. */
const markersOf = ({ delimited }: Prompts): string[] => {
  const text = 'sonda'
  return delimited(text)
    .split(text)
    .map((marker) => normalized(marker).toLowerCase())
    .filter((marker) => marker !== '')
}

const textsOf = ({ reply, correctedText, mistakes, suggestion, newWords }: Said): string[] => [
  reply,
  correctedText,
  suggestion,
  ...mistakes.flatMap(({ original, corrected, explanation }) => [original, corrected, explanation]),
  ...newWords.flatMap(({ czech, translation, example }) => [czech, translation, example]),
]
