import { describe, expect, test } from 'vitest'
import type { MemoQuestion } from '../../src/cache/memo.ts'
import { userIdFromRow } from '../../src/domain/ids.ts'
import { parseLanguage } from '../../src/domain/language.ts'
import type { Lesson, Turn } from '../../src/domain/lesson.ts'
import { defaultSettings } from '../../src/domain/settings.ts'
import { createBudget } from '../../src/replies/budget.ts'
import type { Ledger } from '../../src/replies/ledger.ts'
import { createReplies, type Question } from '../../src/replies/replies.ts'
import type { Answer } from '../../src/replies/tutor.ts'
import { openMemoryTutor } from '../support/memory-tutor.ts'
import { NOW } from '../support/test-app.ts'

const lesson = (history: readonly Turn[] = []): Lesson => ({
  text: 'Ahoj!',
  history,
  level: 'BEGINNER',
  character: 'HONZIK',
  conversationStyle: 'FRIENDLY',
  correctionsLevel: 'BALANCED',
  nativeLanguage: parseLanguage('nativeLanguage', 'en'),
})
const spoken: readonly Turn[] = [{ role: 'USER', text: 'Dobrý den!' }]
const question = (id: number, changes: Partial<Question> = {}): Question => ({
  lesson: lesson(),
  learner: userIdFromRow(id),
  timezone: defaultSettings.timezone,
  staff: false,
  mode: 'USE',
  signal: new AbortController().signal,
  ...changes,
})

/** Replies over a memo that remembers nothing but what it was asked. */
function openReplies() {
  const asked: MemoQuestion<Answer>[] = []
  const did: string[] = []
  const tutor = openMemoryTutor()
  const ledger: Ledger = {
    reserve: async () => {
      did.push('reserve')
      return 'COUNTED'
    },
    release: async () => void did.push('release'),
    settle: async () => void did.push('settle'),
    save: async () => {},
  }
  const giveUp = new AbortController()
  const replies = createReplies({
    tutor,
    budget: createBudget({ ledger, clock: () => NOW, dailyLimit: 5, lost: () => {} }),
    savings: { add: () => void did.push('save') },
    clock: () => NOW,
    memo: {
      async ask(one) {
        asked.push(one)
        const value = await one.compute({ signal: giveUp.signal, progress: () => {} })
        return { value, from: 'COMPUTED', computedAt: NOW.epochMilliseconds, askedAt: null }
      },
    },
  })
  return { replies, asked, did, tutor, giveUp, ledger }
}

describe('where an answer is kept', () => {
  test('is one place for everyone without history, and one for each learner with it', async () => {
    const { replies, asked } = openReplies()
    for (const id of [1, 2]) await replies.answer(question(id))
    for (const id of [1, 2]) await replies.answer(question(id, { lesson: lesson(spoken) }))
    const [ada, bob, adaAgain, bobAgain] = asked
    expect(ada?.tag).toBe(`reply:${ada?.fingerprint}`)
    expect(bob).toMatchObject({ tag: ada?.tag, fingerprint: ada?.fingerprint, personal: false })
    expect(adaAgain).toMatchObject({ tag: 'replies:1', personal: true })
    expect(bobAgain).toMatchObject({ tag: 'replies:2', personal: true })
    expect(new Set(asked.map(({ fingerprint }) => fingerprint)).size).toBe(3)
    expect(asked.every(({ fingerprint }) => /^[0-9a-f]{64}$/.test(fingerprint))).toBe(true)
    expect(asked.map(({ asker }) => asker)).toEqual(['asked:1', 'asked:2', 'asked:1', 'asked:2'])
  })
})

describe('a call', () => {
  test('is counted, made and paid, in this order', async () => {
    const { replies, did, tutor } = openReplies()
    tutor.answerBy(async () => void did.push('ask'))
    await replies.answer(question(1))
    expect(did).toEqual(['reserve', 'ask', 'settle'])
  })

  test('that nobody waits for any more when it is counted is not made, and taken back', async () => {
    const { replies, did, tutor, giveUp } = openReplies()
    giveUp.abort(new Error('nobody waits'))
    await expect(replies.answer(question(1))).rejects.toThrow('nobody waits')
    expect(did).toEqual(['reserve', 'release'])
    expect(tutor.asked).toEqual([])
  })

  test('is answered although its price could not be written down', async () => {
    const { replies, ledger } = openReplies()
    ledger.settle = () => Promise.reject(new Error('no database'))
    await expect(replies.answer(question(1))).resolves.toMatchObject({ engine: 'OPENAI' })
  })
})
