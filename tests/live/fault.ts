import type { Trial } from './trial.ts'

/** Something that goes wrong while the load runs. */
export interface Fault {
  readonly name: string
  /** Lets it happen, and resolves when it is over. */
  inject(trial: Trial): Promise<void>
}

/** One right after the other, with no quiet between them. */
export const inTurn = (...faults: readonly Fault[]): Fault => ({
  name: faults.map(({ name }) => name).join(', then '),
  async inject(trial) {
    for (const fault of faults) await fault.inject(trial)
  },
})
