import type { Command, Identity } from '../../../src/commands/command.ts'
import { recordActivity } from '../../../src/commands/record-activity.ts'
import { updateUser } from '../../../src/commands/update-user.ts'
import type { UserId } from '../../../src/domain/ids.ts'
import { type Freshness, nameOf, numberIn } from './freshness.ts'
import type { KindName } from './kinds.ts'
import type { Node } from './node.ts'
import type { Operation } from './operations.ts'

export interface Requests {
  perform(node: Node, operation: Operation): Promise<void>
  /** Changes that were acknowledged before all nodes were known to see them. */
  readonly pending: () => number
}

export function createRequests(freshness: Freshness): Requests {
  let pending = 0

  async function change<Result>(node: Node, command: Command<Result>): Promise<Result | null> {
    const { result, changes } = await node.unitOfWork.run((transaction) => command({ ...transaction, ...caller() }))
    const { confirmed } = await node.cache.confirm(changes)
    if (confirmed) return result
    pending += 1
    return null
  }

  return {
    pending: () => pending,
    async perform(node, { act, learner }) {
      if (act === 'read') return node.statements.run(node.counts.reading, () => read(node, learner, freshness))
      const id = String(learner)
      if (act === 'profile')
        return freshness.rename(learner, async (number) => {
          return (await change(node, updateUser({ id, firstName: nameOf(number) }))) !== null
        })
      const practised = await change(node, recordActivity({ userId: id, wordsTotal: 9, correctnessScore: 90 }))
      if (practised) freshness.practised(learner, practised.stars.lifetime)
    },
  }
}

/** Reads what a page about a learner shows, as resolvers do: the learner first, what belongs to them after. */
async function read(node: Node, learner: UserId, freshness: Freshness): Promise<void> {
  const { sources, cache, counts } = node
  const floor = freshness.floor(learner)
  const opened = await cache.open('USE')
  const viewOf = (kind: KindName) => ({ ...opened, tally: counts.tallies[kind] })
  const ids = [learner]
  const profile = (await sources.profile.getMany(ids, viewOf('profile'))).get(learner)
  const [settings, stars, practice] = await Promise.all([
    sources.settings.getMany(ids, viewOf('settings')),
    sources.stars.getMany(ids, viewOf('stars')),
    sources.practice.getMany(ids, viewOf('practice')),
  ])
  if (!settings.get(learner)) throw new Error(`The learner ${learner} has no settings.`)
  freshness.check(floor, {
    name: numberIn(profile?.firstName ?? ''),
    messages: practice.get(learner)?.totalMessages ?? 0,
    stars: stars.get(learner)?.lifetime ?? 0,
  })
}

const caller = () => ({ viewer: { role: 'staff', id: null } as const, now: Temporal.Now.instant(), identity: NONE })

const refuse = (): never => {
  throw new Error('Nobody signs in here.')
}

const NONE: Identity = { issueToken: refuse, verifyTelegram: refuse }
