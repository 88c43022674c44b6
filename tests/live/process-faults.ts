import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from './fault.ts'
import type { Learner } from './learners.ts'
import type { LiveNode } from './live-node.ts'
import { LAST_WORDS } from './live-store.ts'
import { askEverything } from './shapes.ts'
import { read, type Trial } from './trial.ts'
import { rename } from './writes.ts'

/** What a relay has to find must be found within this time, in milliseconds. */
const REPAIR_MS = 1_500

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
    const { stage, random, cast, history } = trial
    const learner = random.of(cast.learners)
    const node = random.of(stage.nodes)
    using _ = await learner.lock.take()
    await Promise.all(stage.nodes.map((other) => read(trial, other, askEverything(learner, cast))))
    await node.doom(`user:${learner.id}`)
    await rename(trial, node, learner)
    const since = performance.now()
    const kept = await stage.truth.firstName(learner)
    await Promise.all([stage.replace(node), expectRepair(trial, learner, since)])
    if (kept === learner.profile.begun && node.output().includes(LAST_WORDS))
      history.counts.betweenCommitAndRemoval += 1
  },
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
