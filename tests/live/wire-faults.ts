import { setTimeout as pause } from 'node:timers/promises'
import type { FlakyMode, FlakyProxy } from '../support/flaky-proxy.ts'
import type { Fault } from './fault.ts'
import type { Random } from './random.ts'
import type { Stage, Wires } from './stage.ts'

/** Does something while these wires are not what they should be. */
async function whileIn(mode: FlakyMode, wires: readonly FlakyProxy[], work: () => Promise<unknown>): Promise<void> {
  for (const wire of wires) wire.mode(mode)
  try {
    await work()
  } finally {
    for (const wire of wires) wire.mode('pass')
  }
}

/** Does something while no server reaches Redis. */
export const whileCut = ({ wires }: Stage, work: () => Promise<unknown>): Promise<void> =>
  whileIn('cut', wires.flatMap(both), work)

const both = ({ commands, bus }: Wires): FlakyProxy[] => [commands, bus]
const bus = (wires: Wires): FlakyProxy[] => [wires.bus]
const commands = (wires: Wires): FlakyProxy[] => [wires.commands]

interface Trouble {
  readonly name: string
  readonly mode: (random: Random) => FlakyMode
  readonly wiresOf: (wires: Wires) => FlakyProxy[]
  /** Of one node alone, or of all. */
  readonly alone: boolean
}

const trouble = ({ name, mode, wiresOf, alone }: Trouble): Fault => ({
  name,
  async inject({ stage, random }) {
    const chosen = alone ? [random.of(stage.wires)] : stage.wires
    await whileIn(mode(random), chosen.flatMap(wiresOf), () => pause(random.between(500, 1_500)))
  },
})

const cut = (): FlakyMode => 'cut'
const swallow = (): FlakyMode => 'swallow'
/** So little that nobody gives up. */
const delayALittle = (random: Random): FlakyMode => ({ delayMs: random.between(5, 35) })
const delay = (random: Random): FlakyMode => ({ delayMs: random.between(60, 300) })

export const wireFaults: readonly Fault[] = [
  trouble({ name: 'all traffic is cut', mode: cut, wiresOf: both, alone: false }),
  trouble({ name: 'one node is cut off', mode: cut, wiresOf: both, alone: true }),
  trouble({ name: 'all traffic is swallowed', mode: swallow, wiresOf: both, alone: false }),
  trouble({ name: "one node's traffic is swallowed", mode: swallow, wiresOf: both, alone: true }),
  trouble({ name: 'all traffic is delayed a little', mode: delayALittle, wiresOf: both, alone: false }),
  trouble({ name: 'all traffic is delayed', mode: delay, wiresOf: both, alone: false }),
  trouble({ name: "one node's commands are delayed", mode: delay, wiresOf: commands, alone: true }),
  trouble({ name: "one node's bus is cut", mode: cut, wiresOf: bus, alone: true }),
  trouble({ name: "every node's bus is swallowed", mode: swallow, wiresOf: bus, alone: false }),
  trouble({ name: "every node's bus is delayed", mode: delay, wiresOf: bus, alone: false }),
  trouble({ name: "every node's bus is cut", mode: cut, wiresOf: bus, alone: false }),
]
