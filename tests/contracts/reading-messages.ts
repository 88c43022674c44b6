import { expect, test } from 'vitest'
import { toTimestamp } from '../../src/domain/calendar.ts'
import { messageIdFromRow, type UserId } from '../../src/domain/ids.ts'
import type { Message } from '../../src/domain/message.ts'
import type { MessagePlace } from '../../src/domain/page.ts'
import type { MessageSlice } from '../../src/loaders/readers.ts'
import { NOW } from '../support/test-app.ts'
import { NOBODY, type Suite, said } from './suite.ts'

const at = (milliseconds: number) => toTimestamp(NOW.add({ milliseconds }))

/** A learner who said something at each of these milliseconds, and the messages in the order given. */
async function talkative(suite: Suite, ...instants: readonly number[]): Promise<readonly [UserId, readonly Message[]]> {
  const { id } = await suite.newLearner()
  return [id, await suite.insertMessages(instants.map((instant) => said(id, instant)))]
}

const slice = (userId: UserId, limit: number, after: MessagePlace | null = null): MessageSlice => ({
  userId,
  limit,
  after,
})

export function describeMessages(suite: Suite): void {
  describeOrder(suite)
  describeSlices(suite)

  test('come whole and exactly as they were written', async () => {
    const { id } = await suite.newLearner()
    const mistake = { original: 'do škola', corrected: 'do školy', explanation: `Po „do“ je 2. pád: {"a,b"} 'c' \\ 🦉` }
    const [asked, answered] = await suite.insertMessages([
      {
        ...said(id, 0),
        text: `Jdu do škola {},\n"🦉" 'a' \\ NULL`,
        correctedText: 'Jdu do školy {}, "🦉"',
        correctnessScore: 67,
        mistakes: [mistake, mistake],
        wordsCorrect: 2,
      },
      { ...said(id, 1), role: 'ASSISTANT', text: 'Prima!', correctnessScore: null, wordsTotal: 0, wordsCorrect: 0 },
    ])
    expect(await suite.readers.messages([slice(id, 2)])).toStrictEqual([[answered, asked]])
  })
}

function describeOrder(suite: Suite): void {
  test('are newest first, whatever the order in which they were written', async () => {
    const [id, [second, first, third]] = await talkative(suite, 2, 1, 3)
    expect(await suite.readers.messages([slice(id, 10)])).toEqual([[third, second, first]])
  })

  test('of one instant are ordered by descending id', async () => {
    const [id, [first, second, third, fourth, earlier]] = await talkative(suite, 5, 5, 5, 5, 1)
    expect(await suite.readers.messages([slice(id, 10)])).toEqual([[fourth, third, second, first, earlier]])
    expect(await suite.readers.messages([slice(id, 2, third)])).toEqual([[second, first]])
  })

  test('are each seen once by someone who turns the pages', async () => {
    const [id, written] = await talkative(suite, 3, 1, 2, 3, 1, 2, 2, 2, 9, 2)
    const seen: Message[] = []
    for (;;) {
      const [page = []] = await suite.readers.messages([slice(id, 3, seen.at(-1))])
      if (page.length === 0) break
      seen.push(...page)
    }
    expect(seen).toHaveLength(written.length)
    expect(await suite.readers.messages([slice(id, 100)])).toEqual([seen])
  })
}

function describeSlices(suite: Suite): void {
  test('follow a place, without the message at the place itself', async () => {
    const [id, [first, second, third]] = await talkative(suite, 1, 2, 3)
    expect(await suite.readers.messages([slice(id, 10, third)])).toEqual([[second, first]])
    expect(await suite.readers.messages([slice(id, 1, third)])).toEqual([[second]])
    expect(await suite.readers.messages([slice(id, 10, first)])).toEqual([[]])
  })

  test('follow a place where there is no message', async () => {
    const [id, [first, , third]] = await talkative(suite, 1, 2, 3)
    const between = { createdAt: at(2), id: messageIdFromRow(1) }
    expect(await suite.readers.messages([slice(id, 10, between)])).toEqual([[first]])
    const above = { createdAt: at(3), id: messageIdFromRow(NOBODY) }
    expect(await suite.readers.messages([slice(id, 1, above)])).toEqual([[third]])
  })

  test('answer each slice at its own position, with its own limit', async () => {
    const [ada, [a1, a2, a3]] = await talkative(suite, 1, 2, 3)
    const [bob, [b1, b2]] = await talkative(suite, 1, 2)
    const slices = [slice(bob, 1), slice(ada, 10), slice(NOBODY, 10), slice(ada, 1, a3), slice(bob, 2), slice(ada, 10)]
    const all = [a3, a2, a1]
    expect(await suite.readers.messages(slices)).toEqual([[b2], all, [], [a2], [b2, b1], all])
  })

  test('are none for a learner who said nothing', async () => {
    const { id } = await suite.newLearner()
    expect(await suite.readers.messages([slice(id, 10)])).toEqual([[]])
  })
}
