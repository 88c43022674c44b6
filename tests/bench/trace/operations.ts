import type { UserId } from '../../../src/domain/ids.ts'
import { shuffled } from '../support/timing.ts'
import { createChance, createZipf } from '../world/chance.ts'

/** One request of the trace. */
export interface Operation {
  readonly act: 'read' | 'activity' | 'profile'
  readonly learner: UserId
}

const SEED = 20_261_124
const WRITES = 0.05
const ACTIVITY_OF_WRITES = 0.8

/** The same requests in the same order each time, the more popular learners more often. */
export function* operations(learners: readonly UserId[], count: number): Generator<Operation, void> {
  const chance = createChance(SEED)
  const draw = createZipf(shuffled(learners, SEED), chance)
  for (let done = 0; done < count; done += 1) {
    const learner = draw()
    const luck = chance()
    if (luck >= WRITES) yield { act: 'read', learner }
    else yield { act: luck < WRITES * ACTIVITY_OF_WRITES ? 'activity' : 'profile', learner }
  }
}
