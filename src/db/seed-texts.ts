/** What made-up learners are called, speak and say. */

export const FIRST_NAMES = [
  'Ada',
  'Boris',
  'Chiara',
  'Dmytro',
  'Elif',
  'Finn',
  'Giulia',
  'Hanna',
  'Ivan',
  'Jade',
  'Kofi',
  'Linh',
]

export const LANGUAGES = ['en', 'uk', 'it', 'ru', 'tr', 'de', 'vi', 'fr', 'es', 'pl']

/** Mostly where learners of Czech live, and the edges of the calendar. */
export const ZONES = [
  'Europe/Prague',
  'Europe/Prague',
  'Europe/Kyiv',
  'Europe/Rome',
  'Asia/Ho_Chi_Minh',
  'America/New_York',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
]

interface Exchange {
  readonly text: string
  readonly corrected: string
  readonly score: number
  readonly words: number
  /** Words with a mistake. */
  readonly wrong: number
  readonly mistakes: readonly { original: string; corrected: string; explanation: string }[]
  readonly reply: string
  readonly replyWords: number
}

export const EXCHANGES: readonly Exchange[] = [
  exchange('Dobrý den, jmenuju se Ada a učím se česky.', [], 'To je skvělé! Jak dlouho už se učíš?'),
  exchange(
    'Včera jsem byl v kině s přítelkine.',
    [['přítelkine', 'přítelkyní', 'Po předložce „s“ je sedmý pád: s přítelkyní.']],
    'A jaký film jste viděli?',
  ),
  exchange(
    'Mám rád českou pivo.',
    [['českou', 'české', 'Slovo „pivo“ je středního rodu: české pivo.']],
    'Na zdraví! Máš raději světlé, nebo tmavé?',
  ),
  exchange(
    'Zítra pojedu do Praze.',
    [['Praze', 'Prahy', 'Po předložce „do“ je druhý pád: do Prahy.']],
    'Paráda! Co všechno chceš v Praze vidět?',
  ),
  exchange('Ráno piju kávu a čtu noviny.', [], 'To zní příjemně. Jaké noviny čteš?'),
  exchange(
    'Moje bratr bydlí v Brně.',
    [['Moje', 'Můj', 'Slovo „bratr“ je mužského rodu: můj bratr.']],
    'A často ho v Brně navštěvuješ?',
  ),
  exchange(
    'Chtel bych si objednat polévku.',
    [['Chtel', 'Chtěl', 'Píšeme háček: chtěl.']],
    'Výborně! A co si dáš jako hlavní jídlo?',
  ),
]

function exchange(text: string, mistakes: readonly (readonly [string, string, string])[], reply: string): Exchange {
  const words = text.split(' ').length
  return {
    text,
    corrected: mistakes.reduce((corrected, [wrong, right]) => corrected.replace(wrong, right), text),
    score: Math.round((100 * (words - mistakes.length)) / words),
    words,
    wrong: mistakes.length,
    mistakes: mistakes.map(([original, corrected, explanation]) => ({ original, corrected, explanation })),
    reply,
    replyWords: reply.split(' ').length,
  }
}
