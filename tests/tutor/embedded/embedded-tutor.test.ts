import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { Lesson } from '../../../src/domain/lesson.ts'
import type { Answer, Tutor } from '../../../src/replies/tutor.ts'
import { EMBEDDED_SCORE_MAX } from '../../../src/tutor/embedded/answer.ts'
import { openEmbeddedTutor } from '../../../src/tutor/embedded/embedded-tutor.ts'
import { formalIn, informalIn } from '../prompts/address.ts'
import { misspelledSentences, rightSentences } from './learner-sentences.ts'
import { lessonOf, lessonsOf } from './lessons.ts'

const tutor = openEmbeddedTutor()
afterAll(() => tutor[Symbol.asyncDispose]())

const { signal } = new AbortController()

async function asked(lesson: Lesson, of: Tutor = tutor): Promise<Answer & { readonly pieces: readonly string[] }> {
  const pieces: string[] = []
  const [preparation] = of.prepare(lesson)
  if (preparation === undefined) throw new Error('There is no way to have the lesson answered.')
  const answer = await preparation.ask({ signal, onText: (piece) => pieces.push(piece) })
  return { ...answer, pieces }
}

const repliesTo = async (lessons: readonly Lesson[]) =>
  (await Promise.all(lessons.map((it) => asked(it)))).map((it) => it.reply)

describe('the embedded tutor', () => {
  test('has one way to answer a lesson, which costs nothing and is not kept', async () => {
    expect(tutor.status()).toBe('DISABLED')
    expect(tutor.prepare(lessonOf('Ahoj!')).map(({ fingerprint }) => fingerprint)).toEqual([null])
    expect(await asked(lessonOf('Ahoj!'))).toMatchObject({ usd: 0, tokens: null })
  })

  test('says what it is, corrects the spelling, explains and scores it', async () => {
    const { reply } = await asked(lessonOf('vcera jsem byl v praze'))
    expect(reply).toEqual({
      reply: expect.stringMatching(/opravil jsem 2 slova.*gramatiku.*\?$/iu),
      correctedText: 'včera jsem byl v Praze',
      mistakes: [
        { original: 'vcera', corrected: 'včera', explanation: 'Chybí ti tu háček (č).' },
        { original: 'praze', corrected: 'Praze', explanation: 'Je to jméno, piš ho s velkým písmenem.' },
      ],
      correctnessScore: 60,
      suggestion: expect.stringMatching(/.+/u),
      newWords: [],
      engine: 'EMBEDDED',
      model: null,
    })
  })

  test('speaks in the voice of the character', async () => {
    const { reply } = await asked(lessonOf('vcera jsem byl v praze', { character: 'NOVAKOVA' }))
    expect(reply.reply).toMatch(/opravila jsem 2 slova/iu)
    expect(reply.mistakes[0]?.explanation).toBe('Zde Vám chybí háček (č).')
  })

  test('streams the reply in pieces that together are the reply', async () => {
    for (const { written } of misspelledSentences.slice(0, 20)) {
      const { reply, pieces } = await asked(lessonOf(written))
      expect(pieces.length).toBeGreaterThan(1)
      expect(pieces.join('')).toBe(reply.reply)
    }
  })

  test('answers without anybody listening as well', async () => {
    const answer = await tutor.prepare(lessonOf('Ahoj!'))[0]?.ask({ signal })
    expect(answer?.reply.reply).toMatch(/\?$/u)
  })

  test('gives the same answer to the same lesson, and others to others', async () => {
    const texts = rightSentences.slice(0, 40)
    const [first, second] = [
      await repliesTo(texts.map((it) => lessonOf(it))),
      await repliesTo(texts.map((it) => lessonOf(it))),
    ]
    expect(second).toEqual(first)
    expect(new Set(first.map(({ reply }) => reply)).size).toBeGreaterThan(30)
  })

  test('names the corrections in the reply only when they are to be detailed', async () => {
    const of = async (correctionsLevel: Lesson['correctionsLevel']) =>
      (await asked(lessonOf('vcera jsem byl v praze', { correctionsLevel }))).reply.reply
    expect(await of('DETAILED')).toContain('„vcera“ → „včera“, „praze“ → „Praze“')
    expect(await of('BALANCED')).not.toContain('„vcera“')
    expect(await of('MINIMAL')).not.toContain('„vcera“')
  })

  test('asks nothing that it has asked before in the conversation', async () => {
    const first = (await asked(lessonOf('Mám hlad.'))).reply.reply
    const history = [
      { role: 'USER' as const, text: 'Mám hlad.' },
      { role: 'ASSISTANT' as const, text: first },
    ]
    const second = (await asked(lessonOf('Mám hlad.', { history }))).reply.reply
    expect(questionOf(second)).not.toBe(questionOf(first))
  })
})

const questionOf = (reply: string): string | undefined => reply.split(/(?<=[.!?]) /u).at(-1)

describe('in any of its ways to answer', () => {
  const texts = [
    ...misspelledSentences.slice(0, 6).map(({ written }) => written),
    ...rightSentences.slice(0, 6),
    'Ahoj, jak se máš?',
    'Děkuji a na shledanou!',
    'Hello, how are you?',
    'Mám doma xkr.',
    '👍 123',
  ]

  test('it ends with a question and never says that there are no mistakes', async () => {
    for (const reply of await repliesTo(texts.flatMap(lessonsOf))) {
      expect(reply.reply).toMatch(/\?$/u)
      expect(reply.reply).not.toMatch(/bez chyb|žádn\p{L}+ chyb|bezchybn/iu)
      expect(reply.correctnessScore).toBeLessThanOrEqual(EMBEDDED_SCORE_MAX)
    }
  })

  test('it keeps to the form of address of the character', async () => {
    for (const lesson of texts.flatMap(lessonsOf)) {
      const { reply, suggestion, mistakes } = (await asked(lesson)).reply
      // What is quoted is the learner's own.
      const said = [reply, suggestion, ...mistakes.map(({ explanation }) => explanation)]
        .join(' ')
        .replace(/„[^“]*“/gu, '')
      expect(lesson.character === 'HONZIK' ? formalIn(said) : informalIn(said)).toEqual([])
    }
  })

  test('it leaves a text alone in which it finds nothing', async () => {
    for (const text of rightSentences) {
      const { correctedText, mistakes, correctnessScore } = (await asked(lessonOf(text))).reply
      expect(correctedText).toBe(text)
      expect(mistakes).toEqual([])
      expect(correctnessScore).toBe(EMBEDDED_SCORE_MAX)
    }
  })

  test('it takes any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), async (text) => {
        const { reply, correctedText, correctnessScore, mistakes } = (await asked(lessonOf(text))).reply
        expect(reply).toMatch(/\?$/u)
        expect(Number.isInteger(correctnessScore)).toBe(true)
        expect(correctnessScore).toBeGreaterThanOrEqual(0)
        if (mistakes.length === 0) expect(correctedText).toBe(text)
      }),
    )
  })
})

describe('what it says when', () => {
  const said = async (text: string) => (await asked(lessonOf(text))).reply

  test('the text is not Czech: so, kindly, and corrects nothing', async () => {
    const { reply, mistakes, correctedText, suggestion } = await said('Hello, how are you?')
    expect(reply).toMatch(/češtin|česk/u)
    expect(suggestion).toMatch(/věto?u/u)
    expect(mistakes).toEqual([])
    expect(correctedText).toBe('Hello, how are you?')
  })

  test('there are no words: so', async () => {
    const { reply, correctnessScore } = await said('👍 123')
    expect(reply).toMatch(/slov/iu)
    expect(correctnessScore).toBe(0)
  })

  test('a word is in no dictionary: that it is left as it is', async () => {
    const { reply, mistakes, correctnessScore } = await said('Mám doma xkrltu.')
    expect(reply).toContain('Slovo „xkrltu“ ve slovníku nemám')
    expect(mistakes).toEqual([])
    expect(correctnessScore).toBe(66)
  })

  test.each([
    ['is greeted: a greeting', 'Ahoj! Mám hlad.', /^(?:Ahoj|Čau|Nazdar)/u],
    ['is thanked: that it was nothing', 'Moc děkuju.', /Není zač|Rádo se stalo|V pohodě/u],
    ['is asked how it is: how it is', 'Jak se máš?', /Mám se|Jde to/u],
    ['is asked anything else: that it cannot answer', 'Kde je nádraží?', /[Oo]dpov/u],
    [
      'the learner takes leave: goodbye, and when they will meet again',
      'Na shledanou!',
      /(?:Kdy|Napíšeš|Ozveš)[^?]+\?$/u,
    ],
    ['a topic is mentioned: a question about it', 'Mám ráda polévku.', /jíd.*(?:chutná|snídáš)\?$/iu],
  ])('it %s', async (_, text, expected) => {
    expect((await said(text)).reply).toMatch(expected)
  })
})

describe('without a dictionary', () => {
  test('it still answers, checks nothing and says so', async () => {
    await using without = openEmbeddedTutor({ dictionary: new URL('./nowhere/', import.meta.url) })
    for (const lesson of lessonsOf('Ahoj, vcera jsem byl v praze.').slice(0, 40)) {
      const { reply, correctedText, mistakes, correctnessScore } = (await asked(lesson, without)).reply
      expect(reply).toMatch(/slovník.*\?$/iu)
      expect(reply).toMatch(/ani gramatiku/u)
      expect(correctedText).toBe('Ahoj, vcera jsem byl v praze.')
      expect(mistakes).toEqual([])
      expect(correctnessScore).toBe(50)
    }
  })
})

describe('its thread', () => {
  test('starts after it has been opened, without being asked', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    let spawned = 0
    await using opened = openEmbeddedTutor({
      spawn: () => {
        spawned += 1
        resolve()
        return new Worker('', { eval: true })
      },
    })
    expect(opened.status()).toBe('DISABLED')
    expect(spawned).toBe(0)
    await promise
    expect(spawned).toBe(1)
  })

  test('never starts when it is closed at once', async () => {
    let spawned = 0
    const opened = openEmbeddedTutor({
      spawn: () => {
        spawned += 1
        return new Worker('', { eval: true })
      },
    })
    await opened[Symbol.asyncDispose]()
    await new Promise(setImmediate)
    expect(spawned).toBe(0)
  })

  test('is not waited for by a caller who has given up', async () => {
    const caller = new AbortController()
    const answer = tutor.prepare(lessonOf('Ahoj!'))[0]?.ask({ signal: caller.signal })
    caller.abort(new Error('enough'))
    await expect(answer).rejects.toThrow('enough')
  })

  test.each([
    ['closed', 'await tutor[Symbol.asyncDispose]()'],
    ['left open', ''],
  ])('keeps no process alive that has its answer, when it is %s', async (_, ending) => {
    const { href } = new URL('../../../src/tutor/embedded/embedded-tutor.ts', import.meta.url)
    const script = `
      const { openEmbeddedTutor } = await import(${JSON.stringify(href)})
      const tutor = openEmbeddedTutor()
      const lesson = ${JSON.stringify(lessonOf('vcera'))}
      const { reply } = await tutor.prepare(lesson)[0].ask({ signal: new AbortController().signal })
      process.stdout.write(reply.correctedText)
      ${ending}`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      timeout: 25_000,
    })
    expect(stdout).toBe('včera')
  })
})
