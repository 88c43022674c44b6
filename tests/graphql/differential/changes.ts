import { CHARACTERS, VOICE_SPEEDS } from '../../../src/domain/settings.ts'
import { LEVELS } from '../../../src/domain/user.ts'
import type { Random } from '../../live/random.ts'
import { at } from '../../support/test-app.ts'
import type { Wire } from '../../support/wire.ts'
import type { CachedNode, Cluster } from './cluster.ts'
import { type Asker, type People, ZONES } from './viewers.ts'

interface Change {
  readonly query: string
  readonly input: Readonly<Record<string, unknown>>
  readonly asker: Asker
  /** What it means for who is there. */
  readonly done?: (data: unknown) => void
}

/** Nobody is deleted while there are no more. */
const LEARNERS_MIN = 5

/** Changes that random people make, each acknowledged before anything else is asked. */
export class Changes {
  readonly #cluster: Cluster
  readonly #people: People
  readonly #random: Random
  readonly #wire: Wire
  #made = 0

  constructor(cluster: Cluster, people: People, random: Random, wire: Wire) {
    this.#cluster = cluster
    this.#people = people
    this.#random = random
    this.#wire = wire
  }

  get made(): number {
    return this.#made
  }

  /**
   * @param about a learner of whom somebody else is reading just now; nothing is done then that reads first
   * @throws when it is not acknowledged without a reservation
   */
  async make(node: CachedNode, about?: number): Promise<void> {
    await this.#send(node, await this.#drawn(about))
    this.#made += 1
  }

  /** Lets every cache forget what it has of a learner. */
  async forget(id: number, node: CachedNode): Promise<void> {
    const tags = ['user', 'settings', 'stars', 'practice', 'messages'].map((kind) => `${kind}:${id}`)
    await this.#send(node, { ...PURGE, asker: await this.#people.admin(), input: { tags } })
  }

  async #send({ app }: CachedNode, { query, input, asker, done }: Change): Promise<void> {
    const { text } = await this.#wire.send(app.url, {
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json', authorization: asker.authorization ?? '' },
      body: JSON.stringify({ query, variables: { input } }),
    })
    const answer: unknown = JSON.parse(text)
    if (at(answer, 'errors') !== undefined || at(answer, 'extensions') !== undefined)
      throw new Error(`not acknowledged: ${query} of ${JSON.stringify(input)}: ${text}`)
    done?.(at(answer, 'data', 'change'))
  }

  async #drawn(about?: number): Promise<Change> {
    const chance = this.#random.next()
    const asker = await this.#people.staff()
    const id = about ?? this.#random.of(this.#people.ids)
    if (chance < 0.3) return { asker, ...this.#profile(id) }
    if (chance < 0.5) return { asker, ...this.#settings(id) }
    if (chance < 0.75 || (about !== undefined && chance < 0.85)) return { asker, ...this.#practice(id) }
    if (chance < 0.85) return { asker, ...this.#message(id) }
    if (chance < 0.97) return { asker, ...this.#comingOrGoing(id) }
    return { ...PURGE, asker: await this.#people.admin(), input: this.#random.of(purges(id)) }
  }

  #profile(id: number) {
    const random = this.#random
    const changes = [
      { firstName: `Name ${random.below(10_000)}` },
      { level: random.of(LEVELS) },
      { username: random.of([null, `u${random.below(100)}`]) },
    ]
    return {
      query: 'mutation ($input: UpdateUserInput!) { change: updateUser(input: $input) { user { firstName } } }',
      input: { id, ...random.of(changes) },
    }
  }

  #settings(userId: number) {
    const random = this.#random
    const changes = [
      { timezone: random.of(ZONES) },
      { timezone: random.of(ZONES) },
      { voiceSpeed: random.of(VOICE_SPEEDS), character: random.of(CHARACTERS) },
    ]
    return {
      query: `mutation ($input: UpdateUserSettingsInput!) {
        change: updateUserSettings(input: $input) { user { dailyStats { date } } } }`,
      input: { userId, ...random.of(changes) },
    }
  }

  /** Within the last 48 hours. */
  #practice(userId: number) {
    const ago = this.#random.of([0, 0, this.#random.below(47 * 3600)])
    return {
      query: `mutation ($input: RecordActivityInput!) {
        change: recordActivity(input: $input) { dailyStats { date } stars { total } } }`,
      input: {
        userId,
        wordsTotal: this.#random.below(20),
        correctnessScore: this.#random.below(101),
        ...(ago > 0 && { occurredAt: this.#cluster.now().subtract({ seconds: ago }).toString() }),
      },
    }
  }

  #message(userId: number) {
    return {
      query: 'mutation ($input: SendMessageInput!) { change: sendMessage(input: $input) { starsEarned } }',
      input: { userId, text: `Ahoj ${this.#made}, ${this.#random.of(['jdu do skole', 'mám se dobře'])}.` },
    }
  }

  #comingOrGoing(id: number) {
    const people = this.#people
    const free = people.freeTelegramIds
    if (free.length === 0 || (people.ids.length > LEARNERS_MIN && this.#random.next() < 0.5))
      return {
        query: 'mutation ($input: DeleteUserInput!) { change: deleteUser(input: $input) { deletedId } }',
        input: { id },
        done: () => people.went(id),
      }
    const telegramId = this.#random.of(free)
    return {
      query: 'mutation ($input: CreateUserInput!) { change: createUser(input: $input) { user { id } } }',
      input: { telegramId, firstName: `New ${this.#made}`, settings: { timezone: this.#random.of(ZONES) } },
      done: (data: unknown) => people.came(Number(at(data, 'user', 'id')), telegramId),
    }
  }
}

const PURGE = {
  query: 'mutation ($input: PurgeCacheInput!) { change: purgeCache(input: $input) { purgedTags } }',
}

const purges = (id: number) => [{ all: true }, { tags: [`user:${id}`, 'users'] }, { tags: [`practice:${id}`] }]
