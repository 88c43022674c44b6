import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from './fault.ts'

/** A request that met a lost connection is answered within this time, in milliseconds. */
const ANSWERED_MS = 3_000

const connectionsEnded: Fault = {
  name: 'PostgreSQL ends connections, some or all',
  async inject(trial) {
    const { stage, random } = trial
    trial.databaseFails = true
    for (let left = random.between(3, 6); left > 0; left -= 1) {
      await stage.truth.endSessions(random.of([0.3, 0.6, 1]))
      await pause(random.between(0, 300))
    }
    await pause(ANSWERED_MS)
    trial.databaseFails = false
  },
}

export const databaseFaults: readonly Fault[] = [connectionsEnded]
