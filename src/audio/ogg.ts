import { Bytes } from './bytes.ts'
import { type OggPage, pages } from './ogg-page.ts'
import { OPUS_CLOCK } from './opus.ts'
import type { PacketClock } from './packet-clock.ts'
import { cutOff, damaged, hasVideo, noSound, notAudio, severalTracks } from './refusals.ts'
import { vorbisClock } from './vorbis.ts'

/** How the packets that begin a logical bitstream name its codec. */
interface OggCodec {
  /** How many packets come before the first that is heard. */
  readonly headers: number
  clock(headers: readonly Bytes[]): PacketClock
  /** Samples at the beginning that are decoded but never heard. */
  preSkip(identification: Bytes): number
}

/** RFC 7845, section 5. */
const OPUS: OggCodec = {
  headers: 2,
  clock: () => OPUS_CLOCK,
  preSkip: (head) => head.u16(head.start + 10, true),
}

/** Vorbis I, section 4.2.1. */
const VORBIS: OggCodec = {
  headers: 3,
  clock: ([identification, , setup]) => {
    if (identification === undefined || setup === undefined) throw damaged()
    return vorbisClock(identification, setup)
  },
  preSkip: () => 0,
}

/** What begins the first packet of Theora, VP8, Dirac and OGM video. */
const VIDEO = ['\x80theora', 'OVP80', 'BBCD\0', '\x01video']
/** Ogg Skeleton: an index of the other streams, no medium. */
const SKELETON = 'fishead\0'

/**
 * The seconds of sound in an Ogg file (RFC 3533) with Opus (RFC 7845) or Vorbis: the length of its packets, less what
 * is skipped at the beginning and, as the last page's granule position says, at the end.
 */
export function measureOgg(file: Bytes): number {
  let sound: Sound | undefined
  for (const page of pages(file)) {
    const codec = page.isFirst ? codecOf(page.body) : undefined
    if (codec !== undefined) {
      if (sound !== undefined) throw severalTracks()
      sound = new Sound(page.serial, codec)
    }
    if (sound !== undefined && page.serial === sound.serial) sound.take(page)
  }
  if (sound === undefined) throw noSound()
  return sound.seconds()
}

/** @returns undefined when the stream that begins here is neither sound nor video */
function codecOf(first: Bytes): OggCodec | undefined {
  if (first.has(first.start, 'OpusHead')) return OPUS
  if (first.has(first.start, '\x01vorbis')) return VORBIS
  if (VIDEO.some((name) => first.has(first.start, name))) throw hasVideo()
  if (first.has(first.start, SKELETON)) return undefined
  throw notAudio()
}

/** One logical bitstream of sound: what its pages add up to. */
class Sound {
  readonly serial: number
  readonly #codec: OggCodec
  readonly #headers: Bytes[] = []
  #clock: PacketClock | undefined
  /** The pieces of a packet that the page before has begun. */
  #begun: Bytes[] = []
  #hasEnded = false
  #samples = 0
  #samplesOfLastPage = 0
  /** Granule positions: where the sound begins, and the furthest that a page says it has come. */
  #from: number | undefined
  #to = 0

  constructor(serial: number, codec: OggCodec) {
    this.serial = serial
    this.#codec = codec
  }

  take(page: OggPage): void {
    let samples = 0
    let isHeard = false
    for (const { piece, isEnd } of page.pieces()) {
      this.#begun.push(piece)
      if (!isEnd) continue
      isHeard ||= this.#clock !== undefined
      samples += this.#complete(this.#begun)
      this.#begun = []
    }
    this.#hasEnded ||= page.isLast
    if (isHeard) this.#advance(samples, page.granule)
  }

  #advance(samples: number, granule: number | undefined): void {
    this.#samples += samples
    this.#samplesOfLastPage = samples
    if (granule === undefined) return
    // A page's granule position is that of its end. (RFC 7845, section 4.3: it may begin later than at 0.)
    this.#from ??= Math.max(0, granule - samples)
    this.#to = Math.max(this.#to, granule)
  }

  /** @returns the samples that a complete packet adds */
  #complete(pieces: readonly Bytes[]): number {
    const [first] = pieces
    if (first === undefined) return 0
    // Its first bytes tell how long it sounds.
    if (this.#clock !== undefined) return this.#clock.samples(first)
    this.#headers.push(pieces.length === 1 ? first : Bytes.joined(pieces))
    if (this.#headers.length === this.#codec.headers) this.#clock = this.#codec.clock(this.#headers)
    return 0
  }

  /** @throws HonzikError "is cut off" without a page that says it is the last, as RFC 3533, section 4, wants it */
  seconds(): number {
    const [identification] = this.#headers
    if (!this.#hasEnded || this.#begun.length > 0) throw cutOff()
    if (this.#clock === undefined || identification === undefined) throw noSound()
    const granules = this.#to - (this.#from ?? 0)
    // The granule position may trim the end within the last page. Where it claims less, the packets are believed;
    // where it claims more, packets are missing, and players keep their place.
    const samples = Math.max(granules, this.#samples - this.#samplesOfLastPage)
    return (samples - this.#codec.preSkip(identification)) / this.#clock.rate
  }
}
