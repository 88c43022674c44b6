import type { Bytes } from './bytes.ts'
import { frameAt, MP3_HEADER_LENGTH, type Mp3Frame } from './mp3-frame.ts'
import { infoOf, type Mp3Info } from './mp3-info.ts'
import { beginningOf, endOf, isTag } from './mp3-tags.ts'
import { cutOff, damaged, noSound, notAudio } from './refusals.ts'

/** What LAME puts before the sound, and what its decoders need of it: by far the commonest encoder. */
const USUAL_DELAY = 576 + 529
/** Two frames of MPEG-1: no encoder adds more to both ends together; a header that claims more would hide sound. */
const MAX_PADDING = 2304

/**
 * The seconds of sound in an MP3 (ISO/IEC 11172-3, 13818-3, layer III): its frames, counted, less what LAME's header
 * says that the encoder has added. Encoders write whole frames, so a part of one means that the file is cut off; so
 * does a first frame that promises more of them. Without such a promise, a file that was cut off exactly between two
 * frames cannot be told from a whole one.
 */
export function measureMp3(file: Bytes): number {
  const begin = beginningOf(file)
  if (begin === file.end) throw noSound()
  const first = frameAt(file, begin)
  // Other layers of MPEG audio and AAC's ADTS begin much alike.
  if (first === undefined) throw notAudio()
  const end = Math.max(begin, endOf(file))
  const info = infoOf(file, begin, first)
  const frames = countFrames(file.window(begin, end - begin), file, first) - (info === undefined ? 0 : 1)
  if (info !== undefined && isShort(info, frames, end - begin)) throw cutOff()
  return Math.max(0, frames * first.samples - paddingOf(info)) / first.sampleRate
}

function countFrames(frames: Bytes, file: Bytes, first: Mp3Frame): number {
  let count = 0
  for (let at = frames.start; at < frames.end; count += 1) {
    if (isTag(file, at)) throw cutOff()
    const frame = frames.end - at < MP3_HEADER_LENGTH ? brokenHeader(frames, at) : frameAt(frames, at)
    if (frame === undefined || frame.sampleRate !== first.sampleRate) throw damaged()
    at = frames.window(at, frame.length).end
  }
  return count
}

function brokenHeader(frames: Bytes, at: number): never {
  throw frames.u8(at) === 0xff ? cutOff() : damaged()
}

function isShort(info: Mp3Info, frames: number, bytes: number): boolean {
  const missing = (info.frames ?? 0) - frames
  // One too few is right when the first frame has counted itself, as its count of bytes then shows.
  return missing > 1 || (missing === 1 && (info.bytes ?? 0) > bytes)
}

/** Samples of the frames that are not the learner's sound. */
function paddingOf(info: Mp3Info | undefined): number {
  return Math.min(info?.padding ?? USUAL_DELAY, MAX_PADDING)
}
