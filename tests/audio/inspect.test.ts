import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { inspectAudio } from '../../src/audio/inspect.ts'
import { KINDS, type Kind, MUXED } from '../support/audio/muxed.ts'
import { oggOpus, oggPage, opusHeaders } from '../support/audio/ogg.ts'
import { mp3Frame, OPUS_PACKET } from '../support/audio/packets.ts'
import { find, patched, verdictOn } from '../support/audio/verdict.ts'
import { liveWebm } from '../support/audio/webm.ts'

const formatOf = (kind: Kind): string => kind.split(' ')[0] ?? ''

const recorded = (name: string): Uint8Array => readFileSync(new URL(`../support/audio/${name}`, import.meta.url))

describe('a recording', () => {
  test.each(KINDS)('in %s is told with its length', async (kind) => {
    const { format, durationSeconds } = await inspectAudio(await MUXED[kind](5))
    expect(format).toBe(formatOf(kind))
    expect(durationSeconds).toBeGreaterThanOrEqual(5)
    expect(durationSeconds).toBeLessThan(5.03)
  })

  test.each([
    ['ffmpeg-opus.ogg', 'OGG 0.50'],
    ['ffmpeg-vorbis.ogg', 'OGG 0.50'],
    ['ffmpeg-lame.mp3', 'MP3 0.50'],
    ['ffmpeg-aac.m4a', 'MP4 0.50'],
    ['ffmpeg-fragmented.m4a', 'MP4 0.50'],
    ['ffmpeg-live.webm', 'WEBM 0.50'],
    ['ffmpeg-vorbis.webm', 'WEBM 0.51'],
  ])('of half a second that ffmpeg has made, %s, is as long as that', async (name, verdict) => {
    expect(await verdictOn(recorded(name))).toBe(verdict)
  })

  test('may be a part of a larger buffer', async () => {
    const recording = await MUXED.OGG(1)
    const larger = Buffer.concat([Buffer.alloc(100, 1), recording, Buffer.alloc(100, 1)])
    expect(await verdictOn(larger.subarray(100, 100 + recording.length))).toBe('OGG 1.00')
  })
})

describe('the longest recording', () => {
  test.each(KINDS)('lasts a minute, in %s', async (kind) => {
    expect(await verdictOn(await MUXED[kind](60))).toBe(`${formatOf(kind)} 60.00`)
  })

  test.each(KINDS)('does not last a tenth of a second more, in %s', async (kind) => {
    expect(await verdictOn(await MUXED[kind](60.1))).toBe('audio must not be longer than 60 seconds.')
  })

  test('is measured without what its encoder has put before and behind it', async () => {
    // 60 s are 3,000 packets; the delay of 6.5 ms takes one more, of which the last page says what is too much.
    expect(await verdictOn(oggOpus(3001, { lastGranule: 60 * 48_000 + 312 }))).toBe('OGG 60.00')
    expect(await verdictOn(oggOpus(3006, { lastGranule: 60.1 * 48_000 + 312 }))).toMatch('longer than 60')
  })

  test('may take 5 MB, and not a byte more', async () => {
    const silence = await MUXED.WAV(1)
    const filled = Buffer.concat([silence, Buffer.from('junk'), Buffer.alloc(5 * 1024 * 1024 - silence.length - 4)])
    filled.writeUInt32LE(filled.length - 8, 4)
    filled.writeUInt32LE(filled.length - silence.length - 8, silence.length + 4)
    expect(await verdictOn(filled)).toBe('WAV 1.00')
    await expect(inspectAudio(Buffer.concat([filled, Buffer.alloc(1)]))).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      field: 'audio',
      message: 'audio must not be larger than 5 MB.',
    })
  })
})

describe('the shortest recording', () => {
  test.each(KINDS)('lasts a tenth of a second, in %s', async (kind) => {
    expect(await verdictOn(await MUXED[kind](0.1))).toMatch(new RegExp(`^${formatOf(kind)} 0.1[01]$`))
  })

  test('does not last less', async () => {
    expect(await verdictOn(await MUXED.WAV(0.09))).toBe('audio holds no sound.')
    expect(await verdictOn(await MUXED.OGG(0.08))).toBe('audio holds no sound.')
    expect(await verdictOn(await MUXED.WEBM(0.08))).toBe('audio holds no sound.')
  })
})

describe('what recorders really write is taken:', () => {
  test('WebM without sizes, duration and index', async () => {
    expect(await verdictOn(Buffer.concat(liveWebm(120)))).toBe('WEBM 2.40')
  })

  test('MP4 in fragments whose header says 0 s', async () => {
    const recording = await MUXED['MP4 in fragments'](2)
    // Version 0: two dates and a time scale come before the duration.
    const mvhd = find(recording, 'mvhd') + 4
    expect(await verdictOn(patched(recording, mvhd + 16, 0, 0, 0, 0))).toMatch(/^MP4 2\.0/)
  })

  test.each([
    ['0', [0, 0, 0, 0]],
    ['2^32-1', [255, 255, 255, 255]],
    ['2^31', [0, 0, 0, 128]],
  ])('WAV from a writer that could not go back, with sizes of %s', async (_, size) => {
    const recording = await MUXED.WAV(2)
    const streamed = patched(patched(recording, 4, ...size), find(recording, 'data') + 4, ...size)
    expect(await verdictOn(streamed)).toBe('WAV 2.00')
  })

  test('WAV with a fact or a note behind the samples', async () => {
    const recording = Buffer.concat([await MUXED.WAV(1), Buffer.from('LIST\x03\0\0\0abc\0', 'latin1')])
    recording.writeUInt32LE(recording.length - 8, 4)
    expect(await verdictOn(recording)).toBe('WAV 1.00')
  })

  test('MP3 with a picture ahead and tags at its end', async () => {
    const picture = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\x4f\x50', 'latin1'), Buffer.alloc(79 * 128 + 80, 0xff)])
    const ape = Buffer.concat([Buffer.from('APETAGEX'), Buffer.alloc(24)])
    ape.writeUInt32LE(32, 12)
    const id3v1 = Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125)])
    const recording = await MUXED.MP3(2)
    expect(await verdictOn(Buffer.concat([picture, recording, ape, id3v1]))).toMatch(/^MP3 2\.0/)
  })

  test('MP3 without a first frame that describes it', async () => {
    expect(await verdictOn(Buffer.concat(Array.from({ length: 100 }, mp3Frame)))).toBe('MP3 2.59')
  })

  test('Ogg whose clock does not begin at 0', async () => {
    expect(await verdictOn(oggOpus(100, { from: 48_000 * 300, preSkip: 0 }))).toBe('OGG 2.00')
  })

  test('Ogg with a packet that goes on in the next page', async () => {
    const long = Buffer.concat([OPUS_PACKET, Buffer.alloc(507)])
    const pages = [
      oggPage({ packets: [OPUS_PACKET, OPUS_PACKET], granule: 1920 }),
      oggPage({ packets: [long], granule: -1, goesOn: true }),
      oggPage({ packets: [long], granule: -1, goesOn: true }),
      oggPage({ packets: [Uint8Array.of(1), OPUS_PACKET, OPUS_PACKET], granule: 4800, isLast: true }),
    ]
    expect(await verdictOn(Buffer.concat([opusHeaders(0), ...pages]))).toBe('OGG 0.10')
    expect(await verdictOn(Buffer.concat([opusHeaders(0), ...pages.slice(0, 3)]))).toMatch('cut off')
  })

  test('MP3 of half the rate, with half the samples in a frame', async () => {
    // MPEG-2, 16 kHz, mono, 32 kbit/s.
    const frame = Buffer.concat([Uint8Array.of(0xff, 0xf3, 0x48, 0xc4), Buffer.alloc(140)])
    expect(await verdictOn(Buffer.concat(Array<Uint8Array>(100).fill(frame)))).toBe('MP3 3.53')
  })
})
