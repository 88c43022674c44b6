import { type AacFormat, aacFormatOf } from './aac.ts'
import type { Bytes } from './bytes.ts'
import { childOf, childrenOf, requireChild, versionOf } from './mp4-box.ts'
import { damaged, hasVideo, noSound, notAudio, severalTracks } from './refusals.ts'

/** The one track of sound of an MP4 file, as its `moov` box describes it (ISO/IEC 14496-12, section 8). */
export interface Mp4Track {
  readonly id: number
  /** Ticks a second. */
  readonly timescale: number
  readonly aac: AacFormat
  /** The packets listed here, before any fragment's. */
  readonly packets: Packets
  /** Which part of them is to be heard; undefined when the file does not say. */
  readonly edit: Edit | undefined
  /** What goes for a fragment's packets of which it says nothing itself. */
  readonly defaults: { readonly ticks: number; readonly bytes: number }
}

/** Packets that were listed, added up. */
export interface Packets {
  readonly count: number
  readonly ticks: number
  readonly bytes: number
}

interface Edit {
  /** Seconds to be heard; 0 when a live recording did not know yet. */
  readonly seconds: number
  /** Seconds at the beginning that are not. */
  readonly skipped: number
}

/** Bytes of an audio sample entry before the boxes in it (ISO/IEC 14496-12, section 12.2.3). */
const AUDIO_ENTRY_LENGTH = 28

/** @throws HonzikError when there is video, no sound, several tracks of it, or a codec other than AAC */
export function soundTrackOf(moov: Bytes): Mp4Track {
  const tracks = [...childrenOf(moov, 'trak')]
  const handlers = tracks.map((trak) => requireChild(trak, 'mdia', 'hdlr'))
  if (handlers.some((hdlr) => hdlr.has(hdlr.start + 8, 'vide'))) throw hasVideo()
  const [trak, ...more] = tracks.filter((_, n) => handlers[n]?.has(handlers[n].start + 8, 'soun'))
  if (trak === undefined) throw noSound()
  if (more.length > 0) throw severalTracks()
  const stbl = requireChild(trak, 'mdia', 'minf', 'stbl')
  const id = idOf(requireChild(trak, 'tkhd'))
  const timescale = timescaleOf(requireChild(trak, 'mdia', 'mdhd'))
  const edits = childOf(trak, 'edts', 'elst')
  return {
    id,
    timescale,
    aac: codecOf(requireChild(stbl, 'stsd')),
    packets: packetsOf(stbl),
    edit: edits && editOf(edits, timescaleOf(requireChild(moov, 'mvhd')), timescale),
    defaults: defaultsOf(moov, id),
  }
}

const idOf = (tkhd: Bytes): number => tkhd.u32(tkhd.start + (versionOf(tkhd) === 1 ? 20 : 12))

/** `mvhd` and `mdhd` begin alike. */
function timescaleOf(header: Bytes): number {
  const timescale = header.u32(header.start + (versionOf(header) === 1 ? 20 : 12))
  if (timescale === 0) throw damaged()
  return timescale
}

function codecOf(stsd: Bytes): AacFormat {
  const entries = stsd.window(stsd.start + 8, stsd.end - stsd.start - 8)
  const entry = childOf(entries, 'mp4a')
  if (entry === undefined) throw notAudio()
  const inside = entry.window(entry.start + AUDIO_ENTRY_LENGTH, entry.end - entry.start - AUDIO_ENTRY_LENGTH)
  return aacFormatOf(requireChild(inside, 'esds'))
}

/** Times and sizes have tables of their own; a file whose tables disagree on how many packets there are is damaged. */
function packetsOf(stbl: Bytes): Packets {
  const times = timesOf(requireChild(stbl, 'stts'))
  const sizes = sizesOf(stbl)
  if (times.count !== sizes.count) throw damaged()
  return { ...times, bytes: sizes.bytes }
}

function timesOf(stts: Bytes): { readonly count: number; readonly ticks: number } {
  let count = 0
  let ticks = 0
  const rows = stts.window(stts.start + 8, stts.u32(stts.start + 4) * 8)
  for (let at = rows.start; at < rows.end; at += 8) {
    count += rows.u32(at)
    ticks += rows.u32(at) * rows.u32(at + 4)
  }
  return { count, ticks }
}

/** One size for all packets, or one for each. */
function sizesOf(stbl: Bytes): { readonly count: number; readonly bytes: number } {
  const stsz = requireChild(stbl, 'stsz')
  const size = stsz.u32(stsz.start + 4)
  const count = stsz.u32(stsz.start + 8)
  if (size !== 0) return { count, bytes: count * size }
  let bytes = 0
  const rows = stsz.window(stsz.start + 12, count * 4)
  for (let at = rows.start; at < rows.end; at += 4) bytes += rows.u32(at)
  return { count, bytes }
}

/** ISO/IEC 14496-12, section 8.6.6: a duration in the movie's ticks and a beginning in the track's; -1 is silence. */
function editOf(elst: Bytes, movieTimescale: number, timescale: number): Edit {
  const [width, skip] = versionOf(elst) === 1 ? [20, 8] : [12, 4]
  const rows = elst.window(elst.start + 8, elst.u32(elst.start + 4) * width)
  const read = (at: number) => (skip === 8 ? rows.u64(at) : rows.u32(at))
  let ticks = 0
  let skipped: number | undefined
  for (let at = rows.start; at < rows.end; at += width) {
    const from = read(at + skip)
    if (from >= 2 ** (skip * 8 - 1)) continue
    ticks += read(at)
    skipped ??= from
  }
  return { seconds: ticks / movieTimescale, skipped: (skipped ?? 0) / timescale }
}

function defaultsOf(moov: Bytes, id: number): Mp4Track['defaults'] {
  const mvex = childOf(moov, 'mvex')
  for (const trex of mvex === undefined ? [] : childrenOf(mvex, 'trex')) {
    if (trex.u32(trex.start + 4) === id) return { ticks: trex.u32(trex.start + 12), bytes: trex.u32(trex.start + 16) }
  }
  return { ticks: 0, bytes: 0 }
}
