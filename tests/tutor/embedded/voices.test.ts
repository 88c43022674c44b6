import { describe, expect, test } from 'vitest'
import { honzik } from '../../../src/tutor/embedded/voices/honzik.ts'
import { novakova } from '../../../src/tutor/embedded/voices/novakova.ts'
import type { Voice } from '../../../src/tutor/embedded/voices/voice.ts'
import { formalIn, informalIn } from '../prompts/address.ts'

/** Every text below a value; what takes parameters says it with some. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'function') return [String(value('y', 'i'))]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

const questionsOf = (voice: Voice): string[] =>
  [voice.questions, voice.topicQuestions, voice.partingQuestions].flatMap(textsIn)

const findingsOf = ({ findings: { clean, corrected, unknown, notCzech, noWords, noDictionary } }: Voice): string[] =>
  [clean, corrected, unknown, notCzech, noWords, noDictionary].flatMap(textsIn)

describe.each([
  ['Honzík', honzik],
  ['paní Nováková', novakova],
])('%s', (_, voice) => {
  test('has eight questions for each level and eight openings for each style', () => {
    const lists = [...Object.values(voice.questions), ...Object.values(voice.openings)]
    expect(lists.map((lines) => lines.length)).toEqual([8, 8, 8, 8, 8, 8, 8])
  })

  test('says nothing twice', () => {
    const all = [voice.questions, voice.openings, voice.remarks, voice.findings, voice.suggestions].flatMap(textsIn)
    expect(all.length).toBeGreaterThan(100)
    expect(new Set(all).size).toBe(all.length)
  })

  test('ends every question with a question mark and every other sentence without', () => {
    const questions = questionsOf(voice)
    expect(questions.filter((line) => !/^\p{Lu}[^?]+\?$/u.test(line))).toEqual([])
    expect(findingsOf(voice).filter((line) => !/^\p{Lu}.*[^?][.!]$/u.test(line))).toEqual([])
  })

  test('asks nothing whose words depend on whether a man or a woman is asked', () => {
    const gendered = /(?<!\p{L})(?:rád|ráda|bys|byste) |(?<!\p{L})\p{L}+(?:l|la)(?: ses| sis| jsi| jste| bys)(?!\p{L})/u
    expect(questionsOf(voice).filter((line) => gendered.test(line))).toEqual([])
  })

  test('says with every finding about Czech that grammar was not looked at', () => {
    const { clean, corrected, unknown, noDictionary } = voice.findings
    for (const line of [clean, corrected, unknown, noDictionary].flatMap(textsIn)) expect(line).toMatch(/gramati/iu)
  })

  test('never claims that there are no mistakes', () => {
    expect(
      textsIn(voice).filter((line) => /bez chyb|žádn\p{L}+ chyb|bezchybn|(?<!\p{L})správně|výborně napsa/iu.test(line)),
    ).toEqual([])
  })
})

test('Honzík addresses nobody formally', () => {
  expect(textsIn(honzik).length).toBeGreaterThan(150)
  expect(textsIn(honzik).filter((line) => formalIn(line).length > 0)).toEqual([])
})

test('paní Nováková addresses nobody informally', () => {
  expect(textsIn(novakova).filter((line) => informalIn(line).length > 0)).toEqual([])
})

test('paní Nováková writes the pronouns of formal address with a capital', () => {
  expect(
    textsIn(novakova).filter((line) => /(?<!\p{L})(?:vy|vás|vám|vámi|váš|vaš\p{L}*)(?!\p{L})/u.test(line)),
  ).toEqual([])
})
