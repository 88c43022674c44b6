import type { Lesson } from '../../domain/lesson.ts'
import type { Mistake } from '../../domain/message.ts'
import type { TutorReply } from '../../domain/reply.ts'
import { explained, type SlipKind, slipOf } from './explanation.ts'
import { type Hints, hintsOf } from './hints.ts'
import { pick, pickOf } from './pick.ts'
import { type Checked, corrected } from './spelling/checked.ts'
import { honzik } from './voices/honzik.ts'
import { novakova } from './voices/novakova.ts'
import type { Lines, Questions, Voice } from './voices/voice.ts'

/** Spelling alone is never worth the marks that a text without mistakes gets. */
export const EMBEDDED_SCORE_MAX = 79
/** When nothing could be checked: neither praise nor blame. */
const UNCHECKED_SCORE = 50
/** Explained one by one; all are corrected. */
const MISTAKES_MAX = 50
/** Corrections that a detailed reply names. */
const CHANGES_MAX = 3

const VOICES: Readonly<Record<Lesson['character'], Voice>> = { HONZIK: honzik, NOVAKOVA: novakova }

/**
 * What a character says to a lesson of which only the spelling is known. The same lesson gets the same answer.
 * @param checked null: there is no dictionary
 */
export function answer(lesson: Lesson, checked: Checked | null): TutorReply {
  const { text, character, correctionsLevel } = lesson
  const voice = VOICES[character]
  const found = checked?.misspellings ?? []
  const correctedText = corrected(text, found)
  const mistakes = found.slice(0, MISTAKES_MAX).map(({ original, corrected }) => ({
    original,
    corrected,
    explanation: explained({ original, corrected }, voice.explanations, correctionsLevel),
  }))
  return {
    reply: reply({ lesson, voice, checked, mistakes, hints: hintsOf(correctedText) }),
    correctedText,
    mistakes,
    correctnessScore: scoreOf(checked),
    suggestion: suggestion(lesson, voice, checked, mistakes),
    newWords: [],
    engine: 'EMBEDDED',
    model: null,
  }
}

function scoreOf(checked: Checked | null): number {
  if (checked === null) return UNCHECKED_SCORE
  const { right, words } = checked
  return words === 0 ? 0 : Math.min(EMBEDDED_SCORE_MAX, Math.floor((right / words) * 100))
}

/** All that a reply is made of. */
interface Material {
  readonly lesson: Lesson
  readonly voice: Voice
  readonly checked: Checked | null
  readonly mistakes: readonly Mistake[]
  readonly hints: Hints
}

function reply(material: Material): string {
  const { lesson, voice, checked, hints } = material
  const isPlain = checked === null || (checked.isCzech && checked.words > 0)
  const noAnswer = isPlain && hints.asks && !hints.asksHowItIs ? [pick(voice.noAnswers, lesson.text)] : []
  return [...(isPlain ? reactions(material) : []), ...finding(material), ...noAnswer, question(material)].join(' ')
}

function reactions({ lesson: { text, conversationStyle }, voice, checked, hints }: Material): string[] {
  const { greets, thanks, takesLeave, asksHowItIs, topic } = hints
  const reactions = [
    ...(greets ? [pick(voice.greetings, text)] : []),
    ...(thanks ? [pick(voice.thanks, text)] : []),
    ...(takesLeave ? [pick(voice.farewells, text)] : []),
    ...(asksHowItIs ? [pick(voice.wellbeing, text)] : []),
    ...(topic !== null && !takesLeave ? [pick(voice.remarks[topic], text)] : []),
  ]
  if (reactions.length > 0) return reactions
  // Some openings promise a check.
  return [pick(voice.openings[checked === null ? 'FRIENDLY' : conversationStyle], text)]
}

/** What was found; says each time that only spelling was looked at. */
function finding({ lesson: { text, correctionsLevel }, voice: { findings }, checked, mistakes }: Material): string[] {
  if (checked === null) return [pick(findings.noDictionary, text)]
  if (checked.words === 0) return [pick(findings.noWords, text)]
  if (!checked.isCzech) return [pick(findings.notCzech, text)]
  const [unknown] = checked.unknown
  if (mistakes.length === 0) return [unknown === undefined ? pick(findings.clean, text) : findings.unknown(unknown)]
  const told = pickOf(findings.corrected, text)(wordsInCzech(checked.misspellings.length))
  const changes = mistakes.slice(0, CHANGES_MAX).map(({ original, corrected }) => `„${original}“ → „${corrected}“`)
  return correctionsLevel === 'DETAILED' ? [told, findings.changes(changes.join(', '))] : [told]
}

const plural = new Intl.PluralRules('cs')

function wordsInCzech(count: number): string {
  if (count === 1) return 'jedno slovo'
  return plural.select(count) === 'few' ? `${count} slova` : `${count} slov`
}

const isEasy = ({ level }: Lesson): boolean => level === 'BEGINNER' || level === 'INTERMEDIATE'

const forLevel = (lesson: Lesson, { easy, rich }: Questions): Lines => (isEasy(lesson) ? easy : rich)

/** One that has not been asked in this conversation, as long as there is one. */
function question({ lesson, voice, hints: { topic, takesLeave } }: Material): string {
  const wanted = takesLeave
    ? voice.partingQuestions
    : topic === null
      ? voice.questions[lesson.level]
      : forLevel(lesson, voice.topicQuestions[topic])
  const isNew = (it: string) => !lesson.history.some(({ role, text }) => role === 'ASSISTANT' && text.includes(it))
  const [first, ...others] =
    [wanted, voice.questions[lesson.level]].map((lines) => lines.filter(isNew)).find(({ length }) => length > 0) ??
    wanted
  return first === undefined ? wanted[0] : pick([first, ...others], lesson.text)
}

const MARK_SLIPS: readonly SlipKind[] = ['missing', 'otherMark', 'ring']

function suggestion(
  lesson: Lesson,
  { suggestions }: Voice,
  checked: Checked | null,
  mistakes: readonly Mistake[],
): string {
  const { text } = lesson
  if (checked === null) return pick(suggestions.unchecked, text)
  if (!checked.isCzech) return pick(suggestions.notCzech, text)
  if (mistakes.length === 0) return pick(forLevel(lesson, suggestions), text)
  const ofMarks = mistakes.filter((mistake) => MARK_SLIPS.includes(slipOf(mistake)))
  return pick(ofMarks.length * 2 >= mistakes.length ? suggestions.marks : suggestions.letters, text)
}
