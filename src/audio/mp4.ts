import type { Bytes } from './bytes.ts'
import { boxes } from './mp4-box.ts'
import { fragmentsOf, type Mp4Fragment } from './mp4-fragment.ts'
import { type Mp4Track, soundTrackOf } from './mp4-track.ts'
import { cutOff, damaged, notAudio } from './refusals.ts'

/** Packets that an encoder may have added at both ends together; a header that hides more would hide sound. */
const MAX_PADDING_PACKETS = 3

/**
 * The seconds of sound in an MP4 file with AAC (ISO/IEC 14496-12), whole or in fragments: its packets, each of as many
 * samples as AAC says, or the time that its tables give them, whichever is more; less the encoder's delay and padding
 * as an edit list tells them. A recording in fragments that was cut off exactly between two of them cannot be told from
 * a whole one.
 */
export function measureMp4(file: Bytes): number {
  // QuickTime's own films: much alike, and not what is asked for.
  if (file.has(8, 'qt  ')) throw notAudio()
  let recording: Mp4Recording | undefined
  let mediaBytes = 0
  for (const { type, body } of boxes(file)) {
    if (type === 'mdat') mediaBytes += body.end - body.start
    if (type === 'moov') {
      if (recording !== undefined) throw damaged()
      recording = new Mp4Recording(soundTrackOf(body))
    }
    if (type === 'moof') {
      if (recording === undefined) throw damaged()
      recording.takeFragment(body)
    }
  }
  // Most writers put the tables behind the sound, and all put a fragment's before its own.
  if (recording === undefined || recording.bytes > mediaBytes) throw cutOff()
  return recording.seconds()
}

class Mp4Recording {
  readonly #track: Mp4Track
  #packets: number
  #bytes: number
  /** Ticks: of all packets, where the first fragment begins, and where the last has come to. */
  #ticks: number
  #from = 0
  #to: number

  constructor(track: Mp4Track) {
    this.#track = track
    this.#packets = track.packets.count
    this.#bytes = track.packets.bytes
    this.#ticks = track.packets.ticks
    this.#to = track.packets.ticks
  }

  /** What the packets take, all together. */
  get bytes(): number {
    return this.#bytes
  }

  takeFragment(moof: Bytes): void {
    for (const fragment of fragmentsOf(moof, this.#track)) this.#take(fragment)
  }

  #take({ count, ticks, bytes, from = this.#to }: Mp4Fragment): void {
    if (this.#packets === 0) this.#from = from
    this.#packets += count
    this.#bytes += bytes
    this.#ticks += ticks
    this.#to = Math.max(this.#to, from + ticks)
  }

  seconds(): number {
    if (this.#packets === 0) return 0
    const { aac, timescale, edit } = this.#track
    const packet = aac.samplesPerPacket / aac.sampleRate
    const listed = Math.max(this.#ticks, this.#to - this.#from) / timescale
    const measured = Math.max(this.#packets * packet, listed)
    // AAC's packets overlap, so no encoder can do without a packet's length of delay (ISO/IEC 14496-3, section 4).
    const claimed = edit?.seconds || listed - (edit?.skipped ?? packet)
    return measured - Math.min(Math.max(measured - claimed, 0), MAX_PADDING_PACKETS * packet)
  }
}
