import { commonLike, commonNeighbours, commonWithMarks, isCommon, rankOf } from './common.ts'
import type { Dictionary } from './dictionary.ts'
import { fixedOf } from './fixed.ts'
import { bare, capitalized, differInLast, distance, isCapitalized, skeleton } from './letters.ts'
import { rewritten } from './rewrites.ts'
import { costOf, isPossible, variantsOf } from './variants.ts'

/** What a word should have been, and how far finding it says that the text is Czech: 0 to 1. */
export interface Correction {
  readonly corrected: string
  readonly evidence: number
}

/** Short words become Czech ones too easily, and so does anything by a guess, unless it has Czech letters. */
const EVIDENCE = { sure: 1, half: 0.5, guess: 0.25 }
const SHORT = 3
const CZECH_LETTERS = /[ěřů]/u

/** Candidates that may be tried for one word, and for all words of a text together; each takes some 10 µs. */
const WORD_CANDIDATES = 400
const TEXT_CANDIDATES = 8_000
/** Letters; Czech has longer words, but nobody misspells them. */
const LENGTH_MAX = 25
const COST_MAX = 5
/** Costs of variants of a word with a sound written as another. */
const REWRITTEN_COST_MAX = 2
/** Letters by which a suggestion that is a common word may differ, and letters from which on others may in one. */
const COMMON_DISTANCE_MAX = 2
const LONG = 6

/**
 * Corrects the words of one text, as long as its candidates last: counted and not timed, so that the same text always
 * gets the same answer.
 */
export class Corrector {
  readonly #dictionary: Dictionary
  #left = TEXT_CANDIDATES
  #leftOfWord = 0

  constructor(dictionary: Dictionary) {
    this.#dictionary = dictionary
  }

  /**
   * What a word that the dictionary does not know was meant to be; null when that is anybody's guess.
   * @param word in lower case
   */
  correction(word: string): Correction | null {
    if (word.length > LENGTH_MAX) return null
    this.#leftOfWord = WORD_CANDIDATES
    const common = fixedOf(word) ?? this.#withCommon(word)
    if (common !== null) return { corrected: common, evidence: word.length > SHORT ? EVIDENCE.sure : EVIDENCE.half }
    const guess = this.#guess(word)
    return guess === null ? null : { corrected: guess, evidence: evidenceOf(word, guess) }
  }

  /** The same for names and for words in capitals: marks only, and only if it becomes a very common word. */
  cautious(word: string): Correction | null {
    const [corrected] = commonWithMarks(word)
    return corrected === undefined ? null : { corrected, evidence: EVIDENCE.half }
  }

  /** What the dictionary suggests, if it is near and there is no choice. Slow, see {@link Dictionary}. */
  suggestion(word: string): string | null {
    const near = this.#dictionary.suggestions(word).filter((it) => isNear(word, it))
    const [best = null, second] = near.sort((one, other) => rankOf(one) - rankOf(other))
    return best !== null && (second === undefined || isCommon(best)) ? best : null
  }

  /** From what learners do most to what they do least. */
  #guess(word: string): string | null {
    // Whoever sets marks has rather misheard a sound, or left out a capital, than left out one of the marks.
    const marked = bare(word) === word ? null : (this.#first(rewritten(word)) ?? this.#named(word))
    return (
      this.#heardCommon(word) ??
      marked ??
      this.#variant(word, 0, 1) ??
      this.#named(word) ??
      this.#variant(word, 2, 3) ??
      commonNeighbours(word)[0] ??
      this.#first(rewritten(word)) ??
      this.#farther(word)
    )
  }

  /** A common word, unless the dictionary has one that is clearly closer. */
  #withCommon(word: string): string | null {
    const priced = commonLike(word)
      .map((common) => ({ common, cost: costOf(word, common.toLowerCase()) + (isCapitalized(common) ? 1 : 0) }))
      .sort((one, other) => one.cost - other.cost)
    const [best] = priced
    if (best === undefined) return null
    const isOnlyUnmarked = bare(best.common.toLowerCase()) === word
    return (isOnlyUnmarked ? null : this.#variant(word, 1, best.cost - 2)) ?? best.common
  }

  /** The word as a name. */
  #named(word: string): string | null {
    return this.#first([capitalized(word)])
  }

  /** The cheapest variant that the dictionary knows; of several, a common one. */
  #variant(word: string, least: number, most: number): string | null {
    for (let cost = least; cost <= Math.min(most, COST_MAX); cost += 1) {
      const [best] = [...this.#known(variantsOf(word, cost))].sort((one, other) => rankOf(one) - rankOf(other))
      if (best !== undefined) return best
    }
    return null
  }

  /** A common word, if one sound of it was written as another. */
  #heardCommon(word: string): string | null {
    const meant = rewritten(word).flatMap(commonLike)
    return meant.sort((one, other) => rankOf(one) - rankOf(other))[0] ?? null
  }

  #farther(word: string): string | null {
    for (let cost = 1; cost <= REWRITTEN_COST_MAX; cost += 1) {
      const heard = this.#first(
        rewritten(word)
          .values()
          .flatMap((meant) => variantsOf(meant, cost)),
      )
      const found = heard ?? this.#first(variantsOf(word, cost).map(capitalized))
      if (found !== null) return found
    }
    return this.#variant(word, 4, COST_MAX)
  }

  #first(words: Iterable<string>): string | null {
    for (const known of this.#known(words)) return known
    return null
  }

  *#known(words: Iterable<string>): Generator<string> {
    for (const word of words) {
      if (this.#leftOfWord === 0 || this.#left === 0) return
      this.#leftOfWord -= 1
      this.#left -= 1
      if (isPossible(word.toLowerCase()) && this.#dictionary.knows(word) && !isRude(word)) yield word
    }
  }
}

function evidenceOf(word: string, guess: string): number {
  if (CZECH_LETTERS.test(word)) return EVIDENCE.sure
  return word.length >= LONG && isCommon(guess) ? EVIDENCE.half : EVIDENCE.guess
}

/**
 * Whether a suggestion is no more than a slip away: half of all are wrong, and an invented correction is worse than
 * none. Common words may be farther.
 */
function isNear(word: string, suggested: string): boolean {
  const [own, other] = [skeleton(word), skeleton(suggested)]
  if (!/^\p{L}+$/u.test(suggested) || isRude(suggested) || differInLast(own, other)) return false
  const most = isCommon(suggested) ? COMMON_DISTANCE_MAX : word.length < LONG ? 0 : 1
  return distance(own, other, most) <= most
}

/** Words that no teacher puts into anybody's mouth. */
const isRude = (word: string): boolean =>
  /^(?:ne|na|za|vy|po)?(?:penis|kund|pič|kurv|prdel|hovn|hoven|šuk|mrd|čurá|sra[lčt]|srá[nt])/iu.test(word)
