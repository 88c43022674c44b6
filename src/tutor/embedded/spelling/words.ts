/** A word of a text and where it stands. */
export interface Word {
  readonly text: string
  /** UTF-16 units from the beginning of the whole text. */
  readonly start: number
  /** Which sentence it is in, from 0. */
  readonly sentence: number
  /** Whether it is the first of its sentence, where even common words are capitalised. */
  readonly opens: boolean
  /** In quotation marks with two other words at most: a title, or something foreign. */
  readonly quoted: boolean
  /** What comes right after it: a full stop may belong to an abbreviation, a hyphen to a compound. */
  readonly next: string
}

/**
 * Addresses, mentions, hashtags, and words with digits are no words to spell; what is left, is. An apostrophe belongs
 * to the word, so that foreign ones stay whole.
 */
const PIECES =
  /(?:https?:\/\/|www\.)\S+|[^\s@]{1,64}@[^\s@]+|[@#][\p{L}\p{N}_]+|\p{L}[\p{L}-]{0,40}\.(?:cz|sk|com|org|net|eu|de|info|io)\b|[\p{L}\p{M}]*\p{N}[\p{L}\p{M}\p{N}]*|(?<word>\p{L}[\p{L}\p{M}]*(?:['’]\p{L}+)*)/gu

const QUOTED = /[„“”"«»‚‘][^„“”"«»‚‘]{1,60}[“”"«»‘]/gu
const QUOTED_WORDS_MAX = 3

/** The words of a text in its order. */
export function wordsOf(text: string): readonly Word[] {
  const quotes = quotesIn(text)
  const words: Word[] = []
  let end = 0
  let sentence = 0
  for (const { index, 0: piece, groups } of text.matchAll(PIECES)) {
    const opens = end === 0 || /[.!?…\n]/u.test(text.slice(end, index))
    if (opens && end > 0) sentence += 1
    end = index + piece.length
    if (groups?.['word'] === undefined) continue
    const quoted = quotes.some(([from, to]) => index >= from && end <= to)
    words.push({ text: piece, start: index, sentence, opens, quoted, next: text.charAt(end) })
  }
  return words
}

const quotesIn = (text: string): (readonly [from: number, to: number])[] =>
  [...text.matchAll(QUOTED)]
    .filter(({ 0: quote }) => (quote.match(/\p{L}+/gu)?.length ?? 0) <= QUOTED_WORDS_MAX)
    .map(({ index, 0: quote }) => [index, index + quote.length] as const)
