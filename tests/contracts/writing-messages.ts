import { expect, test } from 'vitest'
import type { AnsweredMessage, Transaction } from '../../src/commands/unit-of-work.ts'
import { toTimestamp } from '../../src/domain/calendar.ts'
import { messageIdFromRow, type UserId } from '../../src/domain/ids.ts'
import type { TutorReply } from '../../src/domain/reply.ts'
import { NOW } from '../support/test-app.ts'
import { NOBODY, type Suite } from './suite.ts'

const reply: TutorReply = {
  reply: 'To zní dobře. Co jsi dělal potom?',
  correctedText: 'Včera jsem byl ve škole.',
  mistakes: [{ original: 'v skole', corrected: 've škole', explanation: 'Před „šk“ říkáme „ve“.' }],
  correctnessScore: 62,
  suggestion: 'Zkus říct, co tě bavilo.',
  newWords: [{ czech: 'škola', translation: 'school', example: 'Škola začíná v osm.' }],
  engine: 'OPENAI',
  model: 'a-model',
}
const answered: AnsweredMessage = { reply, starsEarned: 3, at: NOW.add({ seconds: 2 }) }
const said = { text: 'Včera jsem byl v skole.', at: NOW }

export function describeConversations(suite: Suite): void {
  const alone = <T>(id: UserId, work: (messages: Transaction['messages']) => Promise<T>) =>
    suite.run(async ({ practice, messages }) => {
      await practice.begin(id)
      return work(messages)
    })
  const exchange = (id: UserId) => alone(id, (messages) => messages.exchange(id, said, answered))
  const read = async (userId: UserId) => (await suite.readers.messages([{ userId, after: null, limit: 9 }]))[0]

  test('keep a message with its answer, newest first', async () => {
    const { id } = await suite.newLearner()
    const kept = await exchange(id)
    expect(kept).toMatchObject({ reply, starsEarned: 3 })
    expect(kept.question).toStrictEqual({
      id: kept.question.id,
      userId: id,
      role: 'USER',
      text: said.text,
      correctedText: reply.correctedText,
      correctnessScore: 62,
      mistakes: reply.mistakes,
      wordsTotal: 5,
      wordsCorrect: 3,
      createdAt: toTimestamp(NOW),
      answered: true,
    })
    expect(kept.answer).toStrictEqual({
      id: kept.answer.id,
      userId: id,
      role: 'ASSISTANT',
      text: reply.reply,
      correctedText: null,
      correctnessScore: null,
      mistakes: [],
      wordsTotal: 7,
      wordsCorrect: 7,
      createdAt: toTimestamp(answered.at),
      answered: true,
    })
    expect(await read(id)).toStrictEqual([kept.answer, kept.question])
  })

  test('keep a message without an answer, until it has one', async () => {
    const { id } = await suite.newLearner()
    const kept = await alone(id, (messages) => messages.keep(id, said))
    expect(kept).toMatchObject({ role: 'USER', text: said.text, answered: false, correctedText: null, wordsTotal: 5 })
    expect(await read(id)).toStrictEqual([kept])
    expect(await suite.run(({ messages }) => messages.find(kept.id))).toStrictEqual({ message: kept, exchange: null })

    const later = await alone(id, (messages) => messages.answer(kept.id, answered))
    expect(later.question).toMatchObject({ id: kept.id, answered: true, correctnessScore: 62, wordsCorrect: 3 })
    expect(await read(id)).toStrictEqual([later.answer, later.question])
  })

  test('find a message with the exchange that it began', async () => {
    const { id } = await suite.newLearner()
    const kept = await exchange(id)
    const find = (of: typeof kept.question.id) => suite.run(({ messages }) => messages.find(of))
    expect(await find(kept.question.id)).toStrictEqual({ message: kept.question, exchange: kept })
    expect(await find(kept.answer.id)).toStrictEqual({ message: kept.answer, exchange: null })
    expect(await find(messageIdFromRow(NOBODY))).toBeNull()
  })

  test('answer a message once', async () => {
    const { id } = await suite.newLearner()
    const kept = await exchange(id)
    await expect(alone(id, (messages) => messages.answer(kept.question.id, answered))).rejects.toThrow()
    expect(await read(id)).toHaveLength(2)
  })

  test('of a learner who is gone are gone', async () => {
    const { id } = await suite.newLearner()
    const kept = await exchange(id)
    await suite.run(({ users }) => users.delete(id))
    expect(await suite.run(({ messages }) => messages.find(kept.question.id))).toBeNull()
    await expect(exchange(id)).rejects.toThrow()
  })

  test('count no word twice as wrong, and none below zero', async () => {
    const { id } = await suite.newLearner()
    const mistake = { original: 'celá dlouhá věta o ničem', corrected: 'nic', explanation: '' }
    const all = { ...reply, mistakes: [mistake, mistake] }
    const kept = await alone(id, (messages) => messages.exchange(id, said, { ...answered, reply: all }))
    expect(kept.question).toMatchObject({ wordsTotal: 5, wordsCorrect: 0 })
  })
}
