import type { Bytes } from './bytes.ts'
import { uintOf } from './ebml.ts'
import { OPUS_CLOCK } from './opus.ts'
import type { PacketClock } from './packet-clock.ts'
import { damaged, hasVideo, noSound, notAudio, severalTracks } from './refusals.ts'
import { vorbisClock } from './vorbis.ts'
import { xiphSizes } from './webm-block.ts'

/** What describes a track (RFC 9559, section 5.1.4). */
const ID = {
  TrackEntry: 0xae,
  TrackNumber: 0xd7,
  TrackType: 0x83,
  CodecID: 0x86,
  CodecPrivate: 0x63a2,
  CodecDelay: 0x56aa,
  ContentEncodings: 0x6d80,
} as const

const VIDEO = 1
const AUDIO = 2

/** Encoders need a fraction of this; a header that claims more would hide sound. (RFC 7845, section 4.2: 80 ms.) */
const MAX_CODEC_DELAY_SECONDS = 0.08

/** More than any recording has; an entry may be two bytes short, and what is kept of it is not. */
const MAX_ENTRIES = 64

/** The one track of a recording. */
export interface SoundTrack {
  readonly number: number
  readonly clock: PacketClock
  /** Seconds at the beginning that are decoded but never heard. */
  readonly codecDelay: number
}

interface TrackEntry {
  number: number
  type: number
  codec: Bytes | undefined
  codecPrivate: Bytes | undefined
  /** Nanoseconds. */
  codecDelay: number
}

/** The tracks of a WebM file, from elements that come one after another. */
export class WebmTracks {
  readonly #file: Bytes
  readonly #entries: TrackEntry[] = []
  #sound: SoundTrack | undefined

  constructor(file: Bytes) {
    this.#file = file
  }

  take(id: number, body: Bytes): void {
    if (id === ID.TrackEntry) {
      if (this.#entries.length === MAX_ENTRIES) throw damaged()
      this.#entries.push({ number: 0, type: 0, codec: undefined, codecPrivate: undefined, codecDelay: 0 })
    }
    const entry = this.#entries.at(-1)
    if (entry === undefined) return
    if (id === ID.TrackNumber) entry.number = uintOf(body, this.#file)
    else if (id === ID.TrackType) entry.type = uintOf(body, this.#file)
    else if (id === ID.CodecID) entry.codec = body
    else if (id === ID.CodecPrivate) entry.codecPrivate = body
    else if (id === ID.CodecDelay) entry.codecDelay = uintOf(body, this.#file)
    // Packets that are compressed or encrypted once more.
    else if (id === ID.ContentEncodings) throw notAudio()
  }

  /** @throws HonzikError when there is video, no sound, or several tracks of it */
  sound(): SoundTrack {
    this.#sound ??= soundOf(this.#entries)
    return this.#sound
  }
}

function soundOf(entries: readonly TrackEntry[]): SoundTrack {
  if (entries.some(({ type }) => type === VIDEO)) throw hasVideo()
  const [entry, ...more] = entries.filter(({ type }) => type === AUDIO)
  if (entry === undefined) throw noSound()
  if (more.length > 0) throw severalTracks()
  const codecDelay = Math.min(entry.codecDelay / 1e9, MAX_CODEC_DELAY_SECONDS)
  return { number: entry.number, clock: clockOf(entry), codecDelay }
}

function clockOf({ codec, codecPrivate }: TrackEntry): PacketClock {
  if (codec?.has(codec.start, 'A_OPUS')) return OPUS_CLOCK
  if (!codec?.has(codec.start, 'A_VORBIS')) throw notAudio()
  if (codecPrivate === undefined) throw damaged()
  return vorbisClockOf(codecPrivate)
}

/** Vorbis' three headers, laced as Xiph does (RFC 9559, section 10.3.2, and the codec mappings' A_VORBIS). */
function vorbisClockOf(codecPrivate: Bytes): PacketClock {
  const { sizes, end } = xiphSizes(codecPrivate, codecPrivate.start + 1, 3)
  const [first = 0, second = 0] = sizes
  const setup = end + first + second
  return vorbisClock(codecPrivate.window(end, first), codecPrivate.window(setup, codecPrivate.end - setup))
}
