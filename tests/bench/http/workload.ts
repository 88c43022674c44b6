import type { UserId } from '../../../src/domain/ids.ts'
import { createChance } from '../world/chance.ts'
import type { Exchange, Next } from './load.ts'
import type { Requests } from './requests.ts'

/** What is asked of one server, the same of each: learners at random, some of them renamed now and then. */
export interface Workload {
  /** Each learner in turn, only read and not counted. */
  readonly visit: Next
  readonly next: Next
  /** What was answered so far. */
  tally(): Tally
}

export interface Tally {
  readonly reads: number
  readonly changes: number
  /** Reads that showed an older name than one acknowledged before they began. */
  readonly stale: number
  /** Changes that were kept, but with word that caches may not know of them yet: nothing is promised of these. */
  readonly pending: number
}

export interface WorkloadOptions {
  readonly learners: readonly UserId[]
  readonly requests: Requests
  /** The part of requests that rename someone. */
  readonly changes: number
}

interface Learner {
  readonly id: UserId
  readonly request: Buffer
  /** The number in the latest name that was acknowledged. */
  acknowledged: number
  /** With two at once nobody could say which came last. */
  beingRenamed: boolean
}

const SEED = 2026
const DATA = '{"data":{'
/** How our server says that Redis did not confirm a change in time. */
const PENDING = '"invalidation":"PENDING"'
/** Where a name is looked for: the answers begin with it. */
const BEGINNING = 160

export function createWorkload({ learners: ids, requests, changes }: WorkloadOptions): Workload {
  const chance = createChance(SEED)
  const learners = ids.map((id): Learner => ({ id, request: requests.read(id), acknowledged: 0, beingRenamed: false }))
  const tally = { reads: 0, changes: 0, stale: 0, pending: 0 }
  let visited = 0
  let number = 0

  function anyone(): Learner {
    const learner = learners[Math.floor(chance() * learners.length)]
    if (!learner) throw new RangeError('There are no learners.')
    return learner
  }
  function read(learner: Learner): Exchange {
    const known = learner.acknowledged
    return {
      request: requests.next(learner.request),
      check(body) {
        requireData(body)
        tally.reads += 1
        if (known > 0 && numberIn(body) < known) tally.stale += 1
      },
    }
  }
  function rename(learner: Learner): Exchange {
    const given = ++number
    learner.beingRenamed = true
    return {
      request: requests.rename(learner.id, `Jan ${given}`),
      check(body) {
        requireData(body)
        if (numberIn(body) !== given) throw new Error(`Not renamed: ${body}`)
        learner.beingRenamed = false
        tally.changes += 1
        if (body.includes(PENDING)) tally.pending += 1
        else learner.acknowledged = given
      },
    }
  }
  return {
    visit: () => ({ request: (learners[visited++ % learners.length] ?? anyone()).request, check: requireData }),
    next() {
      const learner = anyone()
      return changes > 0 && chance() < changes && !learner.beingRenamed ? rename(learner) : read(learner)
    },
    tally: () => ({ ...tally }),
  }
}

/** An answer with errors begins otherwise, or has no learner. */
function requireData(body: Buffer): void {
  const begin = body.toString('latin1', 0, DATA.length + 20)
  if (!begin.startsWith(DATA) || begin.includes('null')) throw new Error(`Not what was asked for: ${body}`)
}

const numberIn = (body: Buffer): number =>
  Number(/"firstName":"\D*(\d+)"/.exec(body.toString('latin1', 0, BEGINNING))?.[1] ?? 0)
