import type { Bytes } from './bytes.ts'
import { vintAt } from './ebml.ts'
import { damaged } from './refusals.ts'

/** A block of WebM: packets of one track, in one piece of time (RFC 9559, section 10). */
export interface WebmBlock {
  readonly track: number | undefined
  /** Ticks after the cluster's time; may be negative. */
  readonly ticks: number
  readonly packets: readonly Bytes[]
}

export function blockOf(body: Bytes): WebmBlock {
  const track = vintAt(body, body.start)
  const lacing = (body.u8(track.end + 2) >> 1) & 3
  return { track: track.value, ticks: body.i16(track.end), packets: packetsOf(body, track.end + 3, lacing) }
}

/** Lacing 0 is none, 1 Xiph's, 2 of equal sizes, 3 EBML's (RFC 9559, section 10.3). */
function packetsOf(body: Bytes, at: number, lacing: number): readonly Bytes[] {
  if (lacing === 0) return [body.window(at, body.end - at)]
  const count = body.u8(at) + 1
  if (lacing === 2) return equalPackets(body, at + 1, count)
  const { sizes, end } = lacing === 1 ? xiphSizes(body, at + 1, count) : ebmlSizes(body, at + 1, count)
  let from = end
  const packets = sizes.map((size) => {
    const packet = body.window(from, size)
    from = packet.end
    return packet
  })
  return [...packets, body.window(from, body.end - from)]
}

function equalPackets(body: Bytes, at: number, count: number): readonly Bytes[] {
  const size = (body.end - at) / count
  // Packets of no bytes would be 256 for the price of none.
  if (size === 0 || !Number.isInteger(size)) throw damaged()
  return Array.from({ length: count }, (_, n) => body.window(at + n * size, size))
}

interface Sizes {
  /** Of all packets but the last, which takes what is left. */
  readonly sizes: readonly number[]
  readonly end: number
}

export function xiphSizes(body: Bytes, from: number, count: number): Sizes {
  const sizes: number[] = []
  let at = from
  for (let size = 0; sizes.length < count - 1; at += 1) {
    size += body.u8(at)
    if (body.u8(at) === 255) continue
    sizes.push(size)
    size = 0
  }
  return { sizes, end: at }
}

function ebmlSizes(body: Bytes, from: number, count: number): Sizes {
  const sizes: number[] = []
  let at = from
  while (sizes.length < count - 1) {
    const { value, end } = vintAt(body, at)
    // A size that is unknown means nothing here; NaN fails the first window that is made of it.
    const size = value ?? Number.NaN
    // After the first each is a difference to the one before, stored with a half of its range added.
    sizes.push(sizes.length === 0 ? size : (sizes.at(-1) ?? 0) + size - (2 ** (7 * (end - at) - 1) - 1))
    at = end
  }
  return { sizes, end: at }
}
