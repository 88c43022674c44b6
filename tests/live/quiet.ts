import { setTimeout as pause } from 'node:timers/promises'
import type { Observation } from './history.ts'
import { askEverything, askForGhost } from './shapes.ts'
import { read, type Trial } from './trial.ts'

/** Milliseconds after which no fault may have left anything behind. */
const QUIET_MS = 3_000
/** Each read of a row finds what the one before may have put into a cache. */
const ROUNDS = 3

/**
 * Waits, with no writer at work, and then expects every node to show exactly what PostgreSQL has. From then on nothing
 * else may be read, whether its write was ever acknowledged or not.
 */
export async function checkQuiet(trial: Trial): Promise<void> {
  const { stage, cast, history } = trial
  await pause(QUIET_MS)
  for (const { register, value } of await truthOf(trial)) {
    const number = register.numberIn(value)
    if (number !== null) register.settle(number)
    else
      history.violate(
        'lost',
        `${register.name}: ${register.floor} was acknowledged; PostgreSQL has ${JSON.stringify(value)}`,
      )
  }
  for (let round = 0; round < ROUNDS; round += 1)
    for (const node of stage.nodes) {
      const readings = [
        ...cast.learners.map((learner) => askEverything(learner, cast)),
        ...cast.ghosts.map((ghost) => askForGhost(ghost, cast)),
      ]
      await Promise.all(readings.map((reading) => read(trial, node, reading)))
    }
}

async function truthOf({ stage: { truth }, cast: { learners, ghosts } }: Trial): Promise<Observation[]> {
  const ofGhosts = ghosts.map(async ({ telegramId, existence }) => ({
    register: existence,
    value: (await truth.ghost(telegramId))?.firstName ?? null,
  }))
  return [...(await truth.observe(learners)), ...(await Promise.all(ofGhosts))]
}
