import { describe, expect, test } from 'vitest'
import { inspectAudio } from '../../src/audio/inspect.ts'
import { KINDS, MUXED } from '../support/audio/muxed.ts'
import { oggOpus, oggPage, opusHeaders } from '../support/audio/ogg.ts'
import { OPUS_PACKET } from '../support/audio/packets.ts'
import { find, patched, verdictOn } from '../support/audio/verdict.ts'
import {
  block,
  cluster,
  ebml,
  finishedWebm,
  opusTrack,
  simpleBlock,
  track,
  tracks,
  uint,
} from '../support/audio/webm.ts'
import { zip } from '../support/audio/zip.ts'

const NOT_AUDIO =
  'audio must be a recording in Ogg (Opus or Vorbis), MP3, M4A (AAC), WAV (PCM) or WebM (Opus or Vorbis).'
const CUT_OFF = 'audio is cut off: its end is missing. Record or upload it again.'
const DAMAGED = 'audio is damaged: its contents contradict each other. Record or upload it again.'
const NO_SOUND = 'audio holds no sound.'
const TOO_LONG = 'audio must not be longer than 60 seconds.'
const VIDEO = 'audio must hold sound only; it has a video track.'
const SEVERAL = 'audio must hold one track of sound; it has several.'

const begins = (text: string): Uint8Array => Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(2000, 0x2a)])

test('no file at all has an answer of its own', async () => {
  expect(await verdictOn(new Uint8Array())).toBe('audio must not be empty.')
  await expect(inspectAudio(new Uint8Array())).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'audio' })
})

test.each([
  ['a zip bomb that is called an .ogg', zip('voice.ogg', new Uint8Array(50_000_000))],
  ['a PDF', begins('%PDF-1.7\n')],
  ['a PNG', begins('\x89PNG\r\n\x1a\n')],
  ['a page of HTML', begins('<!doctype html><audio src="a.mp3">')],
  ['FLAC', begins('fLaC\0\0\0\x22')],
  ['FLAC behind an ID3 tag', begins('ID3\x04\0\0\0\0\0\0fLaC')],
  ['AAC without a container', begins('\xff\xf1\x50\x80\x02\x1f\xfc')],
  ['MPEG audio of layer II', begins('\xff\xfd\x84\x04')],
  ['AVI', begins('RIFF\xd8\x07\0\0AVI LIST')],
  ['AIFF', begins('FORM\0\0\0\x20AIFF')],
  ['AMR', begins('#!AMR\n')],
  [
    'Matroska that is no WebM',
    Buffer.concat([ebml(0x1a45dfa3, ebml(0x4282, Buffer.from('matroska'))), ebml(0x18538067)]),
  ],
  ['a QuickTime film', begins('\0\0\0\x14ftypqt  \0\0\0\0qt  ')],
  ['Ogg with FLAC', oggPage({ packets: [Buffer.from('\x7fFLAC\x01\0')], granule: 0, isFirst: true, isLast: true })],
  ['Ogg with Speex', oggPage({ packets: [Buffer.from('Speex   1.2')], granule: 0, isFirst: true, isLast: true })],
  ['WebM with a codec of its own', finishedWebm(tracks(track(1, 2, 'A_AAC')), cluster(0, simpleBlock(0)))],
])('%s is no recording', async (_, bytes) => {
  expect(await verdictOn(bytes)).toBe(NOT_AUDIO)
})

test('WAV and MP4 with codecs that are not accepted are no recordings', async () => {
  const wav = await MUXED.WAV(1)
  expect(await verdictOn(patched(wav, find(wav, 'fmt ') + 8, 2))).toBe(NOT_AUDIO)
  const mp4 = await MUXED.MP4(1)
  expect(await verdictOn(patched(mp4, find(mp4, 'mp4a'), ...Buffer.from('alac')))).toBe(NOT_AUDIO)
})

describe('video is refused', () => {
  test('in WebM', async () => {
    const film = finishedWebm(tracks(track(2, 1, 'V_VP9'), opusTrack()), cluster(0, simpleBlock(0)))
    expect(await verdictOn(film)).toBe(VIDEO)
  })

  test('in MP4', async () => {
    const sound = await MUXED.MP4(1)
    expect(await verdictOn(patched(sound, find(sound, 'soun'), ...Buffer.from('vide')))).toBe(VIDEO)
  })

  test('in Ogg', async () => {
    const theora = Buffer.from('\x80theora\x03\x02\x01', 'latin1')
    const film = [oggPage({ packets: [theora], granule: 0, isFirst: true, serial: 8 }), oggOpus(50)]
    expect(await verdictOn(Buffer.concat(film))).toBe(VIDEO)
  })
})

describe('more than one track of sound is refused', () => {
  test('in WebM', async () => {
    expect(await verdictOn(finishedWebm(tracks(opusTrack(1), opusTrack(2)), cluster(0, simpleBlock(0))))).toBe(SEVERAL)
  })

  test('in Ogg, side by side or one after another', async () => {
    expect(await verdictOn(Buffer.concat([opusHeaders(0, 8), oggOpus(50)]))).toBe(SEVERAL)
    expect(await verdictOn(Buffer.concat([oggOpus(50), oggOpus(50)]))).toBe(SEVERAL)
  })

  test('but other tracks of WebM and an index of Ogg may be there', async () => {
    const subtitles = track(2, 17, 'S_TEXT/WEBVTT')
    const blocks = Array.from({ length: 10 }, (_, n) => simpleBlock(n * 20))
    const text = block(0xa3, 30_000, Buffer.from('Dobrý den'), 0, 2)
    expect(await verdictOn(finishedWebm(tracks(subtitles, opusTrack()), cluster(0, ...blocks, text)))).toBe('WEBM 0.20')
    const skeleton = oggPage({ packets: [Buffer.from('fishead\0\x04')], granule: 0, isFirst: true, serial: 8 })
    expect(await verdictOn(Buffer.concat([skeleton, oggOpus(50, { preSkip: 0 })]))).toBe('OGG 1.00')
  })
})

describe('a file without sound says so', () => {
  test.each(KINDS.filter((kind) => kind !== 'MP4 in fragments' && kind !== 'WEBM written live'))(
    'in %s',
    async (kind) => {
      expect(await verdictOn(await MUXED[kind](0.03))).toBe(NO_SOUND)
    },
  )

  test('of headers alone', async () => {
    expect(await verdictOn(finishedWebm(tracks(opusTrack())))).toBe(NO_SOUND)
    expect(await verdictOn(finishedWebm())).toBe(NO_SOUND)
    const end = oggPage({ packets: [], granule: 0, isLast: true })
    expect(await verdictOn(Buffer.concat([opusHeaders(312), end]))).toBe(NO_SOUND)
    expect(await verdictOn(Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1'))).toBe(NO_SOUND)
  })
})

describe('a header that lies is not believed:', () => {
  test('WebM that says 5 s and holds ten minutes', async () => {
    const info = ebml(0x1549a966, ebml(0x4489, Uint8Array.of(0x45, 0x9c, 0x40, 0)))
    // All at the time 0, too; the packets tell.
    const blocks = Array<Uint8Array>(30_000).fill(simpleBlock(0))
    expect(await verdictOn(finishedWebm(info, tracks(opusTrack()), cluster(0, ...blocks)))).toBe(TOO_LONG)
  })

  test('WebM whose last block is far behind its first', async () => {
    const film = finishedWebm(tracks(opusTrack()), cluster(0, simpleBlock(0)), cluster(61_000, simpleBlock(0)))
    expect(await verdictOn(film)).toBe(TOO_LONG)
  })

  test('WebM that calls all it holds a delay or padding', async () => {
    const blocks = Array<Uint8Array>(3010).fill(simpleBlock(0))
    const delayed = tracks(opusTrack(1, uint(0x56aa, 600e9)))
    expect(await verdictOn(finishedWebm(delayed, cluster(0, ...blocks)))).toBe(TOO_LONG)
    const padded = ebml(0xa0, block(0xa1, 0, OPUS_PACKET), uint(0x75a2, 600e9))
    expect(await verdictOn(finishedWebm(tracks(opusTrack()), cluster(0, ...blocks, padded)))).toBe(TOO_LONG)
  })

  test('Ogg that says 5 s and holds ten minutes', async () => {
    expect(await verdictOn(oggOpus(30_000, { lastGranule: 5 * 48_000 }))).toBe(TOO_LONG)
  })

  test('MP3 whose first frame promises fewer', async () => {
    const recording = await MUXED.MP3(100)
    expect(await verdictOn(patched(recording, find(recording, 'Xing') + 8, 0, 0, 0, 100))).toBe(TOO_LONG)
  })

  test('MP4 whose packets take hardly any time', async () => {
    const recording = await MUXED.MP4(100)
    // One row: how many packets, and the ticks of each.
    expect(await verdictOn(patched(recording, find(recording, 'stts') + 16, 0, 0, 0, 1))).toBe(TOO_LONG)
    expect(await verdictOn(patched(recording, find(recording, 'stts') + 12, 0, 0, 0, 1))).toBe(DAMAGED)
  })

  test('WAV whose samples are more than it says', async () => {
    const recording = await MUXED.WAV(100)
    const data = find(recording, 'data')
    expect(await verdictOn(patched(recording, data + 4, 0, 0x7d, 0, 0))).toMatch(/damaged|cut off/)
  })

  test('WAV whose samples take less than their channels do', async () => {
    const recording = await MUXED.WAV(50)
    const fmt = find(recording, 'fmt ') + 8
    expect(await verdictOn(patched(recording, fmt + 2, 2))).toBe(DAMAGED)
    expect(await verdictOn(patched(recording, fmt + 4, 0, 0, 0, 0))).toBe(DAMAGED)
  })
})

test('what is cut off in the middle of its sound says so', async () => {
  for (const kind of KINDS) {
    const recording = await MUXED[kind](5)
    const half = recording.subarray(0, Math.floor(recording.length / 2) + 1)
    expect([kind, await verdictOn(half)]).toEqual([kind, CUT_OFF])
  }
})
