import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseLanguage } from '../../../src/domain/language.ts'
import { type Lesson, normalized, type Turn } from '../../../src/domain/lesson.ts'
import { CHARACTERS, CONVERSATION_STYLES, CORRECTIONS_LEVELS } from '../../../src/domain/settings.ts'
import { LEVELS } from '../../../src/domain/user.ts'
import {
  type Decisive,
  decisive,
  fingerprintOf,
  type ModelRequest,
  requestFor,
} from '../../../src/tutor/openai/request.ts'
import { english, lessonOf, prompts } from './world.ts'

const of = (lesson: Lesson, model = 'big') => decisive(requestFor(model, lesson, prompts), 1, 'honzik')
const keyOf = (lesson: Lesson) => fingerprintOf(of(lesson))

const text = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    fc.constantFrom('Žluťoučký kůň', 'Ahoj, jak se máš?', 'škola'),
  )
  .map(normalized)
  .filter((it) => it !== '')
const turn: fc.Arbitrary<Turn> = fc.record({ role: fc.constantFrom('USER', 'ASSISTANT'), text })
const lesson: fc.Arbitrary<Lesson> = fc.record({
  text,
  history: fc.array(turn, { maxLength: 4 }),
  level: fc.constantFrom(...LEVELS),
  character: fc.constantFrom(...CHARACTERS),
  conversationStyle: fc.constantFrom(...CONVERSATION_STYLES),
  correctionsLevel: fc.constantFrom(...CORRECTIONS_LEVELS),
  nativeLanguage: fc.constantFrom('en', 'ru', 'uk', 'de').map((code) => parseLanguage('nativeLanguage', code)),
})

const otherThan = <Value>(values: readonly Value[], value: Value): Value[] => values.filter((it) => it !== value)

/** The lesson with one thing changed, once for each thing that can be. */
function flipped(it: Lesson): Lesson[] {
  const changedTurn = (index: number, change: Partial<Turn>) => ({
    ...it,
    history: it.history.map((turn, at) => (at === index ? { ...turn, ...change } : turn)),
  })
  return [
    { ...it, text: `${it.text}!` },
    ...otherThan([it.text.toUpperCase(), it.text.toLowerCase()].map(normalized), normalized(it.text)).map((text) => ({
      ...it,
      text,
    })),
    ...it.history.flatMap(({ role, text }, index) => [
      changedTurn(index, { text: `${text}!` }),
      changedTurn(index, { role: role === 'USER' ? 'ASSISTANT' : 'USER' }),
    ]),
    ...it.history.map((_, index) => ({ ...it, history: it.history.toSpliced(index, 1) })),
    { ...it, history: [...it.history, { role: 'USER' as const, text: 'Ano.' }] },
    ...otherThan(LEVELS, it.level).map((level) => ({ ...it, level })),
    ...otherThan(CHARACTERS, it.character).map((character) => ({ ...it, character })),
    ...otherThan(CONVERSATION_STYLES, it.conversationStyle).map((conversationStyle) => ({ ...it, conversationStyle })),
    ...otherThan(CORRECTIONS_LEVELS, it.correctionsLevel).map((correctionsLevel) => ({ ...it, correctionsLevel })),
    { ...it, nativeLanguage: parseLanguage('nativeLanguage', it.nativeLanguage === english ? 'fr' : 'en') },
  ]
}

const without = <Thing extends object>(thing: Thing, key: keyof Thing): Thing => {
  const { [key]: _, ...rest } = thing
  return rest as Thing
}

/** The same, with the keys of every object in the opposite order. */
function reordered<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(reordered) as Value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reordered(inner)]),
  ) as Value
}

describe('the fingerprint of a request', () => {
  test('is a SHA-256 in lower-case hexadecimal', () => {
    expect(keyOf(lessonOf())).toMatch(/^[0-9a-f]{64}$/)
  })

  test('changes with everything in a lesson that can change', () => {
    fc.assert(
      fc.property(lesson, (it) => {
        const key = keyOf(it)
        for (const other of flipped(it)) expect([other, keyOf(other)]).not.toEqual([other, key])
      }),
      { numRuns: 60 },
    )
  })

  test('changes with the order of what was said', () => {
    fc.assert(
      fc.property(lesson, turn, turn, (it, one, two) => {
        fc.pre(one.role !== two.role || one.text !== two.text)
        const there = { ...it, history: [one, two] }
        expect(keyOf({ ...it, history: [two, one] })).not.toBe(keyOf(there))
      }),
    )
  })

  test('changes with everything else that the answer depends on', () => {
    const all = of(lessonOf({ history: [{ role: 'ASSISTANT', text: 'Jak se máš?' }] }))
    const { request } = all
    const withRequest = (changes: Partial<ModelRequest>) => ({ ...all, request: { ...request, ...changes } })
    const others: Decisive[] = [
      withRequest({ model: 'small' }),
      withRequest({ max_completion_tokens: 1 }),
      withRequest({ temperature: 0 }),
      withRequest({ messages: request.messages.slice(1) }),
      ...Object.keys(request).map((key) => ({ ...all, request: without(request, key as keyof ModelRequest) })),
      { ...all, promptVersion: all.promptVersion + 1 },
      { ...all, schemaVersion: all.schemaVersion + 1 },
      { ...all, namespace: 'Honzik' },
    ]
    const keys = new Set([all, ...others].map(fingerprintOf))
    expect(keys.size).toBe(1 + others.length)
  })

  test('is the same for texts that read the same, however they are written', () => {
    const spaced = fc.constantFrom(' ', '\n', '\t ', ' \u00A0 ', '\r\n\r\n')
    fc.assert(
      fc.property(lesson, spaced, (it, space) => {
        const rewritten = (text: string) => `${space}${text.normalize('NFD').replaceAll(' ', space)}${space}`
        const history = it.history.map(({ role, text }) => ({ role, text: rewritten(text) }))
        expect(keyOf({ ...it, text: rewritten(it.text), history })).toBe(keyOf(it))
      }),
    )
  })

  test('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(lesson, (it) => {
        expect(JSON.stringify(reordered(of(it)))).not.toBe(JSON.stringify(of(it)))
        expect(fingerprintOf(reordered(of(it)))).toBe(fingerprintOf(of(it)))
      }),
    )
  })

  test('exists for texts with half a character in them, which cannot be sent', () => {
    expect(keyOf(lessonOf({ text: 'Ahoj \ud83d!' }))).toBe(keyOf(lessonOf({ text: 'Ahoj \ufffd!' })))
  })
})
