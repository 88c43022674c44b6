import { createChance } from '../world/chance.ts'

const SUBJECTS = ['Já', 'Moje sestra', 'Můj kamarád', 'Naše učitelka', 'Soused', 'Babička', 'Celá rodina', 'Můj šéf']
const WHEN = ['dnes', 'včera', 'zítra', 'každý den', 'v pondělí', 'o víkendu', 'ráno', 'večer', 'v létě', 'někdy']
const WHAT = [
  'jde do školy',
  'pije kávu',
  'čte knihu',
  'jede do Prahy',
  'vaří oběd',
  'pracuje v kanceláři',
  'hraje na kytaru',
  'volá rodičům',
  'učí se česky',
  'nakupuje na trhu',
]
const WHY = ['', ', protože musí', ', ale nechce', ' a je spokojená', ', i když prší', ' a potom odpočívá']

/** What learners get wrong most: they leave marks out. */
const careless = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '')

/**
 * Things that learners say: sentences from a few parts, one in three written without its marks. The same for the same
 * seed, each once, in an order that is nobody's.
 */
export function makePhrases(count: number, seed: number): readonly string[] {
  const chance = createChance(seed)
  const pick = (parts: readonly string[]): string => parts[Math.floor(chance() * parts.length)] ?? ''
  const phrases = new Set<string>()
  while (phrases.size < count) {
    const sentence = `${pick(SUBJECTS)} ${pick(WHEN)} ${pick(WHAT)}${pick(WHY)}.`
    phrases.add(chance() < 1 / 3 ? careless(sentence) : sentence)
  }
  return [...phrases]
}
