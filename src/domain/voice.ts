import type { Timestamp } from './calendar.ts'
import type { AudioFormat } from './recording.ts'

/** What a learner said. */
export interface Recording {
  readonly format: AudioFormat
  /** SHA-256 of the audio in lower-case hexadecimal. */
  readonly digest: string
  readonly durationMs: number
  readonly audio: Buffer
}

/** Where a speech is, for whoever has the link, and until when. */
export interface AudioLink {
  /** Relative to the server's address. */
  readonly url: string
  readonly expiresAt: Timestamp
}

/** What is known of a speech without hearing it. */
export interface SpeechFacts {
  readonly format: AudioFormat
  readonly bytes: number
}

/** What a text of the tutor's sounds like. */
export interface Speech {
  readonly format: AudioFormat
  readonly audio: Buffer
  /** Under which it is remembered for whoever wants the same; null where it is not. */
  readonly fingerprint: string | null
}
