/** A letter without háček, čárka and kroužek. */
export const bare = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '')

/** What learners are sure of in a word: its letters without marks, with one i for both and one v. */
export const skeleton = (word: string): string => bare(word.toLowerCase()).replaceAll('y', 'i').replaceAll('w', 'v')

export const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** Single letters are not shouted: `A` begins a sentence. */
export const isShouted = (word: string): boolean =>
  word.length > 1 && word === word.toUpperCase() && word !== word.toLowerCase()

export const isCapitalized = (word: string): boolean => word !== '' && word === capitalized(word.toLowerCase())

/** A word in the case of another; capitals of its own stay, since names have them everywhere. */
export function inCaseOf(model: string, word: string): string {
  if (isShouted(model)) return word.toUpperCase()
  return model.charAt(0) === model.charAt(0).toLowerCase() ? word : capitalized(word)
}

export const differInLast = (one: string, other: string): boolean =>
  one.length === other.length && one.slice(0, -1) === other.slice(0, -1)

/**
 * How many letters must be put in, left out, replaced or swapped with their neighbour to make one word of the other.
 * @param most where to stop counting: more than that comes out as `most + 1`
 */
export function distance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1
  let before: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1]
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      next[column] = Math.min(
        (last[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        swapped && row > 1 && column > 1 ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    if (Math.min(...next) > most) return most + 1
    before = last
    last = next
  }
  return Math.min(last[other.length] ?? 0, most + 1)
}
