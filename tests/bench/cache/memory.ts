import { setTimeout as pause } from 'node:timers/promises'
import type { Cache } from '../../../src/cache/cache.ts'
import { createL1 } from '../../../src/cache/l1.ts'
import type { View } from '../../../src/cache/view.ts'
import type { UserId } from '../../../src/domain/ids.ts'
import type { User } from '../../../src/domain/user.ts'
import { eventually } from '../../support/eventually.ts'
import { openOurs } from '../support/ours.ts'
import { compare, type Subject, shuffled, type Timing } from '../support/timing.ts'
import { learners, policies, practiceOf, profileOf } from '../support/values.ts'

const LEARNERS = learners(10_000)
const HOT = LEARNERS.slice(4_711, 4_712)
const ROUNDS = 31
/** As many learners as are read at once, so that Redis answers in time on a busy machine too. */
const CHUNK = 250
const SETTLE_MS = 200

/**
 * Hits in memory: of one hot learner, and of 10,000 learners in random order, whose entries no processor's cache holds.
 * Profiles and practice take turns, as in a request.
 */
export async function measureMemory(url: string): Promise<readonly Timing[]> {
  await using cache = await openOurs({ url, namespace: 'bench-memory' })
  const kinds = createKinds(cache)
  const view = await eventually(() => fill(cache, kinds))
  const loads = cache.loads()
  const timings = await compare(hits(kinds, view), { rounds: ROUNDS })
  if (cache.loads() !== loads) throw new Error('What should have been in memory was loaded.')
  return [...timings, ...(await compare(puts(), { rounds: ROUNDS }))]
}

/** Reads everybody into memory. @returns a request that finds them there */
async function fill(cache: Cache, { profiles, practices }: ReturnType<typeof createKinds>): Promise<View> {
  const begun = await cache.open('USE')
  for (let from = 0; from < LEARNERS.length; from += CHUNK) {
    const ids = shuffled(LEARNERS, 7).slice(from, from + CHUNK)
    await Promise.all([profiles.getMany(ids, begun), practices.getMany(ids, begun)])
  }
  await pause(SETTLE_MS)
  const view = await cache.open('USE')
  const missing = LEARNERS.filter((id) => !profiles.peek(id, view) || !practices.peek(id, view))
  if (missing.length > 0) throw new Error(`Memory lacks ${missing.length} of the learners.`)
  return view
}

function createKinds(cache: Cache) {
  const loading =
    <Value>(valueFor: (id: UserId) => Value) =>
    async (ids: readonly UserId[]) =>
      new Map(ids.map((id) => [id, valueFor(id)]))
  return {
    profiles: cache.kind(policies.profile, loading(profileOf)),
    practices: cache.kind(policies.practice, loading(practiceOf)),
  }
}

function hits({ profiles, practices }: ReturnType<typeof createKinds>, view: View): Subject[] {
  const orders = { 'one hot id': LEARNERS.slice(0, 1_000).flatMap(() => HOT), '10,000 ids': shuffled(LEARNERS) }
  return Object.entries(orders).flatMap(([name, ids]): Subject[] => [
    {
      name: `peek, ${name}`,
      times: 2 * ids.length,
      run() {
        let found = 0
        for (const id of ids) {
          found += profiles.peek(id, view) === undefined ? Number.NaN : 1
          found += practices.peek(id, view) === undefined ? Number.NaN : 1
        }
        return found
      },
    },
    {
      name: `await get(id), ${name}`,
      times: 2 * ids.length,
      async run() {
        let found = 0
        for (const id of ids) {
          found += (await profiles.get(id, view)) === null ? Number.NaN : 1
          found += (await practices.get(id, view)) === null ? Number.NaN : 1
        }
        return found
      },
    },
  ])
}

/** For information: what it costs to keep something, while there is room and while something else must go for it. */
function puts(): Subject[] {
  const values = LEARNERS.map((id) => profileOf(id))
  const kept = { asOf: 0, bytes: 250, expiresAt: Number.POSITIVE_INFINITY }
  return Object.entries({ 'put with room': 1_000, 'put and evict': 500 }).map(([name, bytesEach]) => {
    let shelf = createL1({ maxBytes: 0 }).shelf<UserId, User>()
    return {
      name,
      times: values.length,
      prepare() {
        const l1 = createL1({ maxBytes: bytesEach * values.length })
        const old = l1.shelf<UserId, never>()
        shelf = l1.shelf()
        for (const id of LEARNERS) old.put(id, policies.settings.tagOf(id), null, kept)
      },
      run() {
        let put = 0
        for (const user of values)
          put += shelf.put(user.id, policies.profile.tagOf(user.id), user, kept) ? 1 : Number.NaN
        return put
      },
    }
  })
}
