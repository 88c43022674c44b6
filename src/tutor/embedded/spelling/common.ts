import { COMMON_WORDS } from './common-words.ts'
import { bare, differInLast, distance, skeleton } from './letters.ts'

const rank = new Map(COMMON_WORDS.map((word, index) => [word, index]))

/** The smaller, the commoner; infinite for what is not common. */
export const rankOf = (word: string): number => rank.get(word) ?? Number.POSITIVE_INFINITY

export const isCommon = (word: string): boolean => rank.has(word)

const bySkeleton = Map.groupBy(COMMON_WORDS, skeleton)

const byBareLetters = Map.groupBy(COMMON_WORDS, (word) => bare(word.toLowerCase()))

/** Common words that differ from this one in marks, in capitals and in i or y at most; likelier ones first. */
export const commonLike = (word: string): readonly string[] => bySkeleton.get(skeleton(word)) ?? []

/** Common words that differ from this one in marks and capitals at most; likelier ones first. */
export const commonWithMarks = (word: string): readonly string[] => byBareLetters.get(bare(word.toLowerCase())) ?? []

/** Words with fewer letters are one letter away from too many others. */
const NEIGHBOUR_LENGTH_MIN = 4

/**
 * Every skeleton and what is left of it without any one letter: two words that are one letter apart share one of them,
 * so that neighbours are found without comparing a word with all.
 */
const withOneLess = (text: string): string[] => [
  text,
  ...Array.from(text, (_, index) => text.slice(0, index) + text.slice(index + 1)),
]

const neighbourhood = new Map<string, string[]>()
for (const word of COMMON_WORDS.filter(({ length }) => length >= NEIGHBOUR_LENGTH_MIN))
  for (const key of withOneLess(skeleton(word))) {
    const words = neighbourhood.get(key)
    if (words === undefined) neighbourhood.set(key, [word])
    else words.push(word)
  }

/** In shorter words, another letter makes another word too easily; one that is missing or doubled does not. */
const REPLACED_LENGTH_MIN = 6

/**
 * Common words whose letters, marks aside, differ in one from those of this word; the likeliest first. Another last
 * letter is another form of the word more often than a slip.
 */
export function commonNeighbours(word: string): readonly string[] {
  const own = skeleton(word)
  if (own.length < NEIGHBOUR_LENGTH_MIN) return []
  const found = new Set(withOneLess(own).flatMap((key) => neighbourhood.get(key) ?? []))
  return [...found]
    .filter((it) => isSlip(own, skeleton(it)) && distance(own, skeleton(it), 1) <= 1 && keepsMarks(word, it))
    .sort((one, other) => rankOf(one) - rankOf(other))
}

const isSlip = (own: string, other: string): boolean =>
  !differInLast(own, other) &&
  (own.length !== other.length || own.length >= REPLACED_LENGTH_MIN || areSameLetters(own, other))

/** Whoever sets marks means those that are there. */
const keepsMarks = (word: string, meant: string): boolean => bare(word) === word || distance(word, meant, 1) <= 1

const areSameLetters = (one: string, other: string): boolean => [...one].sort().join('') === [...other].sort().join('')
