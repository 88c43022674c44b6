import { AAC_CONFIG, AAC_PACKET } from './packets.ts'

/** Big-endian numbers of four bytes, or of eight where they are bigints. */
export function numbers(...values: readonly (number | bigint)[]): Uint8Array {
  return Buffer.concat(
    values.map((value) => {
      const bytes = Buffer.alloc(typeof value === 'bigint' ? 8 : 4)
      if (typeof value === 'bigint') bytes.writeBigInt64BE(value)
      else bytes.writeUInt32BE(value)
      return bytes
    }),
  )
}

/** A box (ISO/IEC 14496-12, section 4.2). */
export function box(type: string, ...inside: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(inside)
  return Buffer.concat([numbers(body.length + 8), Buffer.from(type), body])
}

const RATE = 48_000

/** AAC LC, 48 kHz: version and flags, then a descriptor in a descriptor in a descriptor. */
const ESDS = Uint8Array.of(
  ...[0, 0, 0, 0, 3, 22, 0, 1, 0, 4, 17, 0x40, 0x15],
  ...Array<number>(11).fill(0),
  ...[5, 2, ...AAC_CONFIG],
)

export interface TrackOptions {
  /** Whether times take eight bytes. */
  readonly isWide?: boolean
  readonly packets?: number
  /** Rows of the edit list: a duration in milliseconds, and where in the track it begins, in samples. */
  readonly edits?: readonly (readonly [milliseconds: number, from: number])[]
}

/** What `mvhd` and `mdhd` begin with. */
const times = (isWide: boolean, timescale: number): Uint8Array =>
  isWide ? numbers(2 ** 24, 1n, 2n, timescale, 0n) : numbers(0, 1, 2, timescale, 0)

const editRow = (isWide: boolean, milliseconds: number, from: number): Uint8Array =>
  isWide
    ? numbers(BigInt(milliseconds), BigInt(from), 2 ** 16)
    : numbers(milliseconds, from < 0 ? 2 ** 32 + from : from, 2 ** 16)

/** A track of sound, of packets that are all alike. */
export function trak({ isWide = false, packets = 0, edits = [] }: TrackOptions = {}): Uint8Array {
  const rows = edits.map(([milliseconds, from]) => editRow(isWide, milliseconds, from))
  const entry = box('mp4a', new Uint8Array(28), box('esds', ESDS))
  const tables = [
    box('stsd', numbers(0, 1), entry),
    box('stts', numbers(0, 1, packets, 1024)),
    box('stsz', numbers(0, AAC_PACKET.length, packets)),
  ]
  return box(
    'trak',
    box('tkhd', isWide ? numbers(2 ** 24, 1n, 2n, 5) : numbers(0, 1, 2, 5)),
    ...(edits.length > 0 ? [box('edts', box('elst', numbers(isWide ? 2 ** 24 : 0, edits.length), ...rows))] : []),
    box(
      'mdia',
      box('mdhd', times(isWide, RATE)),
      box('hdlr', numbers(0, 0), Buffer.from('soun')),
      box('minf', box('stbl', ...tables)),
    ),
  )
}

export const FTYP = box('ftyp', Buffer.from('M4A \0\0\0\0'))
export const moov = (isWide: boolean, ...inside: readonly Uint8Array[]): Uint8Array =>
  box('moov', box('mvhd', times(isWide, 1000)), ...inside)

export const mdat = (packets: number): Uint8Array => box('mdat', ...Array<Uint8Array>(packets).fill(AAC_PACKET))

/** A whole file of one track. */
export const m4a = (options: TrackOptions): Uint8Array =>
  Buffer.concat([FTYP, moov(options.isWide ?? false, trak(options)), mdat(options.packets ?? 0)])
