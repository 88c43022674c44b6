import type { Bytes } from './bytes.ts'

/** Tells a codec's packets' time from the packets themselves, so that no header need be believed. */
export interface PacketClock {
  /** Samples a second. */
  readonly rate: number
  /** The samples that a packet adds to what was heard before it. Packets come in order, each once. */
  samples(packet: Bytes): number
}
