import { OPUS_PACKET, opusHead } from './packets.ts'

interface PageOptions {
  readonly packets: readonly Uint8Array[]
  /** -1 where no packet ends. */
  readonly granule: number
  readonly isFirst?: boolean
  readonly isLast?: boolean
  readonly serial?: number
  /** Whether the last packet, of a multiple of 255 bytes, goes on in the next page. */
  readonly goesOn?: boolean
}

/** The checksum of Ogg: polynomial 0x04c11db7, not reflected (RFC 3533, section 6). */
function checksum(page: Uint8Array): number {
  let crc = 0
  for (const byte of page) {
    crc ^= byte << 24
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  }
  return crc >>> 0
}

const lacingOf = ({ length }: Uint8Array): number[] => [...Array(Math.floor(length / 255)).fill(255), length % 255]

/** One page of whole packets. */
export function oggPage({
  packets,
  granule,
  isFirst = false,
  isLast = false,
  serial = 7,
  goesOn = false,
}: PageOptions): Uint8Array {
  const all = packets.flatMap(lacingOf)
  const lacing = goesOn ? all.slice(0, -1) : all
  const page = Buffer.concat([Buffer.alloc(27), Uint8Array.from(lacing), ...packets])
  page.write('OggS', 'latin1')
  page[5] = (isFirst ? 2 : 0) + (isLast ? 4 : 0)
  page.writeBigInt64LE(BigInt(granule), 6)
  page.writeUInt32LE(serial, 14)
  page[26] = lacing.length
  page.writeUInt32LE(checksum(page), 22)
  return page
}

const OPUS_TAGS = Uint8Array.of(...Buffer.from('OpusTags'), 0, 0, 0, 0, 0, 0, 0, 0)

export const opusHeaders = (preSkip: number, serial = 7): Uint8Array =>
  Buffer.concat([
    oggPage({ packets: [opusHead(preSkip)], granule: 0, isFirst: true, serial }),
    oggPage({ packets: [OPUS_TAGS], granule: 0, serial }),
  ])

interface OpusOptions {
  readonly preSkip?: number
  /** What the last page says, in samples at 48 kHz; else just what its packets give. */
  readonly lastGranule?: number
  /** What the clock stands at before the first packet. */
  readonly from?: number
  readonly packet?: Uint8Array
}

const PACKETS_PER_PAGE = 50
const PACKET_SAMPLES = 960

/** Ogg with Opus, of so many packets of 20 ms. */
export function oggOpus(
  count: number,
  { preSkip = 312, lastGranule, from = 0, packet = OPUS_PACKET }: OpusOptions = {},
) {
  const pages = [opusHeaders(preSkip)]
  for (let n = 0; n < count; n += PACKETS_PER_PAGE) {
    const end = Math.min(count, n + PACKETS_PER_PAGE)
    const isLast = end === count
    const granule = isLast && lastGranule !== undefined ? lastGranule : from + end * PACKET_SAMPLES
    pages.push(oggPage({ packets: Array(end - n).fill(packet), granule, isLast }))
  }
  return Buffer.concat(pages)
}
