import { bare } from './letters.ts'

/** Letters that differ in their marks. */
const MARKED: Readonly<Record<string, string>> = {
  ...{ a: 'á', á: 'a', c: 'č', č: 'c', d: 'ď', ď: 'd', e: 'ěé', é: 'eě', ě: 'eé', i: 'í', í: 'i', n: 'ň', ň: 'n' },
  ...{
    ó: 'o',
    r: 'ř',
    ř: 'r',
    s: 'š',
    š: 's',
    t: 'ť',
    ť: 't',
    u: 'ůú',
    ú: 'ůu',
    ů: 'uú',
    y: 'ý',
    ý: 'y',
    z: 'ž',
    ž: 'z',
  },
}
/** Letters that sound the same, and the rare ó. */
const SOUNDING: Readonly<Record<string, string>> = { i: 'y', í: 'ý', y: 'i', ý: 'í', o: 'ó' }
/** Letters that sound almost the same. */
const ALIKE: Readonly<Record<string, string>> = { i: 'ý', í: 'y', y: 'í', ý: 'i' }

/** Taking i for y is a mistake of another kind than leaving a mark out, and rarer. */
const [MARK, LETTER] = [1, 2]

/**
 * Endings whose marks are left out together. They cost nothing: long words would be out of reach otherwise, and forms
 * that nobody uses, such as `smaženy`, would be nearer than `smažený`.
 */
const ENDINGS: readonly (readonly [written: string, meant: readonly string[]])[] = [
  ['eny', ['ený']],
  ['any', ['aný']],
  ['ani', ['ání', 'aní']],
  ['eni', ['ení']],
  ['ejsi', ['ější', 'ejší']],
  ['ejsim', ['ějším', 'ejším']],
  ['ejsich', ['ějších', 'ejších']],
  ['ejsiho', ['ějšího', 'ejšího']],
  ['ejsimi', ['ějšími', 'ejšími']],
]

/** ů begins no word, ě and y stand after few letters, and letters that are soft already get no háček. */
const IMPOSSIBLE = /^ů|(?:^|[^bpvfmdtn])ě|[ďťň][eéěií]|[čďjňřšťž][yý]|[áéíóúůý]{2}/u

/** Whether a word may be Czech, as far as two letters in a row tell: what is not need not be looked up. */
export const isPossible = (word: string): boolean => !IMPOSSIBLE.test(word)

/** What a piece of a word may have been meant to be, and how unlikely that is; first, at no cost, what it is. */
type Piece = readonly (readonly [letters: string, cost: number])[]

const options = (letters: string | undefined, cost: number): Piece => [...(letters ?? '')].map((it) => [it, cost])

const pieceOf = (letter: string): Piece => [
  [letter, 0],
  ...options(MARKED[letter], MARK),
  ...options(SOUNDING[letter], LETTER),
  ...options(ALIKE[letter], LETTER + MARK),
]

/** Without what its neighbours rule out, whatever marks they get. */
const pieceAt = (letters: readonly string[], index: number): Piece => {
  const [before, after] = [bare(letters[index - 1] ?? ''), bare(letters[index + 1] ?? '')]
  const piece = pieceOf(letters[index] ?? '').filter(
    ([meant, cost]) => cost === 0 || isPossible(before + meant + after),
  )
  // An ě at the end is another case of the word, not another spelling of its e.
  return letters[index] === 'ě' && after === '' ? piece.slice(0, 1) : piece
}

function piecesOf(word: string): readonly Piece[] {
  const ending = ENDINGS.find(([written]) => word.endsWith(written))
  const letters = [...word]
  if (ending === undefined) return letters.map((_, index) => pieceAt(letters, index))
  const [written, meant] = ending
  return [
    ...letters.slice(0, -written.length).map((_, index) => pieceAt(letters, index)),
    [...meant, written].map((it) => [it, 0] as const),
  ]
}

/** The most that can be spent on the pieces from each index on. */
function roomFrom(pieces: readonly Piece[]): readonly number[] {
  const room = [0]
  for (const piece of pieces.toReversed()) room.unshift((room[0] ?? 0) + Math.max(...piece.map(([, cost]) => cost)))
  return room
}

/**
 * What a word in lower case may have been meant to be, if its letters are right but for marks and i or y: all variants
 * of exactly one cost. A mark left out, put in or replaced costs 1, i for y 2.
 */
export function* variantsOf(word: string, cost: number): Generator<string> {
  const pieces = piecesOf(word)
  const room = roomFrom(pieces)
  function* spending(index: number, left: number, head: string): Generator<string> {
    const piece = pieces[index]
    if (left > (room[index] ?? 0)) return
    if (piece === undefined) yield head
    else
      for (const [letters, price] of piece) if (price <= left) yield* spending(index + 1, left - price, head + letters)
  }
  yield* spending(0, cost, '')
}

/** What {@link variantsOf} would charge for making one word the other; infinite when it never would. */
export function costOf(word: string, variant: string): number {
  if (word.length !== variant.length) return Number.POSITIVE_INFINITY
  const price = (letter: string, index: number) =>
    pieceOf(letter).find(([meant]) => meant === variant[index])?.[1] ?? Number.POSITIVE_INFINITY
  return [...word].reduce((sum, letter, index) => sum + price(letter, index), 0)
}
