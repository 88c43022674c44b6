import type { Bytes } from './bytes.ts'
import { MP3_HEADER_LENGTH, type Mp3Frame } from './mp3-frame.ts'

/** What the first frame may say instead of sounding: Xing's header, LAME's extension of it, or Fraunhofer's VBRI. */
export interface Mp3Info {
  /** How many frames there should be; some writers count this one in. */
  readonly frames: number | undefined
  /** How many bytes the frames should take, this one included. */
  readonly bytes: number | undefined
  /** Samples that the encoder has put before and after the sound; undefined when it does not say. */
  readonly padding: number | undefined
}

/** Those who write LAME's extension. */
const ENCODERS = ['LAME', 'Lavf', 'Lavc', 'L3.9']

/** @returns undefined when the frame is sound like any other */
export function infoOf(file: Bytes, at: number, { sideInfo, length }: Mp3Frame): Mp3Info | undefined {
  const frame = file.window(at, length)
  const tag = at + MP3_HEADER_LENGTH + sideInfo
  if (frame.has(tag, 'Xing') || frame.has(tag, 'Info')) return xingOf(frame, tag)
  const vbri = at + MP3_HEADER_LENGTH + 32
  if (!frame.has(vbri, 'VBRI')) return undefined
  return { frames: frame.u32(vbri + 14), bytes: frame.u32(vbri + 10), padding: undefined }
}

/** Flags name the fields that follow, in this order: frames, bytes, a table of contents, quality; then LAME's. */
function xingOf(frame: Bytes, tag: number): Mp3Info {
  const flags = frame.u32(tag + 4)
  let at = tag + 8
  const field = (flag: number, length: number): number | undefined => {
    if ((flags & flag) === 0) return undefined
    const value = frame.u32(at)
    at += length
    return value
  }
  const [frames, bytes] = [field(1, 4), field(2, 4)]
  field(4, 100)
  field(8, 4)
  return { frames, bytes, padding: ENCODERS.some((name) => frame.has(at, name)) ? paddingOf(frame, at) : undefined }
}

/** Two numbers of twelve bits, 21 bytes into LAME's extension (gabriel.mp3-tech.org, "Mp3 Info Tag rev 1"). */
function paddingOf(frame: Bytes, lame: number): number {
  const both = (frame.u16(lame + 21) << 8) | frame.u8(lame + 23)
  return (both >> 12) + (both & 0xfff)
}
