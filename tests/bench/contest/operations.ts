import type { UserId } from '../../../src/domain/ids.ts'
import { userIdFromRow } from '../../../src/domain/ids.ts'
import { eventually } from '../../support/eventually.ts'
import { compare, type Subject, shuffled, type Timing } from '../support/timing.ts'
import { learners, profileOf } from '../support/values.ts'
import type { Contender, Contestant, Source } from './contender.ts'

/** One operation that all contenders share. */
export interface Operation {
  readonly name: string
  /** In the order of the contenders. */
  readonly timings: readonly Timing[]
}

/** One contender, opened for the contest. */
interface Entrant {
  readonly name: string
  readonly source: CountingSource
  readonly tiered: Contestant
  readonly redisOnly: Contestant
  /** A learner that nobody has asked for yet. */
  readonly stranger: () => UserId
}

const KNOWN = shuffled(learners(1_000))
const BATCH = 50
const CALLERS = 100
const ROUNDS = { rounds: 31, withinMs: 9_000 }

/** The rows, and how often they were asked for. */
class CountingSource implements Source {
  loads = 0

  async one(id: UserId) {
    this.loads += 1
    return profileOf(id)
  }

  async many(ids: readonly UserId[]) {
    this.loads += 1
    return ids.map((id) => profileOf(id))
  }
}

export async function holdContest(url: string, contenders: readonly Contender[]) {
  await using opened = new AsyncDisposableStack()
  const entrants: Entrant[] = []
  for (const [index, contender] of contenders.entries()) {
    entrants.push(await enter(contender, { url, opened, namespace: `contest-${index}` }))
  }
  const operations: Operation[] = []
  for (const { name, subject } of OPERATIONS) {
    operations.push({ name, timings: await compare(entrants.map(subject), ROUNDS) })
  }
  return { operations, stampedes: await countStampedes(entrants) }
}

async function enter(
  contender: Contender,
  {
    url,
    namespace,
    opened,
  }: { readonly url: string; readonly namespace: string; readonly opened: AsyncDisposableStack },
): Promise<Entrant> {
  const source = new CountingSource()
  const setup = { url, namespace, source }
  const tiered = opened.use(await contender.open({ ...setup, memory: true }))
  const redisOnly = opened.use(await contender.open({ ...setup, memory: false }))
  let strangers = 100_000
  const stranger = () => {
    strangers += 1
    return userIdFromRow(strangers)
  }
  await warm(tiered, source)
  await warm(redisOnly, source)
  return { name: contender.name, source, tiered, redisOnly, stranger }
}

/** Asks for everybody until nobody is loaded any more. */
const warm = (contestant: Contestant, source: CountingSource): Promise<void> =>
  eventually(async () => {
    await contestant.begin?.()
    const before = source.loads
    for (const id of KNOWN) await contestant.get(id)
    if (source.loads > before) throw new Error('Some learner was not kept.')
  })

/** The same for each of the learners, one after the other. */
async function eachOf(ids: readonly UserId[], get: Contestant['get']): Promise<number> {
  let found = 0
  for (const id of ids) found += (await get(id))?.id === id ? 1 : Number.NaN
  return found
}

const OPERATIONS: readonly { readonly name: string; readonly subject: (entrant: Entrant) => Subject }[] = [
  {
    name: 'hit in memory',
    subject: ({ name, tiered }) => ({ name, times: KNOWN.length, run: () => eachOf(KNOWN, tiered.get) }),
  },
  {
    name: 'hit in Redis',
    subject: ({ name, redisOnly }) => {
      const ids = KNOWN.slice(0, 50)
      return { name, times: ids.length, run: () => eachOf(ids, redisOnly.get) }
    },
  },
  {
    name: `${BATCH} hits in Redis`,
    subject: ({ name, redisOnly }) => {
      const batches = Array.from({ length: 10 }, (_, n) => KNOWN.slice(n * BATCH, (n + 1) * BATCH))
      return {
        name,
        times: batches.length,
        async run() {
          let found = 0
          for (const ids of batches) for (const user of await redisOnly.getMany(ids)) found += user ? 1 : Number.NaN
          return found
        },
      }
    },
  },
  {
    name: 'miss and load',
    subject: ({ name, tiered, stranger }) => ({
      name,
      times: 50,
      run: () => eachOf(Array.from({ length: 50 }, stranger), tiered.get),
    }),
  },
  {
    name: `${CALLERS} callers of one missing`,
    subject: ({ name, tiered, stranger }) => ({
      name,
      times: 5,
      async run() {
        let found = 0
        for (let time = 0; time < 5; time += 1) {
          const id = stranger()
          for (const user of await Promise.all(Array.from({ length: CALLERS }, () => tiered.get(id))))
            found += user?.id === id ? 1 : Number.NaN
        }
        return found
      },
    }),
  },
  { name: 'invalidation', subject: invalidations },
]

function invalidations({ name, tiered, stranger }: Entrant): Subject {
  let ids: readonly UserId[] = []
  return {
    name,
    times: 50,
    async prepare() {
      await tiered.begin?.()
      ids = Array.from({ length: 50 }, stranger)
      await eachOf(ids, tiered.get)
    },
    async run() {
      for (const id of ids) await tiered.invalidate(id)
      return ids.length
    },
  }
}

/** How often the source was asked when so many asked for the same at once. */
async function countStampedes(entrants: readonly Entrant[]): Promise<readonly number[]> {
  const counts: number[] = []
  for (const { tiered, source, stranger } of entrants) {
    const id = stranger()
    const before = source.loads
    await Promise.all(Array.from({ length: CALLERS }, () => tiered.get(id)))
    counts.push(source.loads - before)
  }
  return counts
}
