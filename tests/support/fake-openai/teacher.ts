import { createHash } from 'node:crypto'

/** What the fake says to a message; the same each time. */
export interface FakeAnswer {
  readonly reply: string
  readonly correctedText: string
  readonly mistakes: readonly { readonly original: string; readonly corrected: string; readonly explanation: string }[]
  readonly correctnessScore: number
  readonly suggestion: string
  readonly newWords: readonly { readonly czech: string; readonly translation: string; readonly example: string }[]
}

/** Longer mistakes first: `v skola` is one, not only the `skola` in it. */
const KNOWN = [
  ['v skola', 've škole', 'Po „v“ je šestý pád; před „šk“ říkáme „ve“.'],
  ['do skola', 'do školy', 'Po „do“ je druhý pád.'],
  ['přítelkine', 'přítelkyně', 'Přípona je „-kyně“.'],
  ['vcera', 'včera', 'Chybí háček: „č“.'],
  ['dekuji', 'děkuji', 'Chybí háček: „ě“.'],
  ['skola', 'škola', 'Chybí háček: „š“.'],
  ['mam', 'mám', 'Chybí čárka: „á“.'],
  ['jsme', 'jsem', '„Já jsem“, ale „my jsme“.'],
] as const

const WORDS = [
  { czech: 'povídat si', translation: 'to chat', example: 'Rádi si spolu povídáme.' },
  { czech: 'zážitek', translation: 'experience', example: 'Byl to krásný zážitek.' },
  { czech: 'těšit se', translation: 'to look forward', example: 'Těším se na víkend.' },
] as const

const SUGGESTIONS = ['Zkus napsat, kdy to bylo.', 'Zkus to říct delší větou.', 'Zkus přidat, proč.'] as const

const PATTERN = new RegExp(`(?<!\\p{L})(?:${KNOWN.map(([wrong]) => wrong).join('|')})(?!\\p{L})`, 'giu')

/** Corrects a few mistakes that it knows, and asks back. */
export function answerTo(text: string): FakeAnswer {
  const mistakes: FakeAnswer['mistakes'][number][] = []
  const correctedText = text.replace(PATTERN, (original) => {
    const [, right, explanation] = KNOWN.find(([wrong]) => wrong === original.toLowerCase()) ?? ['', original, '']
    const corrected = startsBig(original) ? right.charAt(0).toUpperCase() + right.slice(1) : right
    mistakes.push({ original, corrected, explanation })
    return corrected
  })
  const chance = createHash('sha256').update(text).digest()
  return {
    reply: `Rozumím: „${text}“. A co ty?`,
    correctedText,
    mistakes,
    correctnessScore: Math.max(10, 100 - 15 * mistakes.length),
    suggestion: SUGGESTIONS[(chance[0] ?? 0) % SUGGESTIONS.length] ?? SUGGESTIONS[0],
    newWords: WORDS.slice(0, (chance[1] ?? 0) % (WORDS.length + 1)),
  }
}

const startsBig = (text: string): boolean => text.charAt(0) !== text.charAt(0).toLowerCase()
