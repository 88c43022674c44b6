import type { Bytes } from './bytes.ts'
import type { PacketClock } from './packet-clock.ts'
import { damaged } from './refusals.ts'

/** RFC 6716, section 3.2.5: a packet is at most 120 ms long. */
const MAX_PACKET_SAMPLES = 5_760

/** Samples of one frame for each of the 32 configurations of the table of contents byte (RFC 6716, table 2). */
const FRAME_SAMPLES = [
  ...Array.from({ length: 12 }, (_, config) => [480, 960, 1920, 2880][config % 4] ?? 0),
  ...Array.from({ length: 4 }, (_, config) => [480, 960][config % 2] ?? 0),
  ...Array.from({ length: 16 }, (_, config) => [120, 240, 480, 960][config % 4] ?? 0),
]

/** Opus counts at 48 kHz, whatever rate the microphone had (RFC 7845, section 4). */
export const OPUS_CLOCK: PacketClock = { rate: 48_000, samples: samplesOf }

/** What a packet decodes to, told from its first one or two bytes (RFC 6716, section 3.1). */
function samplesOf(packet: Bytes): number {
  // No packet is empty (RFC 6716, section 3.4, R1); a writer may still have put one where it had lost one.
  if (packet.start === packet.end) return 0
  const toc = packet.u8(packet.start)
  const samples = (FRAME_SAMPLES[toc >> 3] ?? 0) * framesOf(packet, toc & 3)
  if (samples > MAX_PACKET_SAMPLES) throw damaged()
  return samples
}

function framesOf(packet: Bytes, code: number): number {
  if (code < 3) return code === 0 ? 1 : 2
  return packet.u8(packet.start + 1) & 0x3f
}
