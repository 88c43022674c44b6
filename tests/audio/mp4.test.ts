import { describe, expect, test } from 'vitest'
import { box, FTYP, m4a, mdat, moov, numbers, trak } from '../support/audio/mp4.ts'
import { AAC_PACKET } from '../support/audio/packets.ts'
import { verdictOn } from '../support/audio/verdict.ts'

const TRACK = 5

/** Defaults for a track's fragments: a description, ticks, bytes, flags. */
const mvex = (ticks: number, bytes: number): Uint8Array =>
  box('mvex', box('trex', numbers(0, TRACK, 1, ticks, bytes, 0)))

const fragment = (tfhd: Uint8Array, ...inside: readonly Uint8Array[]): Uint8Array =>
  box('moof', box('traf', box('tfhd', tfhd), ...inside))

const inFragments = (...inside: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat([FTYP, moov(false, trak(), mvex(1024, AAC_PACKET.length)), ...inside])

// 94 packets of 1,024 samples are 2.005 s, and the first is the encoder's delay.
const PACKETS = 94

describe.each([
  ['four', false],
  ['eight', true],
])('with times of %s bytes', (_, isWide) => {
  test('packets are counted', async () => {
    expect(await verdictOn(m4a({ packets: PACKETS, isWide }))).toBe('MP4 1.98')
  })

  test('an edit list says how much of them is heard, silence ahead of them left aside', async () => {
    const edits = [
      [500, -1],
      [1960, 2048],
    ] as const
    expect(await verdictOn(m4a({ packets: PACKETS, edits, isWide }))).toBe('MP4 1.96')
  })

  test('an edit list that does not know the end says what is skipped', async () => {
    expect(await verdictOn(m4a({ packets: PACKETS, edits: [[0, 2048]], isWide }))).toBe('MP4 1.96')
  })

  test('an edit list hides no more than encoders add', async () => {
    expect(await verdictOn(m4a({ packets: PACKETS, edits: [[100, 0]], isWide }))).toBe('MP4 1.94')
    expect(await verdictOn(m4a({ packets: 2900, edits: [[5000, 0]], isWide }))).toMatch('longer than 60')
  })
})

test('a file without a packet holds no sound', async () => {
  expect(await verdictOn(m4a({}))).toBe('audio holds no sound.')
  expect(await verdictOn(Buffer.concat([FTYP, moov(false), mdat(3)]))).toBe('audio holds no sound.')
})

test('two tracks of sound are one too many', async () => {
  const both = moov(false, trak({ packets: PACKETS }), trak({ packets: PACKETS }))
  expect(await verdictOn(Buffer.concat([FTYP, both, mdat(2 * PACKETS)]))).toMatch('several')
})

test('tables behind the sound, a box that goes on to the end, and a long size are all the same', async () => {
  const tables = moov(false, trak({ packets: PACKETS }))
  const sound = mdat(PACKETS)
  const toTheEnd = Buffer.concat([numbers(0), sound.subarray(4)])
  const long = Buffer.concat([numbers(1), Buffer.from('mdat'), numbers(BigInt(sound.length + 8)), sound.subarray(8)])
  for (const file of [
    [FTYP, sound, tables],
    [FTYP, tables, toTheEnd],
    [FTYP, tables, long],
  ])
    expect(await verdictOn(Buffer.concat(file))).toBe('MP4 1.98')
})

test('tables of which there are two, or which come behind their fragments, are damaged', async () => {
  const tables = moov(false, trak({ packets: 10 }))
  expect(await verdictOn(Buffer.concat([FTYP, tables, tables, mdat(10)]))).toMatch('damaged')
  expect(await verdictOn(Buffer.concat([FTYP, fragment(numbers(0, TRACK)), tables, mdat(10)]))).toMatch('damaged')
})

describe('in fragments', () => {
  const run = (packets: number) => box('trun', numbers(0, packets))

  test('packets are as the track says', async () => {
    const first = fragment(numbers(0, TRACK), run(50))
    const second = fragment(numbers(0, TRACK), run(40), run(4))
    expect(await verdictOn(inFragments(first, mdat(50), second, mdat(44)))).toBe('MP4 1.98')
  })

  test('packets are as the fragment says, behind an offset and a description', async () => {
    const half = AAC_PACKET.length / 2
    const tfhd = numbers(0x1b, TRACK, 0n, 1, 2048, half)
    // Twice the time, half the bytes: what is listed counts where it is more than AAC's own.
    expect(await verdictOn(inFragments(fragment(tfhd, run(PACKETS)), mdat(PACKETS / 2)))).toBe('MP4 3.99')
    expect(await verdictOn(inFragments(fragment(tfhd, run(PACKETS)), mdat(PACKETS / 2 - 1)))).toMatch('cut off')
  })

  test('packets are as their table says', async () => {
    const rows = Array.from({ length: PACKETS }, () => numbers(2048, AAC_PACKET.length, 0, 0))
    const table = box('trun', numbers(0xf05, PACKETS, 0, 0), ...rows)
    expect(await verdictOn(inFragments(fragment(numbers(0, TRACK), table), mdat(PACKETS)))).toBe('MP4 3.99')
    expect(await verdictOn(inFragments(fragment(numbers(0, TRACK), table), mdat(PACKETS - 1)))).toMatch('cut off')
  })

  test('another track is left aside', async () => {
    const other = fragment(numbers(0, TRACK + 1), run(5000))
    expect(await verdictOn(inFragments(fragment(numbers(0, TRACK), run(PACKETS)), mdat(PACKETS), other))).toBe(
      'MP4 1.98',
    )
  })

  test.each([
    ['four', (ticks: number) => numbers(0, ticks)],
    ['eight', (ticks: number) => numbers(2 ** 24, BigInt(ticks))],
  ])('a gap between two counts, and a late beginning does not, with times of %s bytes', async (_, timeOf) => {
    const at = (seconds: number) => box('tfdt', timeOf(seconds * 48_000))
    const part = (seconds: number) => [fragment(numbers(0, TRACK), at(seconds), run(47)), mdat(47)]
    expect(await verdictOn(inFragments(...part(100), ...part(102)))).toBe('MP4 2.98')
    expect(await verdictOn(inFragments(...part(100), ...part(170)))).toMatch('longer than 60')
  })
})
