import type { Bytes } from './bytes.ts'
import { damaged, notAudio } from './refusals.ts'

/** How AAC's packets are timed: every one has the same number of samples. */
export interface AacFormat {
  readonly samplesPerPacket: number
  readonly sampleRate: number
}

/** ISO/IEC 14496-3, table 1.18. */
const SAMPLE_RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
]
const FREE_RATE = 15

/** Object types: Main, LC, SSR and LTP; SBR and PS, which double what one of those gives. */
const PLAIN = new Set([1, 2, 3, 4])
const DOUBLED = new Set([5, 29])

/** Object type indications of MPEG-4 and MPEG-2 AAC (mp4ra.org). */
const AAC = new Set([0x40, 0x66, 0x67, 0x68])

/** Tags of the descriptors in an `esds` box (ISO/IEC 14496-1, section 7.2.6). */
const ES = 3
const DECODER_CONFIG = 4
const DECODER_SPECIFIC = 5

/** @throws HonzikError when an `esds` box describes no AAC */
export function aacFormatOf(esds: Bytes): AacFormat {
  const es = descriptor(esds, esds.start + 4, ES)
  const config = descriptor(es, es.start + 3 + optionalFields(es), DECODER_CONFIG)
  if (!AAC.has(config.u8(config.start))) throw notAudio()
  return audioSpecificConfig(descriptor(config, config.start + 13, DECODER_SPECIFIC))
}

/** Bytes of what flags say is there: the stream it depends on, an address, the stream of its clock. */
function optionalFields(es: Bytes): number {
  const flags = es.u8(es.start + 2)
  const dependsOn = flags & 0x80 ? 2 : 0
  const url = flags & 0x40 ? 1 + es.u8(es.start + 3 + dependsOn) : 0
  return dependsOn + url + (flags & 0x20 ? 2 : 0)
}

/** A tag, a length in up to four times seven bits, and so many bytes. */
function descriptor(window: Bytes, at: number, tag: number): Bytes {
  if (window.u8(at) !== tag) throw damaged()
  let length = 0
  for (let n = at + 1; n <= at + 4; n += 1) {
    const byte = window.u8(n)
    length = (length << 7) | (byte & 0x7f)
    if (byte < 0x80) return window.window(n + 1, length)
  }
  throw damaged()
}

/** ISO/IEC 14496-3, section 1.6.2.1. */
function audioSpecificConfig(config: Bytes): AacFormat {
  const bits = new Bits(config)
  let objectType = bits.take(5)
  const sampleRate = rateOf(bits)
  bits.take(4)
  if (DOUBLED.has(objectType)) {
    rateOf(bits)
    objectType = bits.take(5)
  }
  if (!PLAIN.has(objectType)) throw notAudio()
  return { samplesPerPacket: bits.take(1) === 1 ? 960 : 1024, sampleRate }
}

function rateOf(bits: Bits): number {
  const index = bits.take(4)
  const rate = index === FREE_RATE ? bits.take(24) : SAMPLE_RATES[index]
  if (!rate) throw damaged()
  return rate
}

/** Reads a few bits at a time, the most significant first. */
class Bits {
  readonly #bytes: Bytes
  #at: number

  constructor(bytes: Bytes) {
    this.#bytes = bytes
    this.#at = bytes.start * 8
  }

  take(count: number): number {
    let value = 0
    for (let n = 0; n < count; n += 1) {
      value = value * 2 + ((this.#bytes.u8(Math.floor(this.#at / 8)) >> (7 - (this.#at % 8))) & 1)
      this.#at += 1
    }
    return value
  }
}
