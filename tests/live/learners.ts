import { createTokens } from '../../src/auth/tokens.ts'
import { parseUserId } from '../../src/domain/ids.ts'
import type { Client } from './client.ts'
import { asCount, asExistence, asName, asSettings, Register } from './register.ts'

export const SECRET = 'a secret for the live checker, longer than 32 bytes'

/** A learner who is written to and read all the time. */
export interface Learner {
  readonly id: string
  readonly telegramId: string
  /** The learner's own. */
  readonly token: string
  /** `firstName` */
  readonly profile: Register
  readonly settings: Register
  /** Messages practised; each is one word, so that words are as many. */
  readonly practice: Register
  readonly stars: Register
  readonly lock: Lock
}

/** Somebody who is created and deleted again and again under the same Telegram id. */
export interface Ghost {
  readonly telegramId: string
  readonly existence: Register
  /** The id of the latest incarnation; null before the first. */
  id: string | null
}

export interface Cast {
  readonly learners: readonly Learner[]
  readonly ghosts: readonly Ghost[]
  /** A token of the staff. */
  readonly staff: string
}

/** Held by whoever writes to a learner. */
export class Lock {
  #held: Promise<void> = Promise.resolve()

  /** Resolves when it is the caller's turn, with what ends it. */
  async take(): Promise<Disposable> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const before = this.#held
    this.#held = promise
    await before
    return { [Symbol.dispose]: resolve }
  }
}

export async function issueToken(role: 'staff' | 'user', id: string): Promise<string> {
  const parsed = parseUserId(id)
  if (parsed === null) throw new TypeError(`not an id: ${id}`)
  return (await createTokens(SECRET).issue({ role, id: parsed }, Temporal.Now.instant())).token
}

/** Learners in whose time zone it is early morning, so that today stays today for as long as this runs. */
export async function createCast(client: Client, url: string, counts: { learners: number; ghosts: number }) {
  const staff = await issueToken('staff', '999999')
  const learners: Learner[] = []
  for (let index = 0; index < counts.learners; index += 1)
    learners.push(await createLearner(client, url, staff, String(1_000 + index)))
  const ghosts = Array.from({ length: counts.ghosts }, (_, index): Ghost => {
    const telegramId = String(5_000 + index)
    return { telegramId, existence: new Register(`ghost ${telegramId}`, asExistence), id: null }
  })
  return { learners, ghosts, staff } satisfies Cast
}

async function createLearner(client: Client, url: string, staff: string, telegramId: string): Promise<Learner> {
  const answer = await client.ask(url, {
    token: staff,
    query: 'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }',
    variables: { input: { telegramId, firstName: '0', settings: { ...FIRST_SETTINGS, timezone: morningZone() } } },
  })
  const id: unknown = Object(Object(answer.data?.['createUser']).user).id
  if (typeof id !== 'string') throw new Error(`no learner was made: ${JSON.stringify(answer)}`)
  return {
    id,
    telegramId,
    token: await issueToken('user', id),
    profile: new Register(`profile ${id}`, asName),
    settings: new Register(`settings ${id}`, asSettings),
    practice: new Register(`practice ${id}`, asCount),
    stars: new Register(`stars ${id}`, asCount),
    lock: new Lock(),
  }
}

const FIRST_SETTINGS = {
  conversationStyle: 'FRIENDLY',
  voiceSpeed: 'VERY_SLOW',
  correctionsLevel: 'MINIMAL',
  character: 'HONZIK',
}

/** A zone where it is about five o'clock; POSIX counts westwards. */
function morningZone(): string {
  const hour = Temporal.Now.zonedDateTimeISO('UTC').hour
  const east = ((5 - hour + 36) % 24) - 12
  return east === 0 ? 'Etc/GMT' : `Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}`
}
