import type { Bytes } from './bytes.ts'
import { type EbmlElement, elements, uintOf } from './ebml.ts'
import { cutOff, damaged, notAudio } from './refusals.ts'
import { blockOf } from './webm-block.ts'
import { type SoundTrack, WebmTracks } from './webm-tracks.ts'

/** Elements of Matroska (RFC 9559, section 5), by the names that it gives them. */
const ID = {
  EBML: 0x1a45dfa3,
  DocType: 0x4282,
  Segment: 0x18538067,
  Info: 0x1549a966,
  TimestampScale: 0x2ad7b1,
  Tracks: 0x1654ae6b,
  TrackEntry: 0xae,
  Cluster: 0x1f43b675,
  Timestamp: 0xe7,
  SimpleBlock: 0xa3,
  BlockGroup: 0xa0,
  Block: 0xa1,
  DiscardPadding: 0x75a2,
} as const

const ENTERED = new Set<number>([ID.EBML, ID.Segment, ID.Info, ID.Tracks, ID.TrackEntry, ID.Cluster, ID.BlockGroup])
/** A browser's recorder writes as it hears, and never goes back to fill a size in. */
const ENDLESS = new Set<number>([ID.Segment, ID.Cluster])

/**
 * The seconds of sound in a WebM file (RFC 9559) with Opus or Vorbis: the length of its packets or, where that is more,
 * the time from its first block to the end of its last. What the header says of it is not even read: browsers'
 * recorders leave it out. A recording of theirs (sizes unknown, no index) that was cut off exactly between two blocks
 * cannot be told from a whole one.
 */
export function measureWebm(file: Bytes): number {
  const recording = new WebmRecording(file)
  for (const element of elements(file, ENTERED, ENDLESS)) recording.take(element)
  return recording.seconds()
}

class WebmRecording {
  readonly #file: Bytes
  readonly #tracks: WebmTracks
  #hasBegun = false
  #isWebm = false
  #hasSegment = false
  /** Nanoseconds of one tick. */
  #scale = 1_000_000
  #clusterTicks = 0
  /** Seconds, as the blocks' times say. */
  #from = Number.POSITIVE_INFINITY
  #to = Number.NEGATIVE_INFINITY
  /** Seconds, as the packets themselves say. */
  #heard = 0
  #lastBlock = 0
  #discarded = 0

  constructor(file: Bytes) {
    this.#file = file
    this.#tracks = new WebmTracks(file)
  }

  take({ id, body }: EbmlElement): void {
    if (id === ID.SimpleBlock || id === ID.Block) this.#takeBlock(body)
    else if (id === ID.Timestamp) this.#clusterTicks = uintOf(body, this.#file)
    else if (id === ID.DiscardPadding) this.#discarded = uintOf(body, this.#file) / 1e9
    else if (id === ID.TimestampScale) this.#scale = uintOf(body, this.#file)
    else if (id === ID.EBML) this.#begin()
    else if (id === ID.DocType) this.#isWebm = body.has(body.start, 'webm')
    else if (id === ID.Segment) this.#enterSegment()
    else this.#tracks.take(id, body)
  }

  #begin(): void {
    // Two recordings, one after the other, are no recording.
    if (this.#hasBegun) throw damaged()
    this.#hasBegun = true
  }

  #enterSegment(): void {
    if (!this.#isWebm) throw notAudio()
    this.#hasSegment = true
  }

  #takeBlock(body: Bytes): void {
    const { number, clock } = this.#sound()
    const { track, ticks, packets } = blockOf(body)
    if (track !== number) return
    let samples = 0
    for (const packet of packets) samples += clock.samples(packet)
    this.#lastBlock = samples / clock.rate
    this.#discarded = 0
    this.#heard += this.#lastBlock
    const at = ((this.#clusterTicks + ticks) * this.#scale) / 1e9
    this.#from = Math.min(this.#from, at)
    this.#to = Math.max(this.#to, at + this.#lastBlock)
  }

  #sound(): SoundTrack {
    if (!this.#hasSegment) throw damaged()
    return this.#tracks.sound()
  }

  seconds(): number {
    // The header alone, without what it is the header of.
    if (!this.#hasSegment) throw cutOff()
    const { codecDelay } = this.#sound()
    // Padding is discarded from the last block, so there is no more of it; a negative one comes as a huge number.
    const discarded = this.#discarded <= this.#lastBlock ? this.#discarded : 0
    return Math.max(this.#heard, this.#to - this.#from) - codecDelay - discarded
  }
}
