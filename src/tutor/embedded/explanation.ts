import type { Lesson } from '../../domain/lesson.ts'
import type { Mistake } from '../../domain/message.ts'
import { bare, skeleton } from './spelling/letters.ts'
import type { Explanations } from './voices/voice.ts'

type Pair = readonly [written: string, meant: string]

/** What is wrong with a word. */
type Slip =
  | { readonly kind: 'capital' | 'ring' | 'mne' | 'je' | 'doubled' | 'apart' | 'spelling' }
  | { readonly kind: 'missing'; readonly letters: readonly string[] }
  | { readonly kind: 'otherMark' | 'iOrY' | 'beginning'; readonly pair: Pair }

/** What a word's mistake is about: enough to say how to go on. */
export type SlipKind = Slip['kind']

const MARKS = [
  { letters: 'ěščřžďťň', one: 'háček', more: 'háčky', rule: 'Háček mění výslovnost.' },
  { letters: 'áéíóúý', one: 'čárka', more: 'čárky', rule: 'Čárka hlásku prodlužuje.' },
  { letters: 'ů', one: 'kroužek', more: 'kroužky', rule: 'Písmeno ů se čte dlouze jako ú.' },
]

/** Rules that hold whoever explains them; they address nobody. */
const RULES: Readonly<Partial<Record<SlipKind, string>>> = {
  capital: 'Jména lidí, měst a zemí mají na začátku velké písmeno.',
  iOrY: 'Obě písmena se čtou stejně, liší se jen v psaní.',
  mne: 'Obojí se čte stejně.',
  je: 'Po b, p a v se obojí čte stejně.',
  beginning: 'Obě předpony se snadno pletou.',
}

export const slipOf = ({ original, corrected }: Pick<Mistake, 'original' | 'corrected'>): SlipKind =>
  slip(original, corrected).kind

/** A short explanation in a character's own words, with a rule when it is to be detailed. */
export function explained(
  { original, corrected }: Pick<Mistake, 'original' | 'corrected'>,
  voice: Explanations,
  level: Lesson['correctionsLevel'],
): string {
  const found = slip(original, corrected)
  // A name with missing marks may lack its capital as well.
  const lacksCapital =
    found.kind !== 'capital' && original.charAt(0) !== corrected.charAt(0) && !isSameCase(original, corrected)
  const rule = level === 'DETAILED' ? ruleOf(found) : undefined
  return [wording(found, corrected, voice), lacksCapital ? voice.capital : undefined, rule].filter(Boolean).join(' ')
}

function ruleOf(found: Slip): string | undefined {
  if (found.kind !== 'missing') return RULES[found.kind]
  return MARKS.find(({ letters }) => found.letters.some((letter) => letters.includes(letter)))?.rule
}

function wording(found: Slip, corrected: string, voice: Explanations): string {
  switch (found.kind) {
    case 'capital':
    case 'ring':
      return voice[found.kind]
    case 'missing':
      return voice.missing(marksOn(found.letters))
    case 'otherMark':
    case 'iOrY':
    case 'beginning':
      return voice[found.kind](...found.pair)
    default:
      return voice[found.kind](corrected)
  }
}

function slip(original: string, corrected: string): Slip {
  const [written, meant] = [original.toLowerCase(), corrected.toLowerCase()]
  if (written === meant) return { kind: 'capital' }
  if (meant.includes(' ')) return { kind: 'apart' }
  if (bare(written) === bare(meant)) return slipOfMarks(pairsOf(written, meant))
  if (skeleton(written) === skeleton(meant)) return slipOfLetter(pairsOf(written, meant))
  return slipOfSound(written, meant)
}

/** Letters that differ, in words of the same length. */
const pairsOf = (written: string, meant: string): readonly Pair[] =>
  [...written].map((letter, index): Pair => [letter, meant[index] ?? '']).filter(([one, other]) => one !== other)

function slipOfMarks(pairs: readonly Pair[]): Slip {
  if (pairs.every(([written]) => bare(written) === written))
    return { kind: 'missing', letters: [...new Set(pairs.map(([, meant]) => meant))] }
  const [pair = ['', '']] = pairs.filter(([written]) => bare(written) !== written)
  if (pair.every((letter) => 'úů'.includes(letter))) return { kind: 'ring' }
  // Several at once have no simple explanation.
  return pairs.length > 1 ? { kind: 'spelling' } : { kind: 'otherMark', pair }
}

function slipOfLetter(pairs: readonly Pair[]): Slip {
  const [pair] = pairs.filter(([written, meant]) => bare(written) !== bare(meant))
  return pair === undefined ? { kind: 'spelling' } : { kind: 'iOrY', pair }
}

function slipOfSound(written: string, meant: string): Slip {
  const [one, other] = [skeleton(written), skeleton(meant)]
  if (areOneBy(one, other, (it) => it.replaceAll('mne', 'me'))) return { kind: 'mne' }
  if (areOneBy(one, other, (it) => it.replace(/([bpvmdtn])je/gu, '$1e'))) return { kind: 'je' }
  if (areOneBy(one, other, (it) => it.replace(/(.)\1/gu, '$1'))) return { kind: 'doubled' }
  const isPrefix = one.slice(1) === other.slice(1) && /^[sz]{2}$/u.test(one.charAt(0) + other.charAt(0))
  return isPrefix ? { kind: 'beginning', pair: [written.charAt(0), meant.charAt(0)] } : { kind: 'spelling' }
}

const areOneBy = (one: string, other: string, rule: (text: string) => string): boolean => rule(one) === rule(other)

const isSameCase = (one: string, other: string): boolean =>
  (one.charAt(0) === one.charAt(0).toLowerCase()) === (other.charAt(0) === other.charAt(0).toLowerCase())

/** Such as `háčky (š, ř) a čárka (í)`. */
function marksOn(letters: readonly string[]): string {
  const named = MARKS.map(({ letters: marked, one, more }) => {
    const found = letters.filter((letter) => marked.includes(letter))
    return found.length === 0 ? '' : `${found.length === 1 ? one : more} (${found.join(', ')})`
  }).filter((it) => it !== '')
  return named.length === 1 ? named.join() : `${named.slice(0, -1).join(', ')} a ${named.at(-1)}`
}
