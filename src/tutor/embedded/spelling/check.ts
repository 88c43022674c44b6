import type { Checked, Misspelling } from './checked.ts'
import { type Correction, Corrector } from './correction.ts'
import type { Dictionary } from './dictionary.ts'
import { inCaseOf, isCapitalized, isShouted } from './letters.ts'
import { type Word, wordsOf } from './words.ts'

type Verdict = 'known' | 'left alone' | 'unknown' | Correction

interface Judged {
  readonly word: Word
  readonly verdict: Verdict
}

/** Slow look-ups that a sentence may take, and a text. */
const SENTENCE_SUGGESTIONS = 2
const TEXT_SUGGESTIONS = 4
/** Letters; looking for suggestions for longer words takes the longest. */
const SUGGESTED_LENGTH = { min: 4, max: 16 }
/** How much of a text must be Czech. */
const CZECH_SHARE = 0.5

/** Words that are Czech, and just as well English, German or Polish: half of a proof. */
const AMBIGUOUS = new Set(
  'to do on no my he me be by so love in ten most let man her list one an es er was mit die der ta jest jak za na'.split(
    ' ',
  ),
)

/** Spoken words that are in no dictionary and still no mistakes. */
const COLLOQUIAL = new Set('čus nazdárek jojo jj mlíko burger burgery smska smsku kámoš kámoška'.split(' '))

export function check(text: string, dictionary: Dictionary): Checked {
  const corrector = new Corrector(dictionary)
  const judged = wordsOf(text).map((word): Judged => ({ word, verdict: verdictOn(word, dictionary, corrector) }))
  const isCzech = looksCzech(judged)
  const settled = isCzech ? withSuggestions(judged, corrector) : judged
  return {
    words: judged.length,
    right: judged.filter(({ verdict }) => verdict === 'known' || verdict === 'left alone').length,
    isCzech,
    misspellings: isCzech ? settled.flatMap(misspellingOf) : [],
    unknown: settled.filter(({ verdict }) => verdict === 'unknown').map(({ word }) => word.text),
  }
}

function verdictOn(word: Word, dictionary: Dictionary, corrector: Corrector): Verdict {
  const { text, opens } = word
  if (/[^\p{Script=Latin}\p{M}'’]/u.test(text)) return 'unknown'
  if (isKnown(word, dictionary)) return 'known'
  if (isForeign(word)) return 'left alone'
  const lower = text.toLowerCase()
  if (text === lower) return corrector.correction(lower) ?? 'unknown'
  if (opens && isCapitalized(text)) return corrector.correction(lower) ?? 'left alone'
  return isCapitalized(text) || isShouted(text) ? (corrector.cautious(lower) ?? 'left alone') : 'left alone'
}

function isKnown({ text, next }: Word, { knows }: Dictionary): boolean {
  if (knows(text) || COLLOQUIAL.has(text.toLowerCase())) return true
  if (next === '.' && knows(`${text}.`)) return true
  return spokenForms(text).some(knows)
}

/** What the written language has for `dobrej`, `vokno` and `mlíko`. */
const spokenForms = (word: string): string[] =>
  [word.replace('ej', 'ý'), word.replace(/^vo/iu, 'o'), word.replace(/í(?!$)/u, 'é')].filter((it) => it !== word)

/** Titles, abbreviations, halves of compounds, and words with an apostrophe. */
const isForeign = ({ text, quoted, next }: Word): boolean =>
  quoted || text.length === 1 || /['’]/u.test(text) || (next === '-' && /o$/iu.test(text))

function looksCzech(judged: readonly Judged[]): boolean {
  const all = judged.map(proofOf)
  const proofs = all.filter((it) => it !== null)
  const sum = proofs.reduce((total, proof) => total + proof, 0)
  // A single word proves little, and names prove nothing, but there is no other language to see either.
  if (proofs.length <= 1) return sum > 0 || (proofs.length < all.length && judged.some(isKnownName))
  return sum >= proofs.length * CZECH_SHARE
}

const isKnownName = ({ word, verdict }: Judged): boolean => verdict === 'known' && isCapitalized(word.text)

/** Null for words that are the same in any language. */
function proofOf({ word: { text, opens }, verdict }: Judged): number | null {
  if (typeof verdict === 'object') return verdict.evidence
  if (verdict === 'left alone' || (isCapitalized(text) && !opens)) return null
  if (verdict === 'unknown') return 0
  return AMBIGUOUS.has(text.toLowerCase()) || text.length === 1 ? CZECH_SHARE : 1
}

/** Asks for suggestions for the first unknown words. */
function withSuggestions(judged: readonly Judged[], corrector: Corrector): readonly Judged[] {
  const asked = new Map<number, number>()
  let left = TEXT_SUGGESTIONS
  return judged.map(({ word, verdict }) => {
    const { length } = word.text
    const ofSentence = asked.get(word.sentence) ?? 0
    const isWorthIt = verdict === 'unknown' && length >= SUGGESTED_LENGTH.min && length <= SUGGESTED_LENGTH.max
    if (!isWorthIt || left === 0 || ofSentence === SENTENCE_SUGGESTIONS) return { word, verdict }
    left -= 1
    asked.set(word.sentence, ofSentence + 1)
    const corrected = corrector.suggestion(word.text)
    return { word, verdict: corrected === null ? verdict : { corrected, evidence: 0 } }
  })
}

const misspellingOf = ({ word: { text, start }, verdict }: Judged): Misspelling[] =>
  typeof verdict === 'object' ? [{ original: text, corrected: inCaseOf(text, verdict.corrected), start }] : []
