import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from './fault.ts'
import { USING_CACHES } from './history.ts'
import type { Learner } from './learners.ts'
import type { LiveNode } from './live-node.ts'
import { LAST_WORDS } from './live-store.ts'
import { askEverything } from './shapes.ts'
import { read, type Trial } from './trial.ts'
import { rename } from './writes.ts'

/** What a relay has to find must be found within this time, in milliseconds. */
const REPAIR_MS = 1_500
/** A server without Redis looks for it again within this time, in milliseconds, many times over. */
const CACHING_MS = 10_000
/** How often a server is made to end until one ends where it should. */
const ATTEMPTS = 5

const killed: Fault = {
  name: 'a server is killed at some moment under load',
  async inject({ stage, random }) {
    await pause(random.between(0, 300))
    const node = random.of(stage.nodes)
    await node.kill()
    await stage.replace(node)
  },
}

const killedAfterCommit: Fault = {
  name: 'a server ends between COMMIT and the removal of the entries',
  async inject(trial) {
    for (let left = ATTEMPTS; left > 0; left -= 1) {
      if (!(await endAfterCommit(trial))) continue
      trial.history.counts.betweenCommitAndRemoval += 1
      return
    }
  },
}

/**
 * Whether the server ended exactly there. It ends earlier when it still has to remove what a change before had left, and
 * not at all when it loses Redis meanwhile and another server removes its entries.
 */
async function endAfterCommit(trial: Trial): Promise<boolean> {
  const { stage, random, cast } = trial
  const learner = random.of(cast.learners)
  const node = random.of(stage.nodes)
  using _ = await learner.lock.take()
  await untilCaching(trial, node)
  await Promise.all(stage.nodes.map((other) => read(trial, other, askEverything(learner, cast))))
  await node.doom(`user:${learner.id}`)
  await rename(trial, node, learner)
  const since = performance.now()
  const kept = await stage.truth.firstName(learner)
  const repaired = expectRepair(trial, learner, since)
  await Promise.all([stage.replace(node), repaired.finally(() => node.kill())])
  return kept === learner.profile.begun && node.output().includes(LAST_WORDS)
}

/** Waits until the server answers with its caches, for as long as that can take after any fault before. */
async function untilCaching({ client, cast }: Trial, node: LiveNode): Promise<void> {
  const query = `{ user(id: ${cast.learners[0]?.id}) { firstName } }`
  for (const end = performance.now() + CACHING_MS; performance.now() < end; ) {
    const { cached } = await client.ask(node.url, { query, token: cast.staff })
    if (USING_CACHES.has(cached)) return
    await pause(50)
  }
}

const changedByHand: Fault = {
  name: 'a row is changed by hand',
  async inject(trial) {
    const { stage, random, cast } = trial
    const learner = random.of(cast.learners)
    using _ = await learner.lock.take()
    await Promise.all(stage.nodes.map((node) => read(trial, node, askEverything(learner, cast))))
    await stage.truth.rename(learner, learner.profile.begin())
    await expectRepair(trial, learner, performance.now())
  },
}

/** Reads on every node, until long after the time in which each must show what PostgreSQL has. */
async function expectRepair(trial: Trial, learner: Learner, since: number): Promise<void> {
  const { stage, history } = trial
  const number = await stage.truth.firstName(learner)
  const latest = await Promise.all(stage.nodes.map((node) => lastStale(trial, { node, learner, number, since })))
  const slowest = Math.max(...latest)
  history.repairs.push(slowest)
  if (slowest > REPAIR_MS)
    history.violate('late', `profile ${learner.id}: ${number} was not everywhere until ${slowest.toFixed(0)} ms after`)
  learner.profile.confirm(number)
}

interface Watch {
  readonly node: LiveNode
  readonly learner: Learner
  readonly number: number
  readonly since: number
}

/** Milliseconds after `since` at which the last read began that showed less than the number; 0 when none did. */
async function lastStale({ client, cast }: Trial, { node, learner, number, since }: Watch): Promise<number> {
  let latest = 0
  while (!node.excused && performance.now() < since + REPAIR_MS + 500) {
    const begun = performance.now()
    const query = `{ user(id: ${learner.id}) { firstName } }`
    const answer = await client.ask(node.url, { query, token: cast.staff }).catch(() => null)
    const shown = Number(Object(answer?.data?.['user']).firstName)
    if (shown < number) latest = begun - since
    await pause(15)
  }
  return latest
}

export const processFaults: readonly Fault[] = [killed, killedAfterCommit, changedByHand]
