import type { Bytes } from './bytes.ts'
import type { PacketClock } from './packet-clock.ts'
import { damaged } from './refusals.ts'

/**
 * A clock for Vorbis packets, from the identification and the setup header (Vorbis I, sections 4.2 and 4.3.8):
 * a packet names its mode, the mode one of two block sizes, and two blocks overlap by a half of each.
 */
export function vorbisClock(identification: Bytes, setup: Bytes): PacketClock {
  const { start } = identification
  const rate = identification.u32(start + 12, true)
  const exponents = identification.u8(start + 28)
  const blockSizes = [1 << (exponents & 15), 1 << (exponents >> 4)]
  if (!identification.has(start, '\x01vorbis') || rate === 0) throw damaged()
  const modes = modesOf(setup)
  const modeBits = 32 - Math.clz32(modes.length - 1)
  let previous = 0
  return {
    rate,
    samples: (packet) => {
      if (packet.start === packet.end) return 0
      const first = packet.u8(packet.start)
      // An odd first byte is a header's: not audio.
      if (first & 1) return 0
      const size = blockSizes[modes[(first >> 1) & ((1 << modeBits) - 1)] ?? 0] ?? 0
      const samples = previous === 0 ? 0 : (previous + size) / 4
      previous = size
      return samples
    },
  }
}

const MAX_MODES = 64
/** Bits of one mode: its block flag, window type (16, zero), transform type (16, zero), mapping. */
const MODE_BITS = 41

/**
 * The block flag of each mode. The modes end the setup header, behind codebooks whose length only a decoder knows;
 * so they are read backwards, as long as what is found can be a mode, and the count before them tells which was first.
 */
function modesOf(setup: Bytes): readonly number[] {
  if (!setup.has(setup.start, '\x05vorbis')) throw damaged()
  const last = lastBit(setup)
  const flags: number[] = []
  let found: readonly number[] | undefined
  for (let at = last - MODE_BITS; flags.length < MAX_MODES && isMode(setup, at); at -= MODE_BITS) {
    flags.unshift(bits(setup, at, 1))
    if (bits(setup, at - 6, 6) + 1 === flags.length) found = [...flags]
  }
  if (found === undefined) throw damaged()
  return found
}

/** The framing bit: the last one that is set. */
function lastBit(setup: Bytes): number {
  let at = setup.end - 1
  while (setup.u8(at) === 0) at -= 1
  return at * 8 + 31 - Math.clz32(setup.u8(at))
}

const isMode = (setup: Bytes, at: number): boolean =>
  at >= (setup.start + 8) * 8 &&
  bits(setup, at + 1, 16) === 0 &&
  bits(setup, at + 17, 16) === 0 &&
  bits(setup, at + 33, 8) < MAX_MODES

/** Vorbis packs bits from the least significant one of each byte on (Vorbis I, section 2). */
function bits(bytes: Bytes, at: number, count: number): number {
  let value = 0
  for (let n = 0; n < count; n += 1) {
    const bit = at + n
    value |= ((bytes.u8(Math.floor(bit / 8)) >> (bit % 8)) & 1) << n
  }
  return value
}
