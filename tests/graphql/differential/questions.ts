import { Kind, parse } from 'graphql'
import { PreparedQueries } from '../../../src/graphql/prepared-queries.ts'
import { schema } from '../../../src/graphql/schema.ts'
import type { Random } from '../../live/random.ts'
import { learnerArguments } from '../../support/learner-arguments.ts'
import { operationFrom, type RandomOperation } from '../../support/random-operations.ts'
import type { Asker, People } from './viewers.ts'

/** What is asked, and by whom. */
export interface Question {
  readonly operation: RandomOperation
  readonly asker: Asker
}

/** Random operations keep their variables to themselves more often than clients do. */
/** What servers that cache differently must not answer alike. */
const UNLIKE = new Set(['Query.honzikReply', 'Query.health', 'Query.cacheEntries', 'Query.cacheStats'])

const TEMPLATES = [
  'query ($id: ID!) { user(id: $id) { firstName level stars { lifetime } } }',
  'query Days($id: ID!, $days: Int!) { user(id: $id) { statsRange(days: $days) { date messagesCount streakDay } } }',
  'query ($telegramId: BigInt!) { userByTelegramId(telegramId: $telegramId) { id firstName } }',
  'query ($first: Int!, $all: Boolean!) { users(first: $first) { edges { node { firstName ... @include(if: $all) { settings { timezone } dailyStats { date messagesCount } statsSummary { currentStreak } } } } } }',
  'query ($id: ID!, $first: Int!) { user(id: $id) { messages(first: $first) { edges { node { text role } } pageInfo { endCursor } } } }',
  // Left out, it is that day; null, it is today.
  'query ($id: ID!, $date: Date = "2026-11-22") { user(id: $id) { dailyStats(date: $date) { date messagesCount } } }',
  'query A($id: ID!) { user(id: $id) { dailyStats { date messagesCount } } } query B($id: ID!) { user(id: $id) { statsSummary { averageCorrectness } } }',
] as const

/** Asks in random ways about the people. */
export class Questions {
  readonly #random: Random
  readonly #people: People
  readonly #now: () => Temporal.Instant
  readonly #queries = new PreparedQueries({ schema, production: false })

  constructor(random: Random, people: People, now: () => Temporal.Instant) {
    this.#random = random
    this.#people = people
    this.#now = now
  }

  /** Whether the answer may be kept whole. */
  isCacheable({ query, operationName }: RandomOperation): boolean {
    return this.#queries.of(query, operationName ?? null) !== null
  }

  /** A new operation, in a shape that was seldom or never asked for before; few whose answers nobody may keep. */
  async fresh(): Promise<Question> {
    const random = this.#random
    const asker = await this.#people.someone(random)
    const isOneself = asker.name.startsWith('user:') && random.next() < 0.8
    // About others, learners learn nothing.
    const ids = isOneself ? [Number(asker.name.slice(5))] : this.#people.ids
    for (;;) {
      const operation = random.next() < 0.3 ? this.#template(ids) : this.#drawn(ids)
      if (this.isCacheable(operation) || random.next() < 0.1) return { asker, operation }
    }
  }

  /** One about this learner alone, by somebody who may ask. */
  async about(id: number): Promise<Question> {
    const asker = await (this.#random.next() < 0.7 ? this.#people.staff() : this.#people.learner(id))
    return { asker, operation: this.#random.next() < 0.7 ? this.#template([id]) : this.#drawn([id]) }
  }

  /** The same document with other variables, or another of its operations. */
  altered({ operation, asker }: Question): Question {
    const others = namesIn(operation.query).filter((name) => name !== operation.operationName)
    if (others.length > 0 && this.#random.next() < 0.8)
      return { asker, operation: { ...operation, operationName: this.#random.of(others) } }
    const variables = Object.fromEntries(
      Object.entries(operation.variables).map(([name, value]) => [
        name,
        this.#random.next() < 0.7 ? this.#otherThan(value) : value,
      ]),
    )
    return { asker, operation: { ...operation, variables } }
  }

  async byAnother({ operation }: Question): Promise<Question> {
    return { operation, asker: await this.#people.someone(this.#random) }
  }

  #drawn(ids: readonly number[]): RandomOperation {
    const withUsage = this.#random.next() < 0.1
    return operationFrom(() => this.#random.next(), {
      schema,
      argument: learnerArguments({ ids, telegramIds: this.#people.telegramIds, now: this.#now() }),
      introspection: this.#random.next() < 0.06,
      uses: (field) => !UNLIKE.has(field) && (withUsage || field !== 'User.tutorUsage'),
    })
  }

  #template(ids: readonly number[]): RandomOperation {
    const random = this.#random
    const query = random.of(TEMPLATES)
    const id = random.of(ids)
    const values: Record<string, unknown> = {
      id: String(id),
      telegramId: random.next() < 0.8 ? this.#people.telegramIdOf(id) : random.of(this.#people.telegramIds),
      first: 1 + random.below(20),
      days: 1 + random.below(20),
      all: random.next() < 0.5,
      date: random.next() < 0.5 ? null : undefined,
    }
    const variables = Object.fromEntries(Object.entries(values).filter(([name]) => query.includes(`$${name}:`)))
    const names = namesIn(query)
    return { query, variables, ...(names.length > 1 && { operationName: random.of(names) }) }
  }

  /** Another value that fits wherever this one does. */
  #otherThan(value: unknown): unknown {
    const random = this.#random
    if (value === undefined || value === null) return value === null ? undefined : null
    if (typeof value === 'boolean') return !value
    if (typeof value === 'number') return 1 + random.below(20)
    if (typeof value !== 'string') return value
    if (/^\d{4}-\d\d-\d\d$/.test(value)) return Temporal.PlainDate.from(value).subtract({ days: 1 }).toString()
    if (!/^\d+$/.test(value)) return value
    return value.length < 4 ? String(random.of(this.#people.ids)) : random.of(this.#people.telegramIds)
  }
}

const namesIn = (query: string): string[] =>
  parse(query).definitions.flatMap((it) => (it.kind === Kind.OPERATION_DEFINITION && it.name ? [it.name.value] : []))
