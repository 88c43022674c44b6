/** A misspelled word, and where it stands in the text. */
export interface Misspelling {
  readonly original: string
  readonly corrected: string
  /** UTF-16 units from the beginning. */
  readonly start: number
}

/** What a dictionary can say about a text. */
export interface Checked {
  readonly words: number
  /** Of those, how many are spelled right, or are none that a dictionary could know, such as names. */
  readonly right: number
  /** False when too few of them are Czech: then nothing is corrected. */
  readonly isCzech: boolean
  /** In the order of the text. */
  readonly misspellings: readonly Misspelling[]
  /** Words that are in no dictionary and like none that is. */
  readonly unknown: readonly string[]
}

/** The text with its misspelled words corrected and everything else as it was. */
export function corrected(text: string, misspellings: readonly Misspelling[]): string {
  let end = 0
  const pieces = misspellings.map(({ original, corrected, start }) => {
    const piece = text.slice(end, start) + corrected
    end = start + original.length
    return piece
  })
  return pieces.join('') + text.slice(end)
}
