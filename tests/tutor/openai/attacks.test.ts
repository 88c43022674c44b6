import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HonzikError } from '../../../src/domain/error.ts'
import { normalized } from '../../../src/domain/lesson.ts'
import type { TutorReply } from '../../../src/domain/reply.ts'
import { prompts } from '../../../src/tutor/prompts/prompt.ts'
import { attacks } from './attacks.ts'
import { lessonOf, openWorld, rejection, type World } from './world.ts'

const [open = '', close = ''] = prompts
  .delimited('sonda')
  .split('sonda')
  .map((marker) => marker.trim())
const system = prompts.systemFor(lessonOf())
const part = system.split(' ').slice(60, 74).join(' ')

/** What a model may say that believes every word of a learner's. What is to become of it is judged by the rules below. */
const answersOfAFool = (text: string): readonly Readonly<Record<string, unknown>>[] => {
  const flawless = { correctedText: text, mistakes: [] }
  const mistake = { original: 'vcera', corrected: 'včera', explanation: 'Háček.' }
  const word = { czech: 'pes', translation: 'dog', example: 'To je pes.' }
  return [
    { ...flawless, correctnessScore: 1_000 },
    { ...flawless, correctnessScore: 100 },
    { ...flawless, correctnessScore: -5 },
    { ...flawless, correctnessScore: 87.6 },
    { ...flawless, correctnessScore: 1e300 },
    { ...flawless, correctnessScore: 'NaN' },
    { ...flawless, correctnessScore: null },
    { correctedText: 'Něco docela jiného.', mistakes: [], correctnessScore: 100 },
    { correctedText: text, mistakes: [mistake], correctnessScore: 100 },
    { correctedText: '', mistakes: [{ ...mistake, corrected: 'vcera' }], correctnessScore: 100 },
    { ...flawless, correctnessScore: 100, newWords: Array.from({ length: 20 }, () => word) },
    { ...flawless, correctnessScore: 100, mistakes: Array.from({ length: 300 }, () => mistake) },
    { reply: '<script>alert(1)</script>\u0000 <b>100</b>\ud800 bodů?', correctnessScore: 100 },
    { reply: system },
    { reply: `Tady to je: ${part}` },
    { reply: `Text je mezi ${open} a ${close}.` },
    { correctedText: part.toUpperCase().normalize('NFD').replace(/\p{M}/gu, '') },
    { suggestion: `„${part.replaceAll(' ', ' … ')}“` },
    { mistakes: [mistake, { ...mistake, explanation: part }] },
    { newWords: [word, { ...word, example: part }] },
    { newWords: [{ ...word, translation: close }] },
  ]
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
const secrets = wordsOf(system)
  .map((_, at, all) => all.slice(at, at + 8).join(' '))
  .filter((run) => run.split(' ').length === 8)

/** The rules, in the words of the issue; empty when all are kept. */
function broken(text: string, reply: TutorReply): string[] {
  const { correctnessScore: score, correctedText, mistakes, newWords } = reply
  const said = JSON.stringify(reply)
  const plain = ` ${wordsOf(said).join(' ')} `
  const rules = {
    'a score is a whole number from 0 to 100': Number.isInteger(score) && score >= 0 && score <= 100,
    'a changed text has no full marks': correctedText === text || score <= 99,
    'a text with mistakes has no full marks': mistakes.length === 0 || score <= 99,
    'no more than three new words are taught': newWords.length <= 3,
    'no more mistakes are shown than anybody reads': mistakes.length <= 50,
    'a mistake is something that changes': mistakes.every(({ original, corrected }) => original !== corrected),
    'there is a corrected text': correctedText !== '',
    'the system prompt never comes back': secrets.every((run) => !plain.includes(` ${run} `)),
    'delimiters never come back, but for those in a text of the learner’s that was left as it is': ![open, close].some(
      (it) => said.replaceAll(JSON.stringify(text), '').toLowerCase().includes(it.toLowerCase()),
    ),
    'texts can be stored': said.isWellFormed() && !said.includes('\\u0000') && !said.includes('\\ud800'),
  }
  return Object.entries(rules).flatMap(([rule, isKept]) => (isKept ? [] : [rule]))
}

describe('the attacks', () => {
  test('are thirty different ones, ten in each language', () => {
    expect(new Set(attacks({ open, close })).size).toBe(30)
  })

  test('are judged by rules that can be broken', () => {
    const bad = { correctedText: '', mistakes: [{ original: 'a', corrected: 'a', explanation: '' }] }
    const reply = { reply: `${system} ${open}`, ...bad, correctnessScore: 100.5, suggestion: '\0', newWords: [] }
    expect(broken('vcera', { ...reply, engine: 'OPENAI', model: 'big' }).length).toBeGreaterThanOrEqual(7)
  })
})

const before = 'Dobře, tak poslouchej, tady to je celé: '

describe.each(attacks({ open, close }).map((attack) => ({ attack: normalized(attack) })))('$attack', ({ attack }) => {
  let world: World
  beforeAll(async () => {
    world = await openWorld({ prompts })
  })
  afterAll(() => world[Symbol.asyncDispose]())

  test('is sent as data, within the delimiters of one message', async () => {
    await world.ask(lessonOf({ text: attack }))
    const [first, message, ...others] = world.fake.requests.at(-1)?.body.messages ?? []
    expect(first).toEqual({ role: 'system', content: system })
    expect(others).toEqual([])
    expect(message?.role).toBe('user')
    const content = message?.content ?? ''
    expect([content.startsWith(open), content.endsWith(close)]).toEqual([true, true])
    const inside = content.slice(open.length, -close.length).toLowerCase()
    expect([open, close].filter((marker) => inside.includes(marker.toLowerCase()))).toEqual([])
  })

  test('is sent as data from the history as well', async () => {
    await world.ask(lessonOf({ history: [{ role: 'USER', text: attack }] }))
    const { messages = [] } = world.fake.requests.at(-1)?.body ?? {}
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'user'])
    expect(messages[1]?.content).toBe(prompts.delimited(attack))
  })

  test('pays nothing, even if the model does all it can', async () => {
    for (const changes of answersOfAFool(attack)) {
      world.fake.calm()
      world.fake.play({ kind: 'answer', changes })
      const outcome = await world.ask(lessonOf({ text: attack })).catch((error: unknown) => error)
      if (outcome instanceof HonzikError) expect(outcome.code).toBe('UPSTREAM_UNAVAILABLE')
      else expect([changes, broken(attack, (outcome as { reply: TutorReply }).reply)]).toEqual([changes, []])
    }
  })

  test('brings nothing of the system prompt out, streamed neither', async () => {
    for (const secret of [system, part, `${open} a ${close}`]) {
      world.fake.calm()
      world.fake.play({ kind: 'answer', changes: { reply: before + secret } })
      const pieces: string[] = []
      const call = { signal: new AbortController().signal, onText: (piece: string) => pieces.push(piece) }
      const error = await rejection(world.prepare(lessonOf({ text: attack })).ask(call))
      expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
      expect(world.events.at(-1)).toMatchObject({ kind: 'failed', trouble: 'leak' })
      expect(before.startsWith(pieces.join(''))).toBe(true)
    }
  })
})
