import { AUDIO_FORMATS, type AudioFormat, RECORDING_MAX_BYTES, RECORDING_MAX_SECONDS } from '../domain/recording.ts'
import { Bytes } from './bytes.ts'
import { measureMp3 } from './mp3.ts'
import { measureMp4 } from './mp4.ts'
import { measureOgg } from './ogg.ts'
import { empty, noSound, notAudio, tooLarge, tooLong } from './refusals.ts'
import { measureWav } from './wav.ts'
import { measureWebm } from './webm.ts'

/** What a recording is, as its bytes alone tell. */
export interface InspectedAudio {
  readonly format: AudioFormat
  /** Seconds that will be heard, from 0.1 to 60. */
  readonly durationSeconds: number
}

/**
 * How much longer than the limit a recording may measure, in seconds. Encoders work in whole frames, begin with a
 * delay and fill the last frame up; not all of them say by how much, so a minute of speech may measure up to about
 * 50 ms more. What is over the limit by so little is taken for such padding, and not counted.
 */
const PADDING_SECONDS = 0.05

/** Less than any sound of speech lasts. */
const MIN_SECONDS = 0.1

interface Container {
  /** Whether a file is of this kind or, as far as it goes, could become one; then `seconds` tells what it lacks. */
  begins(file: Bytes): boolean
  /** @throws HonzikError when it is no whole recording of this kind */
  seconds(file: Bytes): number
}

const CONTAINERS: Record<AudioFormat, Container> = {
  OGG: { begins: (file) => file.mayHave(0, 'OggS'), seconds: measureOgg },
  MP3: { begins: (file) => file.mayHave(0, 'ID3') || beginsFrame(file), seconds: measureMp3 },
  MP4: { begins: (file) => file.mayHave(4, 'ftyp'), seconds: measureMp4 },
  WAV: { begins: (file) => file.mayHave(0, 'RIFF') && (file.end <= 8 || file.mayHave(8, 'WAVE')), seconds: measureWav },
  WEBM: { begins: (file) => file.mayHave(0, '\x1a\x45\xdf\xa3'), seconds: measureWebm },
}

/** Eleven bits of sync and layer III; what is one byte long can only promise it. */
const beginsFrame = (file: Bytes): boolean => file.u8(0) === 0xff && (file.end === 1 || (file.u8(1) & 0xe6) === 0xe2)

/**
 * Tells what an uploaded recording is and how long it sounds. No name, content type or duration in a header is
 * believed: the container is walked from end to end, and its packets are counted. Takes time in proportion to the size,
 * all of it at once: a few tenths of a millisecond for a minute of speech.
 * @throws HonzikError BAD_USER_INPUT naming `audio` for what is empty, cut off, damaged, silent (under 0.1 s), too long
 *   (over 60 s), has video or is no recording of an accepted kind; PAYLOAD_TOO_LARGE naming `audio` over 5 MB
 */
export async function inspectAudio(bytes: Uint8Array): Promise<InspectedAudio> {
  if (bytes.length === 0) throw empty()
  if (bytes.length > RECORDING_MAX_BYTES) throw tooLarge()
  const file = Bytes.of(bytes)
  const format = AUDIO_FORMATS.find((name) => CONTAINERS[name].begins(file))
  if (format === undefined) throw notAudio()
  const seconds = CONTAINERS[format].seconds(file)
  if (seconds > RECORDING_MAX_SECONDS + PADDING_SECONDS) throw tooLong()
  // A negation, so that what is no number at all is refused too.
  if (!(seconds >= MIN_SECONDS)) throw noSound()
  return { format, durationSeconds: Math.min(seconds, RECORDING_MAX_SECONDS) }
}
