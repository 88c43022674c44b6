import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KINDS, type Kind, MUXED } from '../support/audio/muxed.ts'
import { oggOpus } from '../support/audio/ogg.ts'
import { mp3Frame } from '../support/audio/packets.ts'
import { find, isAccepted, patched, verdictOn } from '../support/audio/verdict.ts'
import {
  cluster,
  ebmlHeader,
  endless,
  finishedWebm,
  liveWebm,
  opusTrack,
  simpleBlock,
  tracks,
} from '../support/audio/webm.ts'

const RECORDED = [
  'ffmpeg-opus.ogg',
  'ffmpeg-vorbis.ogg',
  'ffmpeg-lame.mp3',
  'ffmpeg-aac.m4a',
  'ffmpeg-fragmented.m4a',
  'ffmpeg-live.webm',
  'ffmpeg-vorbis.webm',
]
const read = (name: string): Uint8Array => readFileSync(new URL(`../support/audio/${name}`, import.meta.url))

/** Kinds that say at their beginning or their end that there is nothing more. */
const CLOSED: readonly Kind[] = KINDS.filter((kind) => kind !== 'MP4 in fragments' && kind !== 'WEBM written live')

/** All lengths but its own at which a recording is taken nevertheless. */
async function acceptedCuts(recording: Uint8Array): Promise<number[]> {
  const cuts: number[] = []
  for (let length = 0; length < recording.length; length += 1) {
    if (await isAccepted(recording.subarray(0, length))) cuts.push(length)
  }
  return cuts
}

/** Where pieces begin. */
function seams(pieces: readonly Uint8Array[]): number[] {
  let at = 0
  return pieces.map(({ length }) => {
    at += length
    return at - length
  })
}

describe('a recording that is cut off', () => {
  test.each(CLOSED)('anywhere is refused, in %s', async (kind) => {
    const short = await MUXED[kind](0.4)
    expect(await acceptedCuts(short)).toEqual([])
    const long = await MUXED[kind](20)
    const cut = fc.nat({ max: long.length - 1 })
    await fc.assert(fc.asyncProperty(cut, async (length) => !(await isAccepted(long.subarray(0, length)))))
  })

  test.each(['ffmpeg-opus.ogg', 'ffmpeg-vorbis.ogg', 'ffmpeg-aac.m4a', 'ffmpeg-vorbis.webm'])(
    'anywhere is refused, as %s',
    async (name) => {
      expect(await acceptedCuts(read(name))).toEqual([])
    },
  )

  test('is refused in live WebM, except between two blocks', async () => {
    const pieces = liveWebm(60)
    const between = new Set(seams(pieces))
    const cuts = await acceptedCuts(Buffer.concat(pieces))
    expect(cuts.length).toBeGreaterThan(40)
    expect(cuts.filter((cut) => !between.has(cut))).toEqual([])
  })

  test('is refused in MP4 in fragments, except between two of them', async () => {
    const recording = Buffer.from(await MUXED['MP4 in fragments'](3))
    const between: number[] = []
    for (let at = 0; at < recording.length; at += recording.readUInt32BE(at)) between.push(at)
    const cuts = await acceptedCuts(recording)
    expect(cuts.filter((cut) => !between.includes(cut))).toEqual([])
    expect(cuts.length).toBeLessThan(6)
  })

  test('is refused in MP3 that promises nothing, except between two frames', async () => {
    const frame = mp3Frame()
    const cuts = await acceptedCuts(Buffer.concat(Array(12).fill(frame)))
    expect(cuts.filter((cut) => cut % frame.length !== 0)).toEqual([])
  })

  test('only within its tag at the end has lost nothing that is heard, but is refused, too', async () => {
    const recording = read('ffmpeg-lame.mp3')
    // Without the tag it is whole.
    expect(await acceptedCuts(recording)).toEqual([recording.length - 128])
    expect(await verdictOn(recording.subarray(0, -1))).toMatch('cut off')
  })
})

describe('whatever bytes come', () => {
  test('random ones are refused', async () => {
    const bytes = fc.uint8Array({ maxLength: 4000, size: 'max' })
    await fc.assert(fc.asyncProperty(bytes, async (some) => !(await isAccepted(some))))
  })

  test('random ones behind the beginning of a recording are refused', async () => {
    for (const name of RECORDED) {
      const recording = read(name)
      const bytes = fc.uint8Array({ minLength: 8, maxLength: 500, size: 'max' })
      const length = fc.integer({ min: 4, max: 200 })
      const property = fc.asyncProperty(bytes, length, async (some, kept) => {
        await verdictOn(Buffer.concat([recording.subarray(0, kept), some]))
      })
      await fc.assert(property)
    }
  })

  test.each([...RECORDED, ...KINDS])('a few wrong ones in %s do no harm', async (name) => {
    const kind = KINDS.find((one) => one === name)
    const recording = kind === undefined ? read(name) : await MUXED[kind](0.5)
    // Headers are where there is most to break.
    const place = fc.oneof(fc.nat({ max: recording.length - 1 }), fc.nat({ max: Math.min(700, recording.length - 1) }))
    const changes = fc.array(fc.tuple(place, fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 })
    const property = fc.asyncProperty(changes, async (all) => {
      const broken = Uint8Array.from(recording)
      for (const [at, value] of all) broken[at] = value
      // Throws on anything that is not an answer to the caller.
      await verdictOn(broken)
    })
    await fc.assert(property, { numRuns: 500 })
  })

  test('pieces in another order do no harm', async () => {
    const recording = oggOpus(400)
    const pieces = fc.array(fc.tuple(fc.nat({ max: recording.length }), fc.nat({ max: 2000 })), { maxLength: 12 })
    const property = fc.asyncProperty(pieces, async (all) => {
      await verdictOn(Buffer.concat(all.map(([from, length]) => recording.subarray(from, from + length))))
    })
    await fc.assert(property)
  })
})

describe('sizes that cannot be are refused:', () => {
  const cutOff = expect.stringMatching(/^audio is (cut off|damaged)/)

  test('elements of 2^56 bytes, of unknown size, or with names that are none', async () => {
    const header = [ebmlHeader(), endless(0x18538067)]
    for (const element of [
      [0xec, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe],
      [0xec, 0x01, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      [0xec, 0xff],
      [0xec, 0x00, 0x81],
      // A name of five bytes; a time of nine.
      [0x08, 0x81, 0x81, 0x81, 0x81, 0x80],
      [0xe7, 0x89, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ])
      expect(await verdictOn(Buffer.concat([...header, Uint8Array.from(element)]))).toEqual(cutOff)
  })

  test('boxes of less than their header, or of more than there is', async () => {
    const ftyp = Buffer.from('\0\0\0\x10ftypM4A \0\0\0\0', 'latin1')
    for (const box of [
      '\0\0\0\x07moov',
      '\0\0\0\x01moov\0\0\0\0\0\0\0\x08',
      '\0\0\0\x01moov\xff\xff\xff\xff\xff\xff\xff\xff',
      '\xff\xff\xff\xffmoov',
    ])
      expect(await verdictOn(Buffer.concat([ftyp, Buffer.from(box, 'latin1')]))).toEqual(cutOff)
  })

  test('tables of 2^32 rows', async () => {
    const recording = await MUXED.MP4(1)
    const many = [0xff, 0xff, 0xff, 0xff]
    for (const [table, at] of [
      ['stts', 8],
      ['stsz', 12],
    ] as const)
      expect(await verdictOn(patched(recording, find(recording, table) + at, ...many))).toEqual(cutOff)
  })

  test('boxes in boxes in boxes are not followed', async () => {
    const depth = 50_000
    const nested = Buffer.alloc(depth * 8)
    for (let n = 0; n < depth; n += 1) {
      nested.writeUInt32BE((depth - n) * 8, n * 8)
      nested.write('moov', n * 8 + 4)
    }
    expect(await verdictOn(Buffer.concat([Buffer.from('\0\0\0\x10ftypM4A \0\0\0\0', 'latin1'), nested]))).toBe(
      'audio holds no sound.',
    )
  })

  test('megabytes of nothing but tiny parts are not gone through to their end', async () => {
    const voids = Buffer.alloc(4_000_000, Uint8Array.of(0xec, 0x80))
    expect(await verdictOn(Buffer.concat([ebmlHeader(), endless(0x18538067), voids]))).toMatch('longer than 60')
  })

  test('laced packets of no bytes', async () => {
    const blocks = [simpleBlock(0, Uint8Array.of(255), 2)]
    expect(await verdictOn(finishedWebm(tracks(opusTrack()), cluster(0, ...blocks)))).toEqual(cutOff)
  })
})
