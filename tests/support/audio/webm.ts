import { OPUS_PACKET, opusHead } from './packets.ts'

/** A size of eight bytes; undefined means that the writer does not know it. */
function sizeBytes(size: number | undefined): Uint8Array {
  const bytes = Buffer.alloc(8, 0xff)
  if (size !== undefined) bytes.writeBigUInt64BE(BigInt(size))
  bytes[0] = 1
  return bytes
}

function idBytes(id: number): Uint8Array {
  const hex = id.toString(16)
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
}

/** An element of EBML (RFC 8794). */
export function ebml(id: number, ...inside: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(inside)
  return Buffer.concat([idBytes(id), sizeBytes(body.length), body])
}

/** The beginning of one whose end nobody knew. */
export const endless = (id: number): Uint8Array => Buffer.concat([idBytes(id), sizeBytes(undefined)])

export function uint(id: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return ebml(id, bytes)
}

const text = (id: number, value: string): Uint8Array => ebml(id, Buffer.from(value))

export const ebmlHeader = (docType = 'webm'): Uint8Array => ebml(0x1a45dfa3, text(0x4282, docType))

/** A track: 1 is video, 2 audio, 17 subtitles. */
export const track = (number: number, type: number, codec: string, ...more: readonly Uint8Array[]): Uint8Array =>
  ebml(0xae, uint(0xd7, number), uint(0x83, type), text(0x86, codec), ...more)

export const opusTrack = (number = 1, ...more: readonly Uint8Array[]): Uint8Array =>
  track(number, 2, 'A_OPUS', ebml(0x63a2, opusHead()), ...more)

export const tracks = (...entries: readonly Uint8Array[]): Uint8Array => ebml(0x1654ae6b, ...entries)

/** @param lacing 0 for none, 1 for Xiph's, 2 for equal sizes, 3 for EBML's */
export function block(id: number, ticks: number, payload: Uint8Array, lacing = 0, number = 1): Uint8Array {
  return ebml(id, Uint8Array.of(0x80 | number, (ticks >> 8) & 0xff, ticks & 0xff, lacing << 1), payload)
}

export const simpleBlock = (ticks: number, payload: Uint8Array = OPUS_PACKET, lacing = 0): Uint8Array =>
  block(0xa3, ticks, payload, lacing)

/** Elements of a cluster that begins at so many milliseconds. */
export const clusterTime = (milliseconds: number): Uint8Array => uint(0xe7, milliseconds)

/** A recording as Chrome and Firefox make it: no sizes, no duration, no index. In the pieces that it is written in. */
export function liveWebm(packets: number): readonly Uint8Array[] {
  const header = [ebmlHeader(), endless(0x18538067), tracks(opusTrack())]
  const blocks = Array.from({ length: packets }, (_, n) => {
    const block = simpleBlock((n % 50) * 20)
    return n % 50 === 0 ? [endless(0x1f43b675), clusterTime(n * 20), block] : [block]
  })
  return [...header, ...blocks.flat()]
}

/** A recording whose writer knew all sizes, of the given clusters. */
export const finishedWebm = (...inside: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat([ebmlHeader(), ebml(0x18538067, ...inside)])

export const cluster = (milliseconds: number, ...blocks: readonly Uint8Array[]): Uint8Array =>
  ebml(0x1f43b675, clusterTime(milliseconds), ...blocks)
