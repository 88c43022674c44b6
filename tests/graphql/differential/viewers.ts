import type { Role } from '../../../src/domain/viewer.ts'
import type { Random } from '../../live/random.ts'
import { createLearner } from '../../support/people.ts'
import { at } from '../../support/test-app.ts'
import type { Cluster } from './cluster.ts'

/** Who asks. */
export interface Asker {
  readonly name: string
  readonly authorization: string | null
}

/** Telegram ids of everybody who is ever there: the first are there at the start, the others come and go. */
const TELEGRAM_IDS = Array.from({ length: 9 }, (_, index) => String(10_001 + index))

export const ZONES = [
  'Europe/Prague',
  'Asia/Tokyo',
  'Asia/Kathmandu',
  'America/Los_Angeles',
  'Pacific/Kiritimati',
  'Pacific/Marquesas',
] as const

/** Tokens live for 24 hours. */
const RENEWED_AFTER_HOURS = 20

/** Everybody who asks and is asked about. Learners may be deleted, and then others take their places. */
export class People {
  readonly telegramIds: readonly string[] = TELEGRAM_IDS
  readonly #cluster: Cluster
  readonly #learners = new Map<number, string>()
  readonly #tokens = new Map<string, { readonly authorization: string; readonly issued: Temporal.Instant }>()
  #gone = 999_998

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  get ids(): readonly number[] {
    return [...this.#learners.keys()]
  }

  /** Those that nobody has at the moment. */
  get freeTelegramIds(): readonly string[] {
    const taken = new Set(this.#learners.values())
    return TELEGRAM_IDS.filter((telegramId) => !taken.has(telegramId))
  }

  telegramIdOf(id: number): string | undefined {
    return this.#learners.get(id)
  }

  async zoneOf(id: number): Promise<string> {
    const query = `{ user(id: ${id}) { settings { timezone } } }`
    const { plain } = this.#cluster
    return String(
      at(await plain.ask(query, {}, await plain.tokenOf('staff', 1)), 'data', 'user', 'settings', 'timezone'),
    )
  }

  async create(count: number): Promise<void> {
    for (const [index, telegramId] of TELEGRAM_IDS.slice(0, count).entries()) {
      const settings = { timezone: ZONES[index % ZONES.length] }
      this.came(await createLearner(this.#cluster.plain, { telegramId, firstName: `L${index}`, settings }), telegramId)
    }
  }

  came(id: number, telegramId: string): void {
    this.#learners.set(id, telegramId)
  }

  went(id: number): void {
    this.#learners.delete(id)
    this.#gone = id
  }

  /** Some viewer: staff more often than others, as they may see most. */
  async someone(random: Random): Promise<Asker> {
    const chance = random.next()
    if (chance < 0.04) return { name: 'nobody', authorization: null }
    if (chance < 0.06) return { name: 'refused', authorization: 'Bearer nonsense' }
    if (chance < 0.08) return this.#signed('user', this.#gone)
    if (chance < 0.36) return this.staff()
    // An admin's id is a learner's too.
    return chance < 0.5 ? this.admin() : this.learner(this.ids[random.below(3)] ?? 1)
  }

  admin = (): Promise<Asker> => this.#signed('admin', this.ids[0] ?? 1)

  staff = (): Promise<Asker> => this.#signed('staff', 999_999)

  learner = (id: number): Promise<Asker> => this.#signed('user', id)

  async #signed(role: Role, id: number): Promise<Asker> {
    const { now, plain } = this.#cluster
    const name = `${role}:${id}`
    const known = this.#tokens.get(name)
    if (known && now().since(known.issued).total('hours') < RENEWED_AFTER_HOURS) return { name, ...known }
    const made = { authorization: `Bearer ${await plain.tokenOf(role, id)}`, issued: now() }
    this.#tokens.set(name, made)
    return { name, ...made }
  }
}
