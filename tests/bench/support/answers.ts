import type { Answer } from '../../../src/replies/tutor.ts'

/* What models answer, as long as they do. */

const MISTAKES = [
  {
    original: 'jsem jít',
    corrected: 'jsem šel',
    explanation: 'V minulém čase používáme příčestí minulé: já jsem šel, ty jsi šel. Infinitiv sem nepatří.',
  },
  {
    original: 's kamarád',
    corrected: 's kamarádem',
    explanation: 'Po předložce „s“ používáme sedmý pád: s kamarádem, s bratrem, s učitelem.',
  },
  {
    original: 'blízko náměstím',
    corrected: 'blízko náměstí',
    explanation: 'Předložka „blízko“ se pojí s druhým pádem: blízko náměstí, blízko domu.',
  },
]

const NEW_WORDS = [
  { czech: 'zmrzlina', translation: 'ice cream', example: 'V létě si dávám zmrzlinu každý den.' },
  { czech: 'procházka', translation: 'walk', example: 'Po obědě půjdeme na procházku.' },
  { czech: 'nábřeží', translation: 'embankment', example: 'Sedíme na nábřeží a díváme se na labutě.' },
]

/** An answer that corrects so many mistakes, at most three. */
export const answerOf = (mistakes: number): Answer => ({
  reply: {
    reply:
      'To zní skvěle! Já mám taky rád procházky po Praze, hlavně kolem Vltavy, když svítí sluníčko. Minulý týden jsem ' +
      'byl na Petříně a dal jsem si tam výbornou zmrzlinu. Kam chodíš nejraději, když máš volno?',
    correctedText: 'Včera jsem šel s kamarádem do kina a potom jsme jedli pizzu v restauraci blízko náměstí.',
    mistakes: MISTAKES.slice(0, mistakes),
    correctnessScore: 72,
    suggestion: 'Zkus příště říct víc o filmu: jak se jmenoval, kdo v něm hrál a co se ti na něm líbilo nejvíc.',
    newWords: NEW_WORDS,
    engine: 'OPENAI',
    model: 'gpt-4.1-mini',
  },
  tokens: { tokensIn: 1_204, tokensCached: 1_024, tokensOut: 411 },
  usd: 0.0009412,
})
