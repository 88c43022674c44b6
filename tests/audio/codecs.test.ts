import { describe, expect, test } from 'vitest'
import { aacFormatOf } from '../../src/audio/aac.ts'
import { Bytes } from '../../src/audio/bytes.ts'
import { OPUS_CLOCK } from '../../src/audio/opus.ts'
import { verdictOn } from '../support/audio/verdict.ts'
import { cluster, finishedWebm, opusTrack, simpleBlock, tracks } from '../support/audio/webm.ts'
import { badInputOn } from '../support/refusals.ts'

const milliseconds = (...packet: number[]): number =>
  (OPUS_CLOCK.samples(Bytes.of(Uint8Array.from(packet))) * 1000) / OPUS_CLOCK.rate

describe('a packet of Opus', () => {
  test.each([
    ['SILK', [0, 1, 2, 3], [10, 20, 40, 60]],
    ['hybrid', [12, 13], [10, 20]],
    ['CELT', [28, 29, 30, 31], [2.5, 5, 10, 20]],
  ])('tells the length of its frames: %s', (_, configurations, lengths) => {
    expect(configurations.map((configuration) => milliseconds(configuration << 3))).toEqual(lengths)
  })

  test('has one frame, two, or as many as its second byte says', () => {
    const config = 31 << 3
    expect([0, 1, 2].map((code) => milliseconds(config | code))).toEqual([20, 40, 40])
    expect(milliseconds(config | 3, 0xc0 | 6)).toBe(120)
  })

  test('is never longer than 120 ms', () => {
    expect(() => milliseconds((31 << 3) | 3, 7)).toThrow('audio is damaged')
  })

  test('takes no time when there is nothing in it', () => {
    expect(milliseconds()).toBe(0)
  })
})

/** `esds` with a decoder's configuration; lengths are written in four bytes, as QuickTime does, when `isWide`. */
function esds(config: readonly number[], { objectType = 0x40, isWide = false, flags = [0] } = {}): Bytes {
  const descriptor = (tag: number, ...body: readonly number[]): number[] =>
    isWide ? [tag, 0x80, 0x80, 0x80, body.length, ...body] : [tag, body.length, ...body]
  const decoder = [objectType, 0x15, ...Array<number>(11).fill(0), ...descriptor(5, ...config)]
  return Bytes.of(Uint8Array.of(0, 0, 0, 0, ...descriptor(3, 0, 1, ...flags, ...descriptor(4, ...decoder))))
}

describe('AAC', () => {
  test.each([
    ['LC', [0x11, 0x88], { samplesPerPacket: 1024, sampleRate: 48_000 }],
    ['LC with short packets', [0x12, 0x0c], { samplesPerPacket: 960, sampleRate: 44_100 }],
    ['a rate of its own', [0x17, 0x80, 0x3e, 0x80, 0x08], { samplesPerPacket: 1024, sampleRate: 32_000 }],
    ['HE, which doubles what is counted', [0x2b, 0x09, 0x88, 0x00], { samplesPerPacket: 1024, sampleRate: 24_000 }],
  ])('tells its samples by its configuration: %s', (_, config, format) => {
    expect(aacFormatOf(esds(config))).toEqual(format)
    expect(aacFormatOf(esds(config, { isWide: true }))).toEqual(format)
  })

  test('may come with an address, a stream that it depends on, and a clock', () => {
    const flags = [0xe0, 0, 2, 1, 0x61, 0, 3]
    expect(aacFormatOf(esds([0x11, 0x88], { flags })).sampleRate).toBe(48_000)
  })

  test('is not what only looks like it', () => {
    expect(() => aacFormatOf(esds([0x11, 0x88], { objectType: 0x6b }))).toThrow(badInputOn('audio'))
    expect(() => aacFormatOf(esds([0xf8, 0x80, 0, 0]))).toThrow(badInputOn('audio'))
    expect(() => aacFormatOf(esds([0x16, 0x88]))).toThrow('audio is damaged')
  })
})

describe('packets laced into a block of WebM are counted', () => {
  const packet = (length: number) => Buffer.concat([Uint8Array.of(31 << 3), Buffer.alloc(length - 1, 1)])
  const laced = (lacing: number, ...sizes: number[]) =>
    [
      lacing,
      Buffer.concat([Uint8Array.from(sizes), packet(300), packet(10), packet(7), packet(7), packet(7), packet(7)]),
    ] as const

  test.each([
    ['as Xiph does', ...laced(1, 5, 255, 45, 10, 7, 7, 7)],
    // 300 in two bytes, then differences: -290 in two, -3, 0, 0 in one.
    ['as EBML does', ...laced(3, 5, 0x41, 0x2c, 0x5e, 0xdd, 0xbc, 0xbf, 0xbf)],
    ['in equal sizes', 2, Buffer.concat([Uint8Array.of(5), ...Array.from({ length: 6 }, () => packet(4))])],
  ])('%s', async (_, lacing, payload) => {
    const webm = finishedWebm(tracks(opusTrack()), cluster(0, simpleBlock(0, payload, lacing)))
    expect(await verdictOn(webm)).toBe('WEBM 0.12')
  })
})
