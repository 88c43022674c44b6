import { Redis } from 'ioredis'
import { keyOf, type Policy } from '../../../src/cache/policy.ts'
import type { UserId } from '../../../src/domain/ids.ts'
import { eventually } from '../../support/eventually.ts'
import { openOurs } from '../support/ours.ts'
import { compare, type Subject, shuffled, type Timing } from '../support/timing.ts'
import { learners, policies, practiceOf, profileOf } from '../support/values.ts'

const NAMESPACE = 'bench-batches'
const LEARNERS = shuffled(learners(2_000))
const BATCH = 50
const BATCHES = Array.from({ length: LEARNERS.length / BATCH }, (_, n) => LEARNERS.slice(n * BATCH, (n + 1) * BATCH))
const ROUNDS = 41

/** A batch of hits in Redis through our cache, and what Redis and JSON cost without it. */
export interface BatchTimings {
  readonly bare: Timing
  readonly ours: Timing
  /** The same while memory takes in what was found. */
  readonly filling: Timing
}

export async function measureBatches(url: string): Promise<readonly BatchTimings[]> {
  return [await measureKind(url, policies.profile, profileOf), await measureKind(url, policies.practice, practiceOf)]
}

async function measureKind<Value>(
  url: string,
  policy: Policy<UserId, Value>,
  valueFor: (id: UserId) => Value,
): Promise<BatchTimings> {
  await using opened = new AsyncDisposableStack()
  const driver = opened.adopt(new Redis(url), (client) => client.disconnect())
  for (const id of LEARNERS) await driver.set(plainKey(policy, id), JSON.stringify(valueFor(id)))
  const subjects = [throughDriver(driver, policy)]
  for (const l1MaxBytes of [0, 256_000_000]) {
    const cache = opened.use(await openOurs({ url, namespace: NAMESPACE, l1MaxBytes }))
    const kind = cache.kind(policy, async (ids) => new Map(ids.map((id) => [id, valueFor(id)])))
    const view = await cache.open('USE')
    if (l1MaxBytes === 0) {
      for (const ids of BATCHES) await kind.getMany(ids, view)
      await stored(driver, policy)
    }
    subjects.push({
      name: `getMany of ${BATCH}, ${policy.name}, memory ${l1MaxBytes === 0 ? 'off' : 'filling'}`,
      times: BATCHES.length,
      prepare: () => cache.l1.clear(0),
      async run() {
        let found = 0
        for (const ids of BATCHES) {
          for (const value of (await kind.getMany(ids, view)).values()) found += value === null ? Number.NaN : 1
        }
        return found
      },
    })
  }
  const [bare, ours, filling] = await compare(subjects, { rounds: ROUNDS })
  if (!bare || !ours || !filling) throw new Error('Nothing was measured.')
  return { bare, ours, filling }
}

/** Resolves when the cache has filled Redis with everything. */
const stored = <Value>(driver: Redis, policy: Policy<UserId, Value>) =>
  eventually(async () => {
    const texts = await driver.mget(LEARNERS.map((id) => keyOf(NAMESPACE, policy.tagOf(id))))
    if (!texts.every((text) => text && !text.startsWith('lease:'))) throw new Error('Some value is not in Redis yet.')
  })

const plainKey = <Value>(policy: Policy<UserId, Value>, id: UserId) => `plain:${policy.tagOf(id)}`

function throughDriver<Value>(driver: Redis, policy: Policy<UserId, Value>): Subject {
  const batches = BATCHES.map((ids) => ids.map((id) => plainKey(policy, id)))
  return {
    name: `bare MGET of ${BATCH} and JSON.parse, ${policy.name}`,
    times: batches.length,
    async run() {
      let found = 0
      for (const keys of batches) {
        // All of them are there at the end, as with a cache.
        const values: unknown[] = (await driver.mget(keys)).map((text) => JSON.parse(text ?? 'null'))
        for (const value of values) found += value === null ? Number.NaN : 1
      }
      return found
    },
  }
}
