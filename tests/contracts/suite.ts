import { afterAll, beforeAll } from 'vitest'
import type { Outbox } from '../../src/cache/outbox.ts'
import type { Transaction } from '../../src/commands/unit-of-work.ts'
import type { Database } from '../../src/db/database.ts'
import { type CalendarDate, dateFromRow, toTimestamp } from '../../src/domain/calendar.ts'
import { type UserId, userIdFromRow } from '../../src/domain/ids.ts'
import type { Message } from '../../src/domain/message.ts'
import type { PracticeDay } from '../../src/domain/practice.ts'
import { type NewUser, type NewUserInput, parseNewUser, type User } from '../../src/domain/user.ts'
import type { Readers } from '../../src/loaders/readers.ts'
import type { Ledger } from '../../src/replies/ledger.ts'
import type { Queues } from '../../src/work/queue.ts'
import type { NewMessage } from '../support/memory-database.ts'
import { NOW } from '../support/test-app.ts'

/** A database with what the suites need beside its ports. */
export interface ContractDatabase extends Database {
  /** Adds messages in the order given and returns them with their ids. */
  insertMessages(messages: readonly NewMessage[]): Promise<readonly Message[]>
}

export type OpenContractDatabase = () => Promise<ContractDatabase>

/** One open database for all tests of a suite; each test makes learners of its own. */
export interface Suite {
  readonly readers: Readers
  run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>
  /** The tags of what the work changed, sorted. */
  changedBy(work: (transaction: Transaction) => Promise<unknown>): Promise<readonly string[]>
  readonly outbox: Outbox
  readonly ledger: Ledger
  readonly queues: Queues
  readonly insertMessages: ContractDatabase['insertMessages']
  newLearner(input?: Partial<NewUserInput>): Promise<User>
  newLearners(count: number): Promise<readonly User[]>
  /** Counts a message on each date, in this order; tells how the last date is then. */
  practise(id: UserId, dates: readonly string[], words?: number, score?: number): Promise<PracticeDay | null>
  /** The streak of each practised day. */
  streaks(id: UserId): Promise<Record<string, number>>
  /** Gives the learner practice, stars, a message and an act. */
  leaveTraces(id: UserId): Promise<void>
  /** What there is of the learner, each thing undefined when there is none. */
  everythingOf(id: UserId): Promise<Record<string, unknown>>
}

/** A learner's id that is never given out. */
export const NOBODY: UserId = userIdFromRow(Number.MAX_SAFE_INTEGER)

export const day = (date: string): CalendarDate => dateFromRow(date)

const TRACE_KEY = 'a trace'

let lastTelegramId = 5_000_000_000

/** What a learner said some milliseconds after the tests' instant. */
export const said = (userId: UserId, milliseconds: number): NewMessage => ({
  userId,
  role: 'USER',
  text: 'Jdu do školy.',
  correctedText: null,
  correctnessScore: 100,
  mistakes: [],
  wordsTotal: 3,
  wordsCorrect: 3,
  answered: true,
  createdAt: toTimestamp(NOW.add({ milliseconds })),
})

/** A learner whom nobody has made yet. */
export function somebody(input: Partial<NewUserInput> = {}): NewUser {
  lastTelegramId += 1
  return parseNewUser({ telegramId: String(lastTelegramId), firstName: 'Ada', ...input })
}

/** Opens the database before the tests of the surrounding `describe` and closes it after them. */
export function openSuite(open: OpenContractDatabase): Suite {
  let opened: ContractDatabase | undefined
  beforeAll(async () => {
    opened = await open()
  })
  afterAll(() => opened?.[Symbol.asyncDispose]())
  return createSuite(() => {
    if (opened === undefined) throw new Error('the database is open only while tests run')
    return opened
  })
}

function createSuite(database: () => ContractDatabase): Suite {
  const run = async <T>(work: (transaction: Transaction) => Promise<T>) =>
    (await database().unitOfWork.run(work)).result

  async function newLearner(input: Partial<NewUserInput> = {}): Promise<User> {
    const made = await run(({ users }) => users.insert(somebody(input), NOW))
    if (made === null) throw new Error('the Telegram id is taken')
    return made
  }

  return {
    get readers() {
      return database().readers
    },
    get ledger() {
      return database().ledger
    },
    get queues() {
      return database().queues
    },
    get outbox() {
      return database().outbox
    },
    run,
    changedBy: async (work) => (await database().unitOfWork.run(work)).changes.map(({ tag }) => tag).toSorted(),
    insertMessages: (messages) => database().insertMessages(messages),
    newLearner,
    newLearners: (count) => Promise.all(Array.from({ length: count }, () => newLearner())),
    practise: (id, dates, words = 10, score = 90) =>
      run(async ({ practice }) => {
        await practice.begin(id)
        let last: PracticeDay | null = null
        for (const date of dates) last = await practice.count(id, day(date), { words, score })
        return last
      }),
    async streaks(id) {
      const always = { userId: id, from: day('0001-01-01'), to: day('9999-12-31') }
      const [days = []] = await database().readers.practiceDays([always])
      return Object.fromEntries(days.map(({ date, streakDay }) => [date, streakDay]))
    },
    leaveTraces: (id) => leaveTraces(database(), id),
    everythingOf: (id) => everythingOf(database(), id),
  }
}

async function leaveTraces({ unitOfWork, insertMessages }: ContractDatabase, id: UserId): Promise<void> {
  await unitOfWork.run(async ({ practice, stars, acts }) => {
    await practice.begin(id)
    const counted = await practice.count(id, day('2026-11-20'), { words: 10, score: 90 })
    const practised = { day: counted, stars: await stars.add(id, 3), starsEarned: 3 }
    await acts.remember(id, TRACE_KEY, { input: '{}', messageId: null, jobId: null, practised }, NOW)
  })
  await insertMessages([said(id, 0)])
}

async function everythingOf({ readers, unitOfWork }: ContractDatabase, id: UserId): Promise<Record<string, unknown>> {
  const [messages = []] = await readers.messages([{ userId: id, after: null, limit: 100 }])
  return {
    user: (await readers.users([id])).get(id),
    settings: (await readers.settings([id])).get(id),
    stars: (await readers.stars([id])).get(id),
    practice: (await readers.practice([id])).get(id),
    messages: messages.length === 0 ? undefined : messages,
    act: (await unitOfWork.run(({ acts }) => acts.find(id, TRACE_KEY))).result ?? undefined,
  }
}
