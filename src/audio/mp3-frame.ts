import type { Bytes } from './bytes.ts'

/** A frame of MPEG audio, layer III, as its header describes it (ISO/IEC 11172-3, 2.4.1.3; 13818-3 for half rates). */
export interface Mp3Frame {
  /** Bytes, the header's four included. */
  readonly length: number
  readonly samples: number
  readonly sampleRate: number
  /** Bytes of the side information that follows the header. */
  readonly sideInfo: number
}

export const MP3_HEADER_LENGTH = 4

/** Versions by the header's two bits: MPEG-2.5, none, MPEG-2, MPEG-1. */
const SAMPLE_RATES = [[11_025, 12_000, 8_000], [], [22_050, 24_000, 16_000], [44_100, 48_000, 32_000]]
const MPEG_1 = 3
const LAYER_III = 1
const MONO = 3

/** kbit/s; index 0 is "free", which no encoder in use writes, and 15 is none. */
const BITRATES_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
const BITRATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]

/** @returns undefined when what stands at `at` is no frame's header */
export function frameAt(file: Bytes, at: number): Mp3Frame | undefined {
  const header = file.u32(at)
  const version = (header >>> 19) & 3
  if (header >>> 21 !== 0x7ff || ((header >>> 17) & 3) !== LAYER_III) return undefined
  const isFull = version === MPEG_1
  const sampleRate = SAMPLE_RATES[version]?.[(header >>> 10) & 3]
  const bitrate = (isFull ? BITRATES_1 : BITRATES_2)[(header >>> 12) & 15]
  if (sampleRate === undefined || !bitrate) return undefined
  const samples = isFull ? 1152 : 576
  const isMono = ((header >>> 6) & 3) === MONO
  return {
    length: Math.floor((samples * bitrate * 125) / sampleRate) + ((header >>> 9) & 1),
    samples,
    sampleRate,
    sideInfo: isFull ? (isMono ? 17 : 32) : isMono ? 9 : 17,
  }
}
