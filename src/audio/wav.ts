import type { Bytes } from './bytes.ts'
import { cutOff, damaged, noSound, notAudio } from './refusals.ts'

/** Format tags of WAVE that mean so many bytes per sample: PCM, IEEE float, A-law, μ-law. */
const PLAIN = new Set([1, 3, 6, 7])
/** WAVE_FORMAT_EXTENSIBLE: the real tag are the first two bytes of its sub-format. */
const EXTENSIBLE = 0xfffe

/** From here on a size is what a writer puts that cannot go back: ffmpeg 2^32-1, arecord 2^31, SoX this. */
const UNKNOWN_SIZE = 0x7ffff000

interface PcmFormat {
  /** Bytes of one sample of all channels. */
  readonly blockAlign: number
  readonly sampleRate: number
}

/**
 * The seconds of sound in a WAV file: its sample bytes, counted, by the bytes a second takes.
 * (RIFF and `fmt `: Microsoft, "Multimedia Programming Interface and Data Specifications 1.0"; "New Multimedia Data
 * Types", 1994.) Sizes that a streaming writer left at 0 or at a maximum are read as "to the end of the file"; such a
 * file that ends between two samples cannot be told from a whole one.
 */
export function measureWav(file: Bytes): number {
  const riffSize = file.u32(4, true)
  const isStreamed = riffSize === 0 || riffSize >= UNKNOWN_SIZE
  // Some writers count the eight bytes of RIFF's own header in.
  if (!isStreamed && riffSize > file.end) throw cutOff()
  let format: PcmFormat | undefined
  for (let at = 12; at < file.end; ) {
    const size = file.u32(at + 4, true)
    if (file.has(at, 'data')) return secondsOf(file, at + 8, sizeOfData(file, at + 8, size, isStreamed), format)
    const chunk = file.window(at + 8, size)
    if (file.has(at, 'fmt ')) format = formatOf(chunk)
    at = chunk.end + (size % 2)
  }
  // Neither samples nor what comes after them: a header is all that has arrived.
  throw isStreamed ? cutOff() : noSound()
}

function sizeOfData(file: Bytes, at: number, size: number, isStreamed: boolean): number {
  const rest = file.end - at
  return size >= UNKNOWN_SIZE || (size === 0 && isStreamed) ? rest : size
}

function formatOf(chunk: Bytes): PcmFormat {
  const tag = chunk.u16(chunk.start, true)
  const channels = chunk.u16(chunk.start + 2, true)
  const sampleRate = chunk.u32(chunk.start + 4, true)
  const bitsPerSample = chunk.u16(chunk.start + 14, true)
  if (!PLAIN.has(tag === EXTENSIBLE ? chunk.u16(chunk.start + 24, true) : tag)) throw notAudio()
  const blockAlign = channels * Math.ceil(bitsPerSample / 8)
  // Byte rate and block size follow from the other fields; a file whose fields disagree would be heard at any speed.
  if (sampleRate === 0 || blockAlign === 0 || blockAlign !== chunk.u16(chunk.start + 12, true)) throw damaged()
  return { blockAlign, sampleRate }
}

function secondsOf(file: Bytes, at: number, size: number, format: PcmFormat | undefined): number {
  const data = file.window(at, size)
  if (format === undefined || size % format.blockAlign !== 0) throw data.end === file.end ? cutOff() : damaged()
  requireChunks(file, data.end + (size % 2))
  return size / format.blockAlign / format.sampleRate
}

/** What follows the samples are whole chunks: else the samples' size lies, or the file is cut off. */
function requireChunks(file: Bytes, from: number): void {
  for (let at = from; at < file.end; ) {
    const size = file.u32(at + 4, true)
    if (file.has(at, 'data')) throw damaged()
    at = file.window(at + 8, size).end + (size % 2)
  }
}
